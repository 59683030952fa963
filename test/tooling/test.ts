/** Runs vitest with the arguments given, and closes with one plain line that scripts can read: `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { closingLine } from './closing-line.ts';

const ROOT = dirname(dirname(import.meta.dirname));

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Vitest died before it wrote one: its exit status says so.
    return undefined;
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'uchat-test-'));
const result = join(scratch, 'result.json');
const { status } = spawnSync(
  process.execPath,
  [
    join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${result}`,
    ...process.argv.slice(2),
  ],
  {
    cwd: ROOT,
    stdio: 'inherit',
    // A store's thread is started hundreds of times, and would be compiled anew each time: half of its start.
    env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'uchat-tests') },
  },
);
const closing = closingLine(status, read(result));
rmSync(scratch, { recursive: true });
for (const line of closing.lines) console.log(line);
process.exitCode = closing.exitCode;
