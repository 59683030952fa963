import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Seq } from '../../../src/base/ids.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite/open.ts';

const APPENDER = fileURLToPath(new URL('./appender.ts', import.meta.url));
const CHANGER = fileURLToPath(new URL('./changer.ts', import.meta.url));
const HANDFUL = 8;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uchat-kill-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs a program on the folder and kills it with -9 once it has said `lines` lines; what it has said. */
async function runAndKill(program: string, args: readonly string[], lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [program, folder, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  let seen = 0;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    said += chunk;
    seen += chunk.split('\n').length - 1;
    if (seen >= lines) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  // The last line may be cut.
  return said.split('\n').slice(0, -1);
}

async function readAll(): Promise<string[]> {
  const store = await openSqliteStore({ folder, durability: 'full' });
  const found: string[] = [];
  for (let more = true; more; ) {
    const page = await store.history(LOBBY, { kind: 'since', seq: found.length as Seq }, 200, 1_000_000);
    for (const { seq, text } of page.messages) {
      // Gap-free: each has the place after the one before.
      expect(seq).toBe(found.length + 1);
      found.push(`${seq} ${text}`);
    }
    more = page.more;
  }
  expect((await store.rooms())[0]?.last).toBe(found.length);
  await store.close();
  return found;
}

test.each(['full', 'process'] as const)(
  'what was resolved is there after kill -9, once, without a gap, and nothing by halves (%s)',
  async (durability) => {
    const said: string[] = [];
    // The next process finds what the last one's death left, and nobody in its way.
    for (const [run, lines] of [1, 700, 1501].entries())
      said.push(...(await runAndKill(APPENDER, [durability, `${run}`], lines)));
    expect(said.length).toBeGreaterThan(2000);
    const found = await readAll();
    const places = new Set(found);
    expect(said.filter((line) => !places.has(line))).toEqual([]);
    const texts = found.map((line) => line.split(' ')[1] ?? '');
    expect(new Set(texts).size).toBe(texts.length);
    const handfuls = Map.groupBy(texts, (text) => text.slice(0, text.lastIndexOf(':')));
    expect([...handfuls.values()].filter((handful) => handful.length !== HANDFUL)).toEqual([]);
  },
  30_000,
);

test('what was changed is so after kill -9, and a search finds what is there and nothing else', async () => {
  const said = new Map<number, string>();
  const everything: (readonly [number, string])[] = [];
  // At any point: also while a slice is put into the index, and between that and a change of what is in it.
  for (const [run, lines] of [1, 150, 777, 1204].entries())
    for (const line of await runAndKill(CHANGER, [`${run}`], lines)) {
      const at = line.indexOf(' ');
      const [seq, text] = [Number(line.slice(0, at)), line.slice(at + 1)];
      said.set(seq, text);
      everything.push([seq, text]);
    }
  const store = await openSqliteStore({ folder, durability: 'process' });
  const found = async (phrase: string): Promise<number[]> => {
    const answer = await store.search({
      rooms: [LOBBY],
      phrases: [phrase],
      prefix: false,
      limit: 50,
      maxBytes: 100_000,
    });
    return answer === 'busy' ? [] : answer.messages.map(({ seq }) => seq);
  };
  const there = new Map<number, string>();
  for (let more = true; more; ) {
    const page = await store.history(LOBBY, { kind: 'since', seq: there.size as Seq }, 200, 1_000_000);
    for (const { seq, text } of page.messages) there.set(seq, text);
    more = page.more;
  }
  // The last change of each run may be stored though nobody was told.
  const untold = [...there].filter(([seq, text]) => said.has(seq) && said.get(seq) !== text);
  expect(untold.length).toBeLessThanOrEqual(4 * 3);
  for (const [seq, text] of there) if (text !== '') expect(await found(text)).toEqual([seq]);
  // What a message was before it was edited or deleted.
  const former = everything.filter(([seq, text]) => text !== '' && there.get(seq) !== text);
  expect(former.length).toBeGreaterThan(100);
  for (const [, text] of former) expect(await found(text)).toEqual([]);
  for (const [seq, text] of there)
    if (text === '') expect(said.get(seq) === '' || untold.some(([other]) => other === seq)).toBe(true);
  await store.close();
}, 60_000);
