/** A real server on a real terminal, and somebody who types there. */
import { spawn } from '@lydell/node-pty';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../running.ts';

const PROGRAM = new URL('../../../src/cli.ts', import.meta.url).pathname;

test('commands typed at the server’s terminal are carried out, and /stop stops it in good order', async () => {
  const data = temporaryFolder();
  const child = spawn(process.execPath, [PROGRAM, '--serve', '--port', '0', '--data', data], {
    cols: 120,
    rows: 40,
    // It can't show a dashboard.
    env: { PATH: process.env.PATH ?? '', HOME: data, TERM: 'dumb', LC_ALL: 'C.UTF-8' },
  });
  let shown = '';
  let status: number | undefined;
  child.onData((text) => {
    shown += text;
  });
  child.onExit(({ exitCode }) => {
    status = exitCode;
  });
  onTestFinished(() => {
    if (status === undefined) child.kill('SIGKILL');
  });
  const wait = { timeout: 20_000 };
  await expect.poll(() => shown, wait).toContain('operator> ');
  child.write('/kick nobody\r');
  await expect.poll(() => shown, wait).toContain('! nobody is not here (no_such_user)');
  child.write('/ban uid 61009 1h spam\r');
  await expect.poll(() => shown, wait).toContain('uid 61009 is banned for 1 h');
  expect(shown).toContain('ban uid 61009 for 1 h: spam');
  child.write('/stop\r');
  await expect.poll(() => status, wait).toBe(0);
  expect(shown).toContain('stopped');
}, 40_000);
