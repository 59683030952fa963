import { afterEach, describe, expect, test } from 'vitest';
import type { UnixMs } from '../../../../src/base/ids.ts';
import { textWidth } from '../../../../src/base/text/width.ts';
import type { Commands } from '../../../../src/server/console/commands.ts';
import { type Dashboard, openDashboard } from '../../../../src/server/console/dashboard/dashboard.ts';
import { createCounts } from '../../../../src/server/core/counts.ts';
import type { Snapshot } from '../../../../src/server/figures/snapshot.ts';
import { FakeTerminal } from './fake-terminal.ts';
import { ago, cameOnline, MINUTE, NOW, person, room, STARTED, said, snapshotOf } from './scene.ts';

const UTF8 = { TERM: 'screen', LC_ALL: 'C.UTF-8' };
const open: Dashboard[] = [];

interface Opened {
  readonly terminal: FakeTerminal;
  readonly dashboard: Dashboard;
  /** How often the operator has asked for the end. */
  readonly stops: () => number;
}

async function openAt(columns: number, rows: number, env: Record<string, string> = UTF8): Promise<Opened> {
  const terminal = new FakeTerminal(columns, rows);
  let stops = 0;
  const opened = await openDashboard({
    input: terminal.input,
    output: terminal.output,
    env,
    clock: { now: () => NOW, monotonic: () => performance.now() },
    stop: () => {
      stops += 1;
    },
  });
  if (!opened.ok) throw new Error(opened.error.text);
  open.push(opened.value);
  return { terminal, dashboard: opened.value, stops: () => stops };
}

afterEach(() => {
  for (const dashboard of open.splice(0)) dashboard.close();
});

const PEOPLE = [
  person('bob', { from: 'uid 1002' }),
  person('carol', { state: 'away', since: ago(3 * MINUTE), from: '10.0.0.7' }),
  person('alice', { since: ago(150 * MINUTE) }),
];
const ROOMS = [
  room('#dev', { members: 2, topic: 'the build' }),
  room('#lobby', { members: 3, here: () => 3, last: 4012 as never }),
];

function play({ dashboard }: Opened): void {
  dashboard.show(STARTED, ago(76 * 60 * MINUTE));
  dashboard.watch(() => snapshotOf(PEOPLE, ROOMS, { connections: 5, outboxMaxBytes: 4096, deliveries: 10 }));
  dashboard.show(cameOnline('dave'), ago(2 * MINUTE));
  dashboard.show(said('carol', '@alice can you look at 4012?'), ago(MINUTE));
}

/** Commands that answer with these lines. */
const commandsThatSay = (...lines: readonly string[]): Commands => ({
  words: ['/ban', '/bans', '/kick', '/who'],
  run: () => Promise.resolve(lines),
});

/** The cells of a line that lie in columns `from` to `to`. */
const linesWith = (text: string, part: string): string[] => text.split('\n').filter((line) => line.includes(part));

describe.each([
  [80, 24],
  [120, 40],
])('at %ix%i', (columns, rows) => {
  test('it shows the server, the people, the rooms, the health, and the log', async () => {
    const opened = await openAt(columns, rows);
    play(opened);
    const text = await opened.terminal.until((now) => now.includes('4012?') && now.includes('alice'));
    const lines = text.split('\n');
    expect(lines).toHaveLength(rows);
    expect(lines[0]).toMatch(
      /^ uchat server {2}127\.0\.0\.1:2428 {2}up 3d 4h {2}2 online 1 away {2}data \S*chat\/data/,
    );
    expect(text).toContain('people  2 online  1 away');
    expect(text).toMatch(/│alice +online +2h +uid 1001 +│/);
    expect(text).toMatch(/│bob +online +11m +uid 1002 +│/);
    expect(text).toMatch(/│carol +away +3m +10\.0\.0\.7 +│/);
    expect(text).toMatch(/loop p50 p99 max +0\.1 ms 1\.2 ms 20 ms│/);
    expect(text).toMatch(/commit p50 p99 max +-│/);
    expect(text).toMatch(/memory +91 MB +heap +34 MB│/);
    expect(text).toMatch(/outbox max +4 kB +batch +-│/);
    expect(text).toMatch(/database +41 MB +wal +4 MB│/);
    expect(text).toMatch(/messages\/s .*deliveries\/s /);
    expect(text).toContain('09:14:00 + dave  uid 1004, host log-in');
    expect(text).toContain('09:15:00 #lobby carol: @alice can you look at 4012?');
    expect(lines.at(-1)).toBe(' F1 help   PgUp PgDn log   ^C stop'.padEnd(columns).trimEnd());
    for (const line of lines.slice(1, -1)) expect(textWidth(line)).toBe(columns);
  });
});

test('who is online stands above who is away', async () => {
  const opened = await openAt(80, 24);
  play(opened);
  const text = await opened.terminal.until((now) => now.includes('carol'));
  expect(text.indexOf('bob')).toBeLessThan(text.indexOf('carol  '));
});

/** More of both with each look. */
function busy(): () => Snapshot {
  const counts = createCounts();
  let looks = 0;
  return () => {
    looks += 1;
    counts.messages = 500 * looks;
    return snapshotOf(PEOPLE, ROOMS, { counts, deliveries: 1500 * looks });
  };
}

test('messages and deliveries a second are counted and drawn, each by its own scale', async () => {
  const { terminal, dashboard } = await openAt(80, 24);
  dashboard.watch(busy());
  const text = await terminal.until((now) => /messages\/s [1-9]\d\d .*deliv\/s 1\d\d\d/.test(now));
  // A line that leaves the ground: a dot in the column before the border, above the axis.
  expect(text.split('\n').slice(2, 6).join('')).toMatch(/[\u2801-\u28ff] ?│/);
  expect(text).not.toContain('undefined');
});

test('without braille the chart is made of ASCII, and so is everything else', async () => {
  const { terminal, dashboard } = await openAt(80, 24, { TERM: 'linux', LC_ALL: 'C' });
  dashboard.watch(busy());
  dashboard.show(said('bob', '你好'), NOW);
  const text = await terminal.until((now) => /messages\/s [1-9]\d\d/.test(now) && now.includes('#|'));
  expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  expect(text).toContain('#lobby bob: ????');
});

describe('what users write', () => {
  test('is shown as text, whatever it holds, and breaks no border', async () => {
    const { terminal, dashboard } = await openAt(80, 24);
    const hostile = [
      '\x1b[2J\x1b[31mred\x1b]0;title\x07',
      '{red-fg}{bold}tags{/}',
      '\u202eright to left',
      '👩‍👩‍👧‍👦 family 👍🏽 thumb',
      'wide 你好世界'.repeat(8),
      'a\nb\r\nc\td',
      '\u{1160}\u{200b}\u{feff}hidden',
      `${'e\u0301'.repeat(200)}`,
    ];
    dashboard.watch(() =>
      snapshotOf(
        PEOPLE,
        hostile.slice(0, 3).map((topic, i) => room(`#r${i}`, { topic })),
      ),
    );
    for (const text of hostile) {
      dashboard.show(said('eve', text), NOW);
      dashboard.show({ kind: 'topic', room: '#lobby' as never, by: 'eve' as never, text }, NOW);
      dashboard.show({ kind: 'refused', who: '10.0.0.9', code: 'server_full', text }, NOW);
      terminal.type('\x1b[F');
      const screen = await terminal.until((now) => now.includes('! 10.0.0.9'));
      for (const line of screen.split('\n').slice(1, -1)) expect(line).toMatch(/^[│┌└].*[│┐┘]$/u);
    }
    terminal.type('\x1bOR\x1bOR');
    await terminal.until((now) => now.includes('▸ rooms') && now.includes('{red-fg}'));
    for (const line of (await terminal.text()).split('\n').slice(1, -1)) expect(line).toMatch(/^[│┌└].*[│┐┘]$/u);
    expect(terminal.output.written).not.toContain('\x1b]');
    expect(terminal.output.written).not.toContain('\x1b[31mred');
  });

  test('cannot be longer than its part of the log', async () => {
    const { terminal, dashboard } = await openAt(80, 24);
    dashboard.show(cameOnline('dave'), NOW);
    dashboard.show(said('eve', 'spam '.repeat(1600)), NOW);
    const text = await terminal.until((now) => now.includes('spam'));
    expect(linesWith(text, 'spam')).toHaveLength(4);
    expect(text).toContain('+ dave');
  });
});

describe('the log', () => {
  test('scrolls by pages, says what is below, and goes back to the end', async () => {
    const { terminal, dashboard } = await openAt(80, 24);
    for (let i = 1; i <= 40; i += 1) dashboard.show(said('bob', `line ${i}.`, i), NOW);
    await terminal.until((now) => now.includes('line 40.'));
    terminal.type('\x1b[5~');
    await terminal.until((now) => now.includes('line 35.') && now.includes('5 newer below'));
    dashboard.show(said('bob', 'line 41.', 41), NOW);
    const kept = await terminal.until((now) => now.includes('6 newer below'));
    expect(kept).toContain('line 35.');
    terminal.type('\x1b[H');
    await terminal.until((now) => now.includes('line 1.'));
    terminal.type('\x1b[F');
    await terminal.until((now) => now.includes('line 41.') && !now.includes('newer below'));
  });

  test('leaves out who went away and came back, which would drown the rest', async () => {
    const { terminal, dashboard } = await openAt(80, 24);
    dashboard.show({ kind: 'away', user: 'bob' as never }, NOW);
    dashboard.show({ kind: 'back', user: 'bob' as never }, NOW);
    dashboard.show(cameOnline('dave'), NOW);
    const text = await terminal.until((now) => now.includes('+ dave'));
    expect(text).not.toContain('bob');
  });
});

describe('stopping', () => {
  test('takes Ctrl-C twice, and the question says who is here', async () => {
    const { terminal, dashboard, stops } = await openAt(80, 24);
    dashboard.watch(() => snapshotOf(PEOPLE, ROOMS));
    terminal.type('\x03');
    await terminal.until((now) => now.includes('Stop the server? 3 people are here.'));
    expect(stops()).toBe(0);
    terminal.type('\x03');
    await terminal.until(() => stops() === 1);
    dashboard.show({ kind: 'stopping', why: 'SIGINT' }, NOW);
    await terminal.until((now) => now.includes('stopping (SIGINT)'));
    terminal.type('\x03');
    await terminal.until(() => stops() === 2);
  });

  test.each([80, 60, 40])('says at %i columns, too, what Ctrl-C does', async (columns) => {
    const { terminal, dashboard } = await openAt(columns, 12);
    dashboard.watch(() => snapshotOf(PEOPLE, ROOMS));
    terminal.type('\x03');
    await terminal.until((now) => now.includes('Stop the server?') && now.includes('^C again: stop'));
    terminal.type('\x03');
    dashboard.show({ kind: 'stopping', why: 'SIGINT' }, NOW);
    await terminal.until((now) => now.includes('stopping') && now.includes('^C: at once'));
  });

  test('before it takes commands q asks too, and any other key takes it back', async () => {
    const { terminal, stops } = await openAt(80, 24);
    terminal.type('q');
    await terminal.until((now) => now.includes('Stop the server?'));
    terminal.type('q');
    await terminal.until((now) => !now.includes('Stop the server?'));
    terminal.type('\x03');
    await terminal.until((now) => now.includes('Stop the server?'));
    expect(stops()).toBe(0);
  });

  test('the question takes itself back after 3 seconds', async () => {
    const { terminal, stops } = await openAt(80, 24);
    terminal.type('\x03');
    await terminal.until((now) => now.includes('Stop the server?'));
    await terminal.until((now) => !now.includes('Stop the server?'));
    expect(stops()).toBe(0);
  });
});

test('F1 says what the keys do, and any key closes it', async () => {
  const { terminal } = await openAt(80, 24);
  terminal.type('\x1bOP');
  const text = await terminal.until((now) => now.includes('Any other key closes this.'));
  expect(text).toContain('Ctrl-C');
  terminal.type('x');
  await terminal.until((now) => !now.includes('closes this.') && now.includes('messages/s'));
});

test('it follows the size of the terminal, down to one that is too small, and back', async () => {
  const opened = await openAt(80, 24);
  const { terminal } = opened;
  play(opened);
  for (const [columns, rows] of [
    [160, 48],
    [40, 10],
    [10, 3],
    [68, 20],
    [1, 1],
    [300, 100],
    [80, 24],
  ] as const) {
    terminal.resize(columns, rows);
    const fits = (text: string): boolean => {
      const lines = text.split('\n');
      if (columns < 24) return /^too|^…?$/.test(lines[0]?.trim() ?? '') && lines.slice(1).join('') === '';
      return (
        lines.slice(1, -1).every((line) => textWidth(line) === columns) && lines.at(-1)?.startsWith(' F1') === true
      );
    };
    await terminal.until(fits);
  }
  expect(await terminal.text()).toContain('4012?');
});

test('what is drawn before the new size is known stays within the old one', async () => {
  const opened = await openAt(40, 10);
  const { terminal } = opened;
  play(opened);
  for (const [columns, rows] of [
    [300, 100],
    [80, 24],
  ] as const) {
    terminal.resize(columns, rows);
    // A key is answered at once, the change of size a moment later.
    terminal.type('\x1b[A');
    await terminal.until((text) =>
      text
        .split('\n')
        .slice(1, -1)
        .every((line) => textWidth(line) === columns),
    );
  }
});

test('nothing is written while nothing changes', async () => {
  const { terminal, dashboard } = await openAt(80, 24);
  dashboard.show(STARTED, ago(76 * 60 * MINUTE));
  let looks = 0;
  dashboard.watch(() => {
    looks += 1;
    return snapshotOf(PEOPLE, ROOMS);
  });
  dashboard.operate(commandsThatSay());
  dashboard.show(cameOnline('dave'), ago(2 * MINUTE));
  terminal.type('/kick');
  await terminal.until((now) => /loop p50 p99 max +0\.1 ms 1\.2 ms/.test(now) && now.includes('operator> /kick'));
  const seen = looks;
  const before = terminal.output.written.length;
  await terminal.until(() => looks >= seen + 3);
  expect(terminal.output.written.slice(before)).toBe('');
});

describe('leaving', () => {
  test('restores the terminal, and says below how it ended', async () => {
    const { terminal, dashboard } = await openAt(80, 24);
    await terminal.text();
    expect(terminal.xterm.buffer.active.type).toBe('alternate');
    expect(terminal.input.isRaw).toBe(true);
    dashboard.show({ kind: 'fault', what: 'the server ends', stack: 'Error: oh\n    at here\x1b[2J' }, NOW);
    dashboard.show({ kind: 'stopped' }, NOW);
    dashboard.close();
    dashboard.close();
    const text = await terminal.text();
    expect(terminal.xterm.buffer.active.type).toBe('normal');
    expect(terminal.xterm.modes.applicationCursorKeysMode).toBe(false);
    expect(terminal.input.isRaw).toBe(false);
    expect(terminal.output.written).toMatch(/\x1b\[\?25h[^\x1b]*$/);
    expect(text.trimEnd().split('\n')).toEqual([
      '! fault, the server ends: Error: oh',
      '    at here�[2J',
      '09:16:00 stopped',
    ]);
  });

  test('leaves no listener behind', async () => {
    const count = (): number[] =>
      ['exit', 'uncaughtException', 'SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGCONT', 'SIGHUP', 'warning'].map((event) =>
        process.listenerCount(event as 'exit'),
      );
    const before = count();
    const { dashboard } = await openAt(80, 24);
    dashboard.close();
    expect(count()).toEqual(before);
  });
});

describe('a terminal that it cannot use', () => {
  test.each([
    ['dumb', { TERM: 'dumb' }],
    ['unknown', { TERM: 'wy60' }],
    ['without a name', {}],
  ])('%s is refused, in one line', async (_, env: Record<string, string>) => {
    const terminal = new FakeTerminal(80, 24);
    const opened = await openDashboard({
      input: terminal.input,
      output: terminal.output,
      env,
      clock: { now: () => 0 as UnixMs, monotonic: () => 0 },
      stop: () => undefined,
    });
    expect(opened).toMatchObject({ ok: false, error: { code: 'unknown_terminal' } });
    if (!opened.ok) expect(opened.error.text).toMatch(/^lines instead of the dashboard: .*TERM=/);
    expect(terminal.output.written).toBe('');
    expect(terminal.input.isRaw).toBe(false);
  });

  test('a pipe is none', async () => {
    const terminal = new FakeTerminal(80, 24);
    const output = Object.assign(terminal.output, { isTTY: false });
    const opened = await openDashboard({
      input: terminal.input,
      output,
      env: UTF8,
      clock: { now: () => 0 as UnixMs, monotonic: () => 0 },
      stop: () => undefined,
    });
    expect(opened).toMatchObject({ ok: false, error: { code: 'not_a_terminal' } });
  });

  test.each([
    'screen',
    'screen-256color',
    'tmux-256color',
    'xterm-256color',
    'linux',
    'vt100',
    'screen.xterm-256color',
  ])('TERM=%s is none of them', async (TERM) => {
    const { terminal } = await openAt(80, 24, { TERM, LC_ALL: 'C.UTF-8' });
    await terminal.until((text) => text.includes('┌─ people'));
  });
});

test.each([
  ['the figures cannot be had', () => snapshotOf([], [], { people: broken() })],
  ['they cannot be drawn', () => snapshotOf([person('bob', { from: undefined as never })], [])],
])('if %s, the server goes on with lines', async (_, snapshot) => {
  const { terminal, dashboard } = await openAt(80, 24);
  dashboard.watch(snapshot);
  const text = await terminal.until((now) => now.includes('lines instead of the dashboard'));
  expect(text).toContain('(dashboard_failed)');
  expect(terminal.xterm.buffer.active.type).toBe('normal');
  dashboard.show(cameOnline('dave'), NOW);
  await terminal.until((now) => now.includes('+ dave'));
  dashboard.operate(commandsThatSay('done'));
  terminal.type('/who\r');
  await terminal.until((now) => now.includes('operator> /who') && now.includes('         done'));
  dashboard.close();
  expect(terminal.input.isRaw).toBe(false);
});

function* broken(): Generator<never> {
  yield* [];
  throw new Error('no figures');
}

test('a flood is drawn twice a second at most', async () => {
  const { terminal, dashboard } = await openAt(80, 24);
  // Each drawing saves the cursor, once.
  const drawings = (): number => terminal.output.written.split('\x1b7').length - 1;
  const before = drawings();
  const start = performance.now();
  let count = 0;
  await terminal.until(() => {
    count += 1;
    dashboard.show(said('bob', `flood ${count}`), NOW);
    return performance.now() - start > 1500;
  });
  expect(count).toBeGreaterThan(20);
  expect(drawings() - before).toBeGreaterThanOrEqual(2);
  expect(drawings() - before).toBeLessThanOrEqual(1 + (performance.now() - start) / 500);
});
