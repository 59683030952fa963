/** What the operator types on the dashboard, and what comes of it. */
import { afterEach, expect, test } from 'vitest';
import type { UserName } from '../../../../src/base/ids.ts';
import { type Dashboard, openDashboard } from '../../../../src/server/console/dashboard/dashboard.ts';
import { FakeTerminal } from './fake-terminal.ts';
import { NOW, STARTED, said, snapshotOf } from './scene.ts';

const open: Dashboard[] = [];

afterEach(() => {
  for (const dashboard of open.splice(0)) dashboard.close();
});

/** A dashboard that takes commands; `answer` gets each of them. */
async function operate(
  answer: (line: string) => readonly string[] | Promise<readonly string[]>,
  columns = 80,
  rows = 24,
) {
  const terminal = new FakeTerminal(columns, rows);
  let stops = 0;
  const opened = await openDashboard({
    input: terminal.input,
    output: terminal.output,
    env: { TERM: 'screen', LC_ALL: 'C.UTF-8' },
    clock: { now: () => NOW, monotonic: () => performance.now() },
    stop: () => {
      stops += 1;
    },
  });
  if (!opened.ok) throw new Error(opened.error.text);
  const dashboard = opened.value;
  open.push(dashboard);
  const typed: string[] = [];
  dashboard.show(STARTED, NOW);
  dashboard.watch(() => snapshotOf([], [], { locked: 1 }));
  dashboard.operate({
    words: ['/who', '/kick', '/ban', '/bans', '/help'],
    run: async (line) => {
      typed.push(line);
      return await answer(line);
    },
  });
  await terminal.until((text) => text.includes('operator>'));
  return { terminal, dashboard, typed, stops: () => stops };
}

/** The screen's last row, and where the cursor is. */
async function row(terminal: FakeTerminal): Promise<string> {
  const last = (await terminal.text()).split('\n').at(-1) ?? '';
  const { cursorX, cursorY } = terminal.xterm.buffer.active;
  return cursorY === terminal.xterm.rows - 1 ? `${last.slice(0, cursorX)}|${last.slice(cursorX)}` : last;
}

/** The log's rows, without their border and the blanks behind. */
const logOf = (text: string): string[] => {
  const lines = text.split('\n');
  const top = lines.findIndex((line) => line.startsWith('┌─ ▸ log'));
  return lines.slice(top + 1, -2).map((line) => line.slice(1, -1).trimEnd());
};

const KEYS = 'F1 help  ^C stop';
/** While nothing is being written. */
const MORE_KEYS = `F2 people  F3 rooms  F4 connections  F5 log  ${KEYS}`;

test.each([
  [80, 24],
  [160, 48],
])('at %ix%i the line stands at the bottom, and locked sources among the health', async (columns, rows) => {
  const { terminal } = await operate(() => [], columns, rows);
  terminal.type('/announce restart at noon');
  const text = await terminal.until((now) => now.includes('noon'));
  expect(text.split('\n').at(-1)).toBe(` operator> /announce restart at noon${KEYS.padStart(columns - 37)}`);
  expect(text).toMatch(/refused +0 +locked +1│/);
  expect(await row(terminal)).toContain('at noon|');
});

test('a command is carried out, and its answer stands in the log below it', async () => {
  const { terminal, dashboard, typed } = await operate((line) => [`did ${line}`, '! and not more (no_such_user)']);
  terminal.type('/kick bob\r');
  await terminal.until((now) => now.includes('no_such_user'));
  const kick = { kind: 'audit', by: 'root' as UserName, action: 'kick', target: 'bob', detail: 'spam' } as const;
  dashboard.show(kick, NOW);
  dashboard.show({ kind: 'registered', user: 'erin' as UserName, from: '10.0.0.7' }, NOW);
  const text = await terminal.until((now) => now.includes('erin'));
  expect(typed).toEqual(['/kick bob']);
  expect(logOf(text).slice(-5)).toEqual([
    '09:16:00 operator> /kick bob',
    '         did /kick bob',
    '         ! and not more (no_such_user)',
    '09:16:00 * root: kick bob spam',
    '09:16:00 * erin  10.0.0.7, a new account',
  ]);
  expect(await row(terminal)).toBe(` operator> |${MORE_KEYS.padStart(80 - 12)}`);
});

test('the line is edited where its cursor stands, and what was typed comes back', async () => {
  const { terminal, typed } = await operate(() => []);
  terminal.type('/kik bob\x1b[D\x1b[D\x1b[D\x1b[D\x1b[Dc\x05\x17alice');
  await terminal.until((text) => text.includes('/kick alice'));
  expect(await row(terminal)).toContain(' operator> /kick alice|');
  terminal.type('\x01\x1b[C');
  await expect.poll(() => row(terminal)).toContain(' operator> /|kick alice');
  terminal.type('\r/who\r/x');
  await expect.poll(() => typed).toEqual(['/kick alice', '/who']);
  terminal.type('\x1b[A\x1bOA');
  await expect.poll(() => row(terminal)).toContain(' operator> /kick alice|');
  terminal.type('\x1b[B\x1b[B');
  await expect.poll(() => row(terminal)).toContain(' operator> /x|');
  terminal.type('\x15q?');
  await expect.poll(() => row(terminal)).toContain(' operator> q?|');
});

test('Tab completes a command, and lists those that fit', async () => {
  const { terminal } = await operate(() => []);
  terminal.type('/k\tbob');
  await expect.poll(() => row(terminal)).toContain(' operator> /kick bob|');
  terminal.type('\x15/b\t\t');
  const text = await terminal.until((now) => now.includes('/bans'));
  expect(logOf(text)).toContain('         /ban  /bans');
  expect(await row(terminal)).toContain(' operator> /ban|');
});

test('Ctrl-C clears what is typed, then asks, then stops', async () => {
  const { terminal, stops } = await operate(() => []);
  terminal.type('/kick\x03');
  await terminal.until((text) => !text.includes('/kick'));
  terminal.type('\x03');
  await terminal.until((text) => text.includes('Stop the server? Nobody is here.'));
  terminal.type('q');
  await expect.poll(() => row(terminal)).toContain(' operator> |');
  terminal.type('\x03');
  await terminal.until((text) => text.includes('Stop the server?'));
  expect(stops()).toBe(0);
  terminal.type('\x03');
  await expect.poll(stops).toBe(1);
});

test('a paste of many lines runs nothing before Enter', async () => {
  const { terminal, typed } = await operate(() => []);
  terminal.type('\x1b[200~/who\r/kick bob\r\x1b[201~');
  await expect.poll(() => row(terminal)).toContain(' operator> /who /kick bob |');
  expect(typed).toEqual([]);
  expect(terminal.xterm.modes.bracketedPasteMode).toBe(true);
});

test('the log scrolls while a command is being written, and goes to its end with the command', async () => {
  const { terminal, dashboard } = await operate(() => ['carol']);
  for (let i = 1; i <= 40; i += 1) dashboard.show(said('bob', `line ${i}.`, i), NOW);
  terminal.type('/who');
  await terminal.until((text) => text.includes('line 40.') && text.includes('/who'));
  terminal.type('\x1b[5~');
  const up = await terminal.until((text) => text.includes('newer below') && text.includes('line 35.'));
  expect(up).not.toContain('End goes there');
  expect(await row(terminal)).toContain(' operator> /who|');
  terminal.type('\r');
  const end = await terminal.until((text) => text.includes('carol'));
  expect(end).not.toContain('newer below');
});

test('answers are bounded and harmless, whoever wrote what is in them', async () => {
  const { terminal } = await operate(() => [
    ...Array.from({ length: 5000 }, (_, i) => `old ${i}`),
    'x'.repeat(100_000),
    '\x1b[2J\x1b]0;title\x07\u202eevil\nnew line',
    'the end',
  ]);
  terminal.type('/who\r');
  const text = await terminal.until((now) => now.includes('the end'));
  for (const line of text.split('\n').slice(1, -1)) expect(line).toMatch(/^[│┌└].*[│┐┘]$/u);
  expect(text).toContain('evil new line');
  expect(terminal.output.written).not.toContain('\x1b]');
  terminal.type('\x1b[H');
  await terminal.until((now) => now.includes('old 3') && !now.includes('operator> /who'));
});

test('what is being written is shown as harmless text too, in its own row', async () => {
  const { terminal } = await operate(() => []);
  terminal.type(`\x1b[200~你好 👩‍👩‍👧‍👦 e\u0301\u202e\x1b[31m${'wide 世界'.repeat(30)}\x1b[201~`);
  const text = await terminal.until((now) => now.includes('operator> …'));
  expect(text.split('\n')).toHaveLength(24);
  for (const line of text.split('\n').slice(1, -1)) expect(line).toMatch(/^[│┌└].*[│┐┘]$/u);
  terminal.type('\x01');
  await terminal.until((now) => now.includes('operator> 你好'));
  expect(terminal.output.written).not.toContain('\x1b[31m');
});

test('a command that cannot be carried out says so, and the next one is', async () => {
  const { terminal } = await operate((line) =>
    line === '/who' ? Promise.reject(new Error('the disk is gone')) : ['all is well'],
  );
  terminal.type('/who\r');
  await terminal.until((text) => text.includes('! the disk is gone'));
  terminal.type('/bans\r');
  await terminal.until((text) => text.includes('all is well'));
});

test('F1 lists the commands, and hides the cursor', async () => {
  const { terminal } = await operate(() => []);
  terminal.type('/k\x1bOP');
  const first = await terminal.until((now) => now.includes('help 1 of 2'));
  expect(first).toMatch(/F2 F3 F4 F5 +people, rooms, connections, the log/);
  expect(first).toContain('F1: more.  Any other key closes this.');
  terminal.type('\x1bOP');
  const text = await terminal.until((now) => now.includes('Any key closes this.'));
  expect(text).toContain('/who /kick /ban /bans /help /filter');
  expect(text).toContain('/help says what the commands do');
  expect(terminal.output.written.lastIndexOf('\x1b[?25l')).toBeGreaterThan(
    terminal.output.written.lastIndexOf('\x1b[?25h'),
  );
  terminal.type('x');
  await terminal.until((now) => !now.includes('Any key closes this.'));
  expect(await row(terminal)).toContain(' operator> /k|');
});

test('a stopping server takes no more commands', async () => {
  const { terminal, dashboard, typed } = await operate(() => []);
  dashboard.show({ kind: 'stopping', why: 'SIGTERM' }, NOW);
  await terminal.until((text) => text.includes('stopping (SIGTERM)'));
  terminal.type('/who\r');
  terminal.type('\x1bOP');
  await terminal.until((text) => text.includes('help 1 of 2'));
  expect(typed).toEqual([]);
});

test('the line keeps its text and its place when the terminal changes its size', async () => {
  const { terminal } = await operate(() => []);
  terminal.type('/kick bob');
  for (const [columns, rows] of [
    [160, 48],
    [30, 8],
    [80, 24],
  ] as const) {
    terminal.resize(columns, rows);
    await expect.poll(() => row(terminal)).toContain(' operator> /kick bob|');
  }
});
