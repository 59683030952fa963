/** The tables and the log: chosen, scrolled, sorted, narrowed. */
import { afterEach, expect, test } from 'vitest';
import { type Dashboard, openDashboard } from '../../../../src/server/console/dashboard/dashboard.ts';
import type { Snapshot } from '../../../../src/server/figures/snapshot.ts';
import { FakeTerminal } from './fake-terminal.ts';
import { ago, cameOnline, connection, MINUTE, NOW, person, room, STARTED, said, snapshotOf } from './scene.ts';

const F2 = '\x1bOQ';
const F3 = '\x1bOR';
const F4 = '\x1bOS';
const F5 = '\x1b[15~';
const F6 = '\x1b[17~';
const F7 = '\x1b[18~';
const PAGE_DOWN = '\x1b[6~';
const PAGE_UP = '\x1b[5~';

const open: Dashboard[] = [];
afterEach(() => {
  for (const dashboard of open.splice(0)) dashboard.close();
});

const NAMES = Array.from({ length: 30 }, (_, i) => `user${String(i).padStart(2, '0')}`);
const MANY = NAMES.map((name, i) => person(name, { since: ago((60 - i) * MINUTE), from: `uid ${1000 + i}` }));

async function watching(columns: number, rows: number, snapshot: () => Snapshot) {
  const terminal = new FakeTerminal(columns, rows);
  const opened = await openDashboard({
    input: terminal.input,
    output: terminal.output,
    env: { TERM: 'screen', LC_ALL: 'C.UTF-8' },
    clock: { now: () => NOW, monotonic: () => performance.now() },
    stop: () => undefined,
  });
  if (!opened.ok) throw new Error(opened.error.text);
  open.push(opened.value);
  opened.value.show(STARTED, NOW);
  opened.value.watch(snapshot);
  return { terminal, dashboard: opened.value };
}

const people = (): Snapshot => snapshotOf(MANY, [room('#dev', { members: 2 }), room('#lobby', { members: 30 })]);

test('a table scrolls by pages, says what is above and below, and stops at both ends', async () => {
  const { terminal } = await watching(80, 24, people);
  terminal.type(F2);
  await terminal.until((text) => text.includes('▸ people  30 online  0 away') && text.includes('… and 20 more'));
  terminal.type(PAGE_DOWN);
  const second = await terminal.until((text) => text.includes('↑9'));
  // A row of the first page stays, for the eye to hold on to.
  expect(second).toContain('user09');
  expect(second).not.toContain('user08');
  terminal.type(PAGE_DOWN.repeat(5));
  const last = await terminal.until((text) => text.includes('user29'));
  expect(last).toContain('↑19');
  expect(last).not.toContain('more');
  terminal.type(PAGE_UP.repeat(9));
  await terminal.until((text) => text.includes('user00') && !text.includes('↑'));
});

test('a table that becomes shorter is shown from where there is something', async () => {
  let shown = MANY;
  const { terminal } = await watching(80, 24, () => snapshotOf(shown, []));
  terminal.type(`${F2}${PAGE_DOWN.repeat(3)}`);
  await terminal.until((text) => text.includes('user29'));
  shown = MANY.slice(0, 4);
  const text = await terminal.until((now) => now.includes('people  4 online'));
  expect(text).toContain('user00');
});

test('F6 sorts by the next column, marks it, and begins at the top', async () => {
  const { terminal } = await watching(80, 24, people);
  terminal.type(F2 + PAGE_DOWN);
  await terminal.until((text) => text.includes('state↓') && text.includes('↑'));
  terminal.type(F6);
  const text = await terminal.until((now) => now.includes('since↓'));
  // Who came last stands first.
  expect(text.indexOf('user29')).toBeLessThan(text.indexOf('user28'));
  expect(text).not.toContain('↑');
});

test('at 80x24 F3 and F4 put the other tables into the same place', async () => {
  const links = [
    connection(1, 'alice', { waiting: 120_000, behindSince: ago(12_000) }),
    connection(2, undefined, { kind: 'new', from: '10.0.0.7', since: ago(2000) }),
    connection(3, 'bob', { kind: 'script' }),
  ];
  const rooms = [room('#dev', { members: 40, here: () => 2, last: 12 as never }), room('#lobby', { members: 30 })];
  const snapshot = (): Snapshot =>
    snapshotOf(MANY, rooms, { links, connections: 3, behind: 1, outboxMaxBytes: 120_000 });
  const { terminal } = await watching(80, 24, snapshot);
  terminal.type(F3);
  const second = await terminal.until((text) => text.includes('▸ rooms  2'));
  expect(second).toMatch(/│#dev +2 +12 +0 │/);
  expect(second).not.toContain('user00');
  terminal.type(F4);
  const third = await terminal.until((text) => text.includes('▸ connections  3  1 behind'));
  expect(third).toMatch(/│alice +11m client +120 kB +12s │/);
  expect(third).toMatch(/│- +2s new +- +- │/);
  expect(third).toMatch(/│bob +11m script +- +- │/);
});

test('the same key once more shows a pane alone, with all of its columns, and back', async () => {
  const rooms = [room('#dev', { members: 40, here: () => 2, topic: 'the build', keep: { age: 90 * 86_400_000 } })];
  const { terminal } = await watching(80, 24, () => snapshotOf([], rooms));
  terminal.type(F3 + F3);
  const text = await terminal.until((now) => now.includes('topic'));
  expect(text).toMatch(/│#dev +2 +40 +0 +0 90d +the build +│/);
  expect(text).not.toContain('messages/s');
  terminal.type(F3);
  await terminal.until((now) => now.includes('messages/s') && now.includes('▸ rooms'));
});

test('at 160x48 all three tables stand side by side', async () => {
  const { terminal } = await watching(160, 48, people);
  const text = await terminal.until((now) => now.includes('user00'));
  expect(text).toMatch(/people {2}30 online.*rooms {2}2 .*connections {2}30 /);
  expect(text).toMatch(
    /name +state↓ +since +from.*room +here +of↓ +messages +\/min +kept.*who↓ +from +since +kind +waits +lag/,
  );
});

test('at 40x12 each pane takes the place of the other, and the log comes back with a command', async () => {
  const { terminal, dashboard } = await watching(40, 12, people);
  dashboard.operate({ words: ['/who'], run: () => Promise.resolve(['carol is here']) });
  await terminal.until((text) => text.includes('▸ log') && text.includes('operator>'));
  terminal.type(F2);
  await terminal.until((text) => text.includes('▸ people') && !text.includes(' log '));
  terminal.type('/who\r');
  await terminal.until((text) => text.includes('▸ log') && text.includes('carol is here'));
});

test('at 20x5 the log and the line stand there without a border', async () => {
  const { terminal, dashboard } = await watching(20, 5, people);
  dashboard.operate({ words: ['/who'], run: () => Promise.resolve([]) });
  dashboard.show(said('bob', 'hi'), NOW);
  const text = await terminal.until((now) => now.includes(' hi\n') && now.includes('operator>'));
  expect(text.split('\n')).toEqual([
    ' uchat 127.0.0.1:24…',
    expect.any(String),
    '09:16:00 #lobby bob:',
    '         hi',
    ' operator>',
  ]);
});

test('rooms know how many messages a minute there were of late', async () => {
  let last = 0;
  const { terminal } = await watching(80, 24, () => {
    last += 100;
    return snapshotOf([], [room('#lobby', { last: last as never })]);
  });
  terminal.type(F3);
  await terminal.until((text) => /│#lobby +1 +\d+ +[1-9]\d\d+ │/.test(text));
});

test('F7 leaves all of one kind in the log, and says which', async () => {
  const { terminal, dashboard } = await watching(80, 24, people);
  dashboard.show(cameOnline('dave'), NOW);
  dashboard.show(said('bob', 'hello there'), NOW);
  dashboard.show({ kind: 'refused', who: '10.0.0.9', code: 'server_full', text: 'no room' }, NOW);
  await terminal.until((text) => text.includes('+ dave') && text.includes('hello there') && text.includes('no room'));
  terminal.type(F7);
  await terminal.until(
    (text) => text.includes('log · people only') && text.includes('+ dave') && !text.includes('hello'),
  );
  terminal.type(F7);
  await terminal.until(
    (text) => text.includes('log · messages only') && text.includes('hello') && !text.includes('dave'),
  );
  terminal.type(F7);
  await terminal.until(
    (text) => text.includes('log · warnings only') && text.includes('no room') && !text.includes('hello'),
  );
  terminal.type(F7);
  await terminal.until((text) => text.includes('▸ log ─') && text.includes('hello') && text.includes('no room'));
});

test('/filter leaves what has these words, what comes later too, and without words everything', async () => {
  const { terminal, dashboard } = await watching(80, 24, people);
  dashboard.operate({ words: ['/who'], run: () => Promise.resolve([]) });
  dashboard.show(said('bob', 'The Build is red'), NOW);
  dashboard.show(said('bob', 'lunch'), NOW);
  await terminal.until((text) => text.includes('lunch') && text.includes('operator>'));
  terminal.type('/filter the build\r');
  await terminal.until((text) => text.includes('log · "the build"') && !text.includes('lunch'));
  dashboard.show(said('bob', 'dinner'), NOW);
  dashboard.show(said('bob', 'the build is green'), NOW);
  const text = await terminal.until((now) => now.includes('is green'));
  expect(text).toContain('The Build is red');
  expect(text).not.toContain('dinner');
  terminal.type('/filter\r');
  await terminal.until((now) => now.includes('dinner') && now.includes('the log shows all again'));
});

test('a log that is scrolled up stays where it is, whatever comes, and F5 looks at it again', async () => {
  const { terminal, dashboard } = await watching(80, 24, people);
  for (let i = 1; i <= 40; i += 1) dashboard.show(said('bob', `line ${i}.`, i), NOW);
  await terminal.until((text) => text.includes('line 40.'));
  terminal.type(PAGE_UP + F2 + PAGE_DOWN);
  await terminal.until((text) => text.includes('line 35.') && text.includes('↑9'));
  dashboard.show(said('bob', 'line 41.', 41), NOW);
  const kept = await terminal.until((text) => text.includes('log · 6 newer below'));
  expect(kept).toContain('line 35.');
  expect(kept).not.toContain('End goes there');
  terminal.type(F5);
  await terminal.until((text) => text.includes('▸ log · 6 newer below, End goes there'));
  terminal.type('\x1b[F');
  await terminal.until((text) => text.includes('line 41.'));
});
