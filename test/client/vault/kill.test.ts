import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { BOB, device, group } from '../../peer/vault-conformance.ts';
import { useHome } from './folder.ts';

const home = useHome();
const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url));

/** Runs the writer, and kills it with -9 some microseconds after it has said so many lines; what it has said. */
async function writeAndKill(run: number, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, home.folder, `${run}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    said += chunk;
    if (said.split('\n').length <= lines) return;
    // Anywhere in what comes next.
    const until = performance.now() + Math.random() * 4;
    while (performance.now() < until);
    child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  // The last line may be cut.
  return said.split('\n').slice(0, -1);
}

test('what has returned is there after kill -9, in order, nothing by halves, and nobody is in the way', async () => {
  const appended: string[] = [];
  for (const run of [1, 2, 3, 4]) {
    const said = await writeAndKill(run, 20 + run * 7);
    appended.push(...said.filter((line) => line.startsWith('log ')).map((line) => line.slice('log '.length)));
    const committed = said.findLast((line) => line.startsWith('commit '))?.slice('commit '.length);

    const vault = home.open();
    const { records, damaged, more } = vault.log.page(BOB, undefined, 100_000);
    expect([damaged, more]).toEqual([0, false]);
    const names = records.map(({ text }) => text.split(' ')[0] ?? '');
    expect(new Set(names).size).toBe(names.length);
    const there = new Set(names);
    expect(appended.filter((name) => !there.has(name))).toEqual([]);
    // At most one a run has been written without its being said.
    expect(names.length - appended.length).toBeLessThanOrEqual(run);
    expect(records.map(({ at }) => at)).toEqual(records.map((_, i) => i));

    const saved = vault.session(group(1));
    expect(saved?.used).toBeGreaterThanOrEqual(Number(committed));
    expect(saved?.used).toBeLessThanOrEqual(Number(committed) + 1);
    expect(vault.pins(BOB)).toMatchObject([{ device: device(1), since: saved?.used }]);
    expect(
      Buffer.from(saved?.state ?? [])
        .toString()
        .trim(),
    ).toBe(`${run}-${Number(saved?.used) - run * 1_000_000}`);
    vault.close();
  }
}, 30_000);
