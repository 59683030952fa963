import { expect, test } from 'vitest';
import { DEAD_AFTER_MS, MAX_LIST_PAGE, PING_EVERY_MS } from '../../../src/protocol/limits.ts';
import { MAX_RECENT, RECENT_MS } from '../../../src/server/core/limits.ts';
import { World } from './world.ts';

/** Somebody who follows the list, and never falls asleep: `w.take` gives the changes. */
function follower(w: World) {
  const session = w.login('watcher', 1, { visible: false });
  w.tell(session, { type: 'who', follow: true });
  w.take(session);
  return session;
}

test('away after the set time, back at a key, and all who follow see it', () => {
  const w = new World();
  const watcher = follower(w);
  const bob = w.guest('bob');
  expect(w.expect(watcher, 'presence')).toMatchObject({ user: '~bob', state: 'online' });
  w.advance(9_999);
  expect(w.take(watcher)).toEqual([]);
  w.advance(1);
  expect(w.expect(watcher, 'presence')).toEqual({
    type: 'presence',
    user: '~bob',
    state: 'away',
    since: w.now().wall,
  });
  w.advance(500);
  w.tell(bob, { type: 'activity' });
  expect(w.expect(watcher, 'presence')).toMatchObject({ state: 'online', since: w.now().wall });
  expect(w.take(bob)).toEqual([]);
});

test('a message is a sign of life, a ping is none', () => {
  const w = new World();
  const watcher = follower(w);
  const bob = w.guest('bob');
  w.take(watcher);
  w.advance(8000);
  w.tell(bob, { type: 'say', to: '#lobby', text: 'hi' });
  w.advance(8000);
  expect(w.take(watcher).map(({ type }) => type)).toEqual(['message']);
  w.tell(bob, { type: 'ping' });
  w.advance(2000);
  expect(w.expect(watcher, 'presence').state).toBe('away');
});

test('logged off after a long time away, with the reason, in every visible session', () => {
  const w = new World();
  const watcher = follower(w);
  const bob = w.guest('bob');
  const second = w.guest('bob');
  const script = w.guest('bob', '127.0.0.1', { visible: false });
  w.advance(10_000);
  w.take(watcher);
  w.advance(60_000);
  const text = 'logged off after 1 min away';
  for (const session of [bob, second]) {
    expect(w.expect(session, 'bye')).toEqual({ type: 'bye', reason: 'idle', text });
    expect(w.ended).toContain(session.id);
  }
  expect(w.ended).not.toContain(script.id);
  expect(w.take(watcher)).toEqual([
    { type: 'presence', user: '~bob', state: 'offline', since: w.now().wall, reason: text },
  ]);
  w.close(bob);
  w.close(second);
  expect(w.take(watcher)).toEqual([]);
});

test('zero means never', () => {
  const w = new World({ awayAfter: 10_000, logOffAfter: 0 });
  const bob = w.guest('bob');
  w.advance(10 * 24 * 3_600_000);
  expect(w.ended).not.toContain(bob.id);
});

test('several sessions are one person', () => {
  const w = new World();
  const watcher = follower(w);
  const one = w.guest('bob');
  const two = w.guest('bob');
  expect(w.take(watcher)).toHaveLength(1);
  w.close(one);
  expect(w.take(watcher)).toEqual([]);
  w.close(two);
  expect(w.expect(watcher, 'presence')).toMatchObject({ user: '~bob', state: 'offline' });
});

test('a further session brings its person back from away', () => {
  const w = new World();
  const watcher = follower(w);
  w.guest('bob');
  w.advance(10_000);
  w.take(watcher);
  w.guest('bob');
  expect(w.take(watcher)).toMatchObject([{ type: 'presence', state: 'online' }]);
});

test('a script puts nobody online, in no list, and is never logged off', () => {
  const w = new World();
  const watcher = follower(w);
  const script = w.guest('cron', '127.0.0.1', { visible: false });
  w.tell(script, { type: 'say', to: '#lobby', text: 'done', id: 'a' });
  expect(w.expect(script, 'ack').seq).toBe(1);
  expect(w.take(watcher).map(({ type }) => type)).toEqual(['message']);
  w.tell(watcher, { type: 'who' });
  expect(w.expect(watcher, 'users')).toEqual({ type: 'users', users: [], more: false });
  w.advance(3_600_000);
  expect(w.ended.size).toBe(0);
});

test('who has gone stays in the list for a day', () => {
  const w = new World();
  const watcher = follower(w);
  w.close(w.guest('bob'));
  const left = w.now().wall;
  w.take(watcher);
  w.advance(RECENT_MS);
  w.tell(watcher, { type: 'who' });
  expect(w.expect(watcher, 'users').users).toEqual([{ name: '~bob', state: 'offline', since: left }]);
  w.advance(1);
  w.tell(watcher, { type: 'who' });
  expect(w.expect(watcher, 'users').users).toEqual([]);
});

test('only the last of those who have gone stay in the list', () => {
  const w = new World();
  const watcher = follower(w);
  for (let i = 0; i < MAX_RECENT + 50; i++) w.close(w.guest(`b${i}`));
  w.take(watcher);
  w.tell(watcher, { type: 'who', id: 'w' });
  const users = w.take(watcher).flatMap((frame) => (frame.type === 'users' ? frame.users : []));
  expect(users).toHaveLength(MAX_RECENT);
  expect(users[0]?.name).toBe(`~b${MAX_RECENT + 49}`);
});

test('a long list comes in several frames', () => {
  const w = new World();
  for (let i = 0; i < 2 * MAX_LIST_PAGE + 50; i++) w.guest(`b${i}`);
  const watcher = follower(w);
  w.tell(watcher, { type: 'who', id: 'w' });
  const frames = [w.expect(watcher, 'users'), w.expect(watcher, 'users'), w.expect(watcher, 'users')];
  expect(frames.map(({ more, users, id }) => [more, users.length, id])).toEqual([
    [true, MAX_LIST_PAGE, 'w'],
    [true, MAX_LIST_PAGE, 'w'],
    [false, 50, 'w'],
  ]);
});

test('accounts that were here before a restart are in the list', () => {
  const accounts = [{ name: 'dave', uid: 7, lastSeen: 3_600_000 }] as never;
  const w = new World({}, { accounts });
  const watcher = follower(w);
  w.tell(watcher, { type: 'who' });
  expect(w.expect(watcher, 'users').users).toEqual([{ name: 'dave', state: 'offline', since: 3_600_000 }]);
});

test('who pings and falls silent is dead; who never pings is left to the kernel', () => {
  const w = new World({ awayAfter: 0 });
  const pinging = w.guest('bob');
  const quiet = w.guest('carol');
  for (let i = 0; i < 5; i++) {
    w.tell(pinging, { type: 'ping', n: i });
    w.advance(PING_EVERY_MS);
  }
  expect(w.take(pinging)).toHaveLength(5);
  w.advance(DEAD_AFTER_MS - PING_EVERY_MS - 1);
  expect(w.ended.size).toBe(0);
  w.advance(1);
  expect(w.expect(pinging, 'error')).toMatchObject({ code: 'dead', closes: true });
  expect(w.ended).not.toContain(quiet.id);
});

test('any message shows that the peer lives', () => {
  const w = new World({ awayAfter: 0 });
  const bob = w.guest('bob');
  w.tell(bob, { type: 'ping' });
  w.advance(DEAD_AFTER_MS - 1);
  w.tell(bob, { type: 'activity' });
  w.advance(DEAD_AFTER_MS - 1);
  expect(w.ended.size).toBe(0);
});
