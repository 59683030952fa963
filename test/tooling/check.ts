/** Runs every `check:*` script of package.json at once, and shows what the failing ones said. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const ROOT = dirname(dirname(import.meta.dirname));
const PREFIX = 'check:';
/** One colour, and only for people. */
const red = (text: string): string => (process.stderr.isTTY ? `\u001B[31m${text}\u001B[39m` : text);

function scripts(): [name: string, command: string][] {
  const { scripts: all }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  return Object.entries(all).filter(([name]) => name.startsWith(PREFIX));
}

/** Resolves to whether it went well. Run without npm in between, which would cost more than some of the checks. */
async function run(name: string, command: string): Promise<boolean> {
  const started = performance.now();
  const bin = join(ROOT, 'node_modules', '.bin');
  const child = spawn(command, {
    cwd: ROOT,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('close', resolve);
  const ok = (await promise) === 0;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (ok) console.log(`${name} ok, ${seconds} s`);
  else
    console.error(`${red(`${name} FAILED`)}, ${seconds} s: ${command}\n${Buffer.concat(output).toString().trim()}\n`);
  return ok;
}

const all = scripts();
const oks = await Promise.all(all.map(([name, command]) => run(name, command)));
const failed = all.map(([name]) => name).filter((_, index) => !oks[index]);
if (failed.length > 0) {
  console.error(red(`check FAILED: ${failed.join(', ')}`));
  process.exitCode = 1;
}
