/** The server as a program on a real terminal. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { AT_FIRST } from '../../../e2e/harness/emulator.ts';
import { Typist } from '../../../e2e/harness/typist.ts';
import { until } from '../../../e2e/harness/wait.ts';

const PROGRAM = fileURLToPath(new URL('./serve.ts', import.meta.url));
/** Milliseconds. Real processes, on a machine that may be busy. */
const WITHIN_MS = 30_000;

function serve(term: string, fault?: string): Typist {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-dashboard-'));
  const server = new Typist({
    command: [process.execPath, PROGRAM, join(folder, 'data'), ...(fault === undefined ? [] : [fault])],
    env: { PATH: process.env.PATH ?? '', HOME: folder, TZ: 'UTC', LC_ALL: 'C.UTF-8', TERM: term },
    cwd: folder,
  });
  onTestFinished(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  return server;
}

/** Once it listens, and takes commands. */
const READY = /listening on 127[^]*operator> [^]*\^C stop/;

test('Ctrl-C twice takes leave, and leaves the terminal as it was', { timeout: WITHIN_MS }, async () => {
  const server = serve('xterm-256color');
  await server.waitFor(READY);
  expect(server.modes.screen).toBe('alternate');
  server.press('ctrl-c');
  await server.waitFor('Stop the server? Nobody is here.');
  server.press('ctrl-c');
  expect(await server.ended()).toEqual({ status: 0, signal: undefined });
  expect(server.modes).toEqual(AT_FIRST);
  expect(server.screen().join('\n').trim()).toMatch(/^\d\d:\d\d:\d\d stopping: SIGINT\n[^]*\d\d:\d\d:\d\d stopped$/);
});

test('commands are carried out, and /stop leaves the terminal as it was', { timeout: WITHIN_MS }, async () => {
  const server = serve('xterm-256color');
  await server.waitFor(READY);
  server.say('/kick nobody');
  await server.waitFor('│         ! nobody is not here (no_such_user)');
  server.paste('/ban uid 61009 1h\nspam');
  await server.waitFor('operator> /ban uid 61009 1h spam');
  server.press('enter');
  await server.waitFor('ban uid 61009 for 1 h: spam');
  await server.waitFor('uid 61009 is banned for 1 h');
  server.say('/stop');
  expect(await server.ended()).toEqual({ status: 0, signal: undefined });
  expect(server.modes).toEqual(AT_FIRST);
});

test.each([
  ['SIGTERM', 0, undefined],
  ['SIGQUIT', undefined, 3],
] as const)('%s leaves the terminal as it was', { timeout: WITHIN_MS }, async (name, status, signal) => {
  const server = serve('screen');
  await server.waitFor(READY);
  server.kill(name);
  expect(await server.ended()).toEqual({ status, signal });
  expect(server.modes).toEqual(AT_FIRST);
});

test('a fault leaves the terminal as it was, and its words on it', { timeout: WITHIN_MS }, async () => {
  const server = serve('tmux-256color', 'planted');
  await server.waitFor(READY);
  expect(await server.ended()).toEqual({ status: 1, signal: undefined });
  expect(server.modes).toEqual(AT_FIRST);
  await until(
    () => (server.screen().join('\n').includes('! fault, the server ends: Error: planted') ? true : undefined),
    () => server.screen().join('\n'),
  );
});

test('a terminal that it does not know gets lines, and is told why', { timeout: WITHIN_MS }, async () => {
  const server = serve('dumb');
  await server.waitFor('listening on 127.0.0.1');
  expect(server.screen().join('')).toContain('lines instead of the dashboard');
  expect(server.modes).toEqual(AT_FIRST);
  server.press('ctrl-c');
  expect(await server.ended()).toEqual({ status: 0, signal: undefined });
});
