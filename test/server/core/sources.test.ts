import { expect, test } from 'vitest';
import { located } from '../../../src/server/core/arrival.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { opened } from '../../../src/server/core/sessions.ts';
import { Sources } from '../../../src/server/core/sources.ts';
import { spend } from '../../../src/server/core/throttle.ts';
import { World } from './world.ts';

const LIMITED = { rateLimit: true, awayAfter: 0 };
const hello = (name: string) => ({ type: 'hello', version: 1, name, auth: { method: 'guest' } });

function guestOf(w: World, uid: number, name: string): Session {
  const session = w.connectFrom(uid);
  w.tell(session, hello(name));
  return session;
}

test('a source has 32 connections, and the next is told why it is refused', () => {
  const w = new World(LIMITED);
  const all = Array.from({ length: 32 }, (_, i) => guestOf(w, 1009, `g${i}`));
  for (const session of all) w.expect(session, 'welcome');
  const late = w.connectFrom(1009);
  expect(w.expect(late, 'error')).toMatchObject({
    code: 'too_many_connections',
    closes: true,
    text: 'uid 1009 has 32 connections, as many as one may: close some',
  });
  w.expect(guestOf(w, 1010, 'other'), 'welcome');
  w.close(all[0]!);
  w.expect(guestOf(w, 1009, 'again'), 'welcome');
});

test('who floods is told ten times, then dropped without a word, and the operator’s log stays short', () => {
  const w = new World(LIMITED);
  for (let i = 0; i < 16; i++) w.connectFrom(1009);
  const flood = Array.from({ length: 1000 }, () => w.connectFrom(1009));
  expect(flood.filter((session) => w.take(session).length > 0)).toHaveLength(10);
  expect(flood.filter(({ id }) => w.dropped.has(id))).toHaveLength(990);
  expect(w.notices.filter(({ kind }) => kind === 'refused')).toHaveLength(10);
  w.advance(5000);
  const [told] = w.take(w.connectFrom(1009));
  expect(told).toMatchObject({ code: 'too_many_pending', text: expect.stringContaining('990 more were refused') });
});

test('connections that do not log in are few for each source', () => {
  const w = new World(LIMITED);
  for (let i = 0; i < 16; i++) expect(w.take(w.connect('10.0.0.7'))).toEqual([]);
  expect(w.expect(w.connect('10.0.0.7'), 'error')).toMatchObject({ code: 'too_many_pending', closes: true });
  w.guest('bob', '10.0.0.8');
  // They have not said hello in time.
  w.advance(10_000);
  w.guest('carol', '10.0.0.7');
});

test('of all connections that do not log in, the oldest makes room, and whoever logs in gets through', () => {
  const w = new World(LIMITED);
  const peer = { host: '127.0.0.1', loopback: true };
  const first = w.connect();
  for (let i = 1; i < 4096; i++) opened(w.core, peer, w.now());
  expect(w.dropped.size).toBe(0);
  const bob = w.connectFrom(1001);
  expect([...w.dropped]).toEqual([first.id]);
  w.tell(bob, hello('bob'));
  w.expect(bob, 'welcome');
  expect(w.core.hellos.size).toBe(4095);
  for (let i = 0; i < 100; i++) w.connect();
  expect(w.notices.filter((notice) => notice.kind === 'warning').length).toBeLessThanOrEqual(10);
});

test('log-ins of a source are counted in time, whatever becomes of them', () => {
  const w = new World(LIMITED);
  for (let i = 0; i < 120; i++) w.close(guestOf(w, 1009, `g${i}`));
  expect(w.take(guestOf(w, 1009, 'late'))).toMatchObject([{ code: 'too_many_logins', closes: true }]);
  w.expect(guestOf(w, 1010, 'other'), 'welcome');
  w.advance(1000);
  w.expect(guestOf(w, 1009, 'later'), 'welcome');
});

test('a log-in that waits for the kernel is counted when it has told', () => {
  const w = new World(LIMITED);
  for (let i = 0; i < 120; i++) w.close(guestOf(w, 1009, `g${i}`));
  const session = w.connect();
  w.identity = () => {
    located(w.core, session, 'uid 1009', w.now());
    return { kind: 'guest', source: 'uid 1009', reserved: false };
  };
  w.tell(session, hello('late'));
  expect(w.take(session)).toMatchObject([{ code: 'too_many_logins' }]);
  expect(w.core.users.size).toBe(0);
});

test('a source makes ten rooms, then one in six minutes, also when it reconnects', () => {
  const w = new World(LIMITED);
  const bob = w.guest('bob', '10.0.0.7');
  for (let i = 0; i < 10; i++) {
    w.tell(bob, { type: 'join', room: `#r${i}` });
    w.expect(bob, 'room');
  }
  w.close(bob);
  const again = w.guest('bobby', '10.0.0.7');
  w.tell(again, { type: 'join', room: '#more', id: 'm' });
  expect(w.expect(again, 'error')).toMatchObject({ code: 'too_many_new_rooms', id: 'm', closes: false });
  w.tell(again, { type: 'join', room: '#r1' });
  w.expect(again, 'room');
  w.advance(360_000);
  w.tell(again, { type: 'join', room: '#more' });
  w.expect(again, 'room');
});

test('without rate limits a load generator is one source without a limit', () => {
  const w = new World();
  for (let i = 0; i < 5000; i++) w.connectFrom(1009);
  w.expect(guestOf(w, 1009, 'last'), 'welcome');
  expect(w.dropped.size).toBe(0);
});

test('who sends too many bytes isn’t read for a second at a time, and loses nothing', () => {
  const w = new World(LIMITED);
  const bob = w.guest('bob');
  spend(w.core, bob, 1024 * 1024, w.now());
  w.tell(bob, { type: 'ping' });
  expect(w.paused).not.toContain(bob.id);
  spend(w.core, bob, 64 * 1024, w.now());
  w.tell(bob, { type: 'ping', n: 1 });
  expect(w.paused).toContain(bob.id);
  expect(w.take(bob)).toMatchObject([{ type: 'pong' }, { type: 'pong', n: 1 }]);
  w.advance(999);
  expect(w.paused).toContain(bob.id);
  w.advance(1);
  expect(w.paused).not.toContain(bob.id);
  spend(w.core, bob, 64 * 1024, w.now());
  w.tell(bob, { type: 'ping' });
  expect(w.paused).not.toContain(bob.id);
});

test('a session that isn’t read for what it sent still ends in good order', () => {
  const w = new World(LIMITED);
  const bob = w.guest('bob');
  for (let i = 0; i < 2; i++) spend(w.core, bob, 1024 * 1024, w.now());
  w.tell(bob, { type: 'bye' });
  expect(w.take(bob)).toMatchObject([{ type: 'bye' }]);
  expect(w.paused).not.toContain(bob.id);
  w.advance(5000);
  expect(w.core.throttled.size).toBe(0);
});

test('what a source has used up is remembered for an hour, of ten thousand sources at most', () => {
  const sources = new Sources();
  for (let i = 0; i < 10_050; i++) {
    const source = sources.enter(`10.0.${i >> 8}.${i & 255}`, i);
    sources.leave(source, true, i);
  }
  expect(sources.size).toBe(10_000);
  const late = sources.enter('late', 3_600_000 + 10_050);
  sources.leave(late, true, 3_600_000 + 10_050);
  expect(sources.size).toBe(1);
});

test('every connection that goes leaves its source as it was', () => {
  const w = new World(LIMITED);
  const sessions = [w.connectFrom(1), guestOf(w, 1, 'a'), guestOf(w, 1, 'b')];
  w.tell(sessions[1]!, { type: 'bye' });
  const source = sessions[2]!.source!;
  expect([source.connections, source.pending]).toEqual([2, 1]);
  for (const session of sessions) w.close(session);
  expect([source.connections, source.pending]).toEqual([0, 0]);
});
