import { closeSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../../e2e/harness/wait.ts';

/** Times that everything is drawn anew: far more than a terminal takes that nobody reads, some 20 kB. */
const DRAWINGS = 200;
const PROGRAM = fileURLToPath(new URL('./watched.ts', import.meta.url));

let folder = '';
let alive = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uchat-stalled-'));
  alive = join(folder, 'alive');
  closeSync(openSync(alive, 'w'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const signs = (): number => statSync(alive).size;

/** Waits for more signs of life. */
const more = async (count: number): Promise<number> => {
  const before = signs();
  return await until(
    () => (signs() >= before + count ? signs() : undefined),
    () => `the process stands still after ${signs()} signs of life, ${before} before`,
    5000,
  );
};

test('a terminal that takes nothing holds nobody up, and shows what is new once it takes something', async () => {
  const command = `exec "$0" "$1" 2> "$2"`;
  const env = { PATH: process.env.PATH ?? '', TERM: 'screen', LC_ALL: 'C.UTF-8' };
  const terminal = spawn('/bin/sh', ['-c', command, process.execPath, PROGRAM, alive], { cols: 160, rows: 48, env });
  let shown = '';
  let ended = false;
  terminal.onData((data) => {
    shown = (shown + data).slice(-100_000);
  });
  terminal.onExit(() => {
    ended = true;
  });
  try {
    await until(
      () => (shown.includes('alive') ? true : undefined),
      () => `no dashboard:\n${shown}`,
    );
    terminal.pause();
    for (let i = 0; i < DRAWINGS; i += 1) {
      terminal.write('\x0c');
      if (i % 20 === 0) await more(1);
    }
    const before = await more(20);
    shown = '';
    terminal.resume();
    await until(
      () => (Number(/alive (\d+)/.exec(shown.slice(-3000))?.[1] ?? 0) >= before ? true : undefined),
      () => `nothing new:\n${shown.slice(-3000)}`,
    );
    terminal.write('\x03\x03');
    await until(
      () => (ended ? true : undefined),
      () => 'it has not ended',
    );
    expect(shown).toMatch(/\x1b\[\?1049l\x1b\[\?25h/);
  } finally {
    if (!ended) terminal.kill('SIGKILL');
  }
});
