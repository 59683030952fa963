import { expect, test } from 'vitest';
import type { UserName } from '../../../src/base/ids.ts';
import { LAST_TIME } from '../../../src/protocol/fields.ts';
import { MAX_IGNORED } from '../../../src/protocol/limits.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { World } from './world.ts';

/** alice, who will block bob, who follows everything. Both are in #dev. */
function pair(w: World): { alice: Session; bob: Session } {
  const alice = w.login('alice', 1001);
  const bob = w.login('bob', 1002);
  for (const session of [alice, bob]) w.tell(session, { type: 'join', room: '#dev' });
  w.tell(bob, { type: 'who', follow: true });
  for (const session of [alice, bob]) w.take(session);
  return { alice, bob };
}

const names = (w: World, session: Session): string[] => {
  w.tell(session, { type: 'who' });
  return w.expect(session, 'users').users.map(({ name }) => name);
};
const membersOf = (w: World, session: Session, room: string): readonly string[] => {
  w.tell(session, { type: 'members', room });
  return w.expect(session, 'members').members;
};
const countsOf = (w: World, session: Session): number[] => {
  w.tell(session, { type: 'rooms' });
  return w.expect(session, 'rooms').rooms.map(({ members }) => members);
};

test('whoever is blocked sees the other leave, and from then on nothing of them', () => {
  const w = new World();
  const { alice, bob } = pair(w);
  w.tell(alice, { type: 'block', id: 'b', user: 'bob' });
  expect(w.take(alice)).toEqual([
    { type: 'ignored', blocked: ['bob'], muted: [] },
    { type: 'done', id: 'b', text: expect.stringContaining('you block bob') },
  ]);
  const time = w.now().wall;
  expect(w.take(bob)).toEqual([
    { type: 'presence', user: 'alice', state: 'offline', since: time },
    { type: 'left', room: '#dev', user: 'alice', time },
  ]);
  expect([names(w, bob), membersOf(w, bob, '#dev'), membersOf(w, bob, '#lobby'), countsOf(w, bob)]).toEqual([
    ['bob'],
    ['bob'],
    ['bob'],
    [1, 1],
  ]);
  w.advance(10_000);
  w.take(bob);
  w.tell(alice, { type: 'activity' });
  w.tell(alice, { type: 'leave', room: '#dev' });
  w.tell(alice, { type: 'join', room: '#dev' });
  w.close(alice);
  expect(w.take(bob)).toEqual([]);
  expect(names(w, bob)).toEqual(['bob']);
  w.login('alice', 1001);
  expect(w.take(bob)).toEqual([]);
});

test('whoever blocks sees the other as before, and so does everybody else', () => {
  const w = new World();
  const { alice, bob } = pair(w);
  const carol = w.guest('carol');
  w.tell(carol, { type: 'who', follow: true });
  w.take(carol);
  w.tell(alice, { type: 'block', user: 'bob' });
  expect(w.take(carol)).toEqual([]);
  w.take(alice);
  expect(names(w, alice)).toEqual(['alice', 'bob', '~carol']);
  expect(names(w, carol)).toEqual(['alice', 'bob', '~carol']);
  w.close(alice);
  expect(w.take(carol)).toMatchObject([{ type: 'presence', user: 'alice', state: 'offline' }]);
  w.take(bob);
});

test('messages and topics in rooms are for all: their stream has no gaps', () => {
  const w = new World();
  const { alice, bob } = pair(w);
  w.tell(alice, { type: 'block', user: 'bob' });
  w.take(bob);
  w.tell(alice, { type: 'say', to: '#dev', text: 'hi' });
  w.tell(alice, { type: 'topic', room: '#dev', text: 'releases' });
  expect(w.take(bob).map(({ type }) => type)).toEqual(['message', 'topic']);
});

test('unblocked, they see the other come back as they are', () => {
  const w = new World();
  const { alice, bob } = pair(w);
  w.tell(alice, { type: 'block', user: 'bob' });
  w.advance(10_000);
  w.take(bob);
  const since = w.now().wall;
  w.advance(500);
  w.take(alice);
  w.tell(alice, { type: 'unblock', id: 'u', user: 'bob' });
  expect(w.take(alice)).toMatchObject([
    { type: 'ignored', blocked: [] },
    { type: 'done', id: 'u', text: expect.stringContaining('any more') },
  ]);
  expect(w.take(bob)).toEqual([
    { type: 'presence', user: 'alice', state: 'away', since },
    { type: 'joined', room: '#dev', user: 'alice', time: w.now().wall },
  ]);
  expect(names(w, bob)).toEqual(['alice', 'bob']);
  w.advance(1);
  w.tell(alice, { type: 'activity' });
  expect(w.take(bob)).toMatchObject([{ type: 'presence', user: 'alice', state: 'online' }]);
});

test('only sessions that follow are told, all of them', () => {
  const w = new World();
  const { alice, bob } = pair(w);
  const second = w.login('bob', 1002);
  w.take(second);
  w.tell(alice, { type: 'block', user: 'bob' });
  expect(w.take(bob).map(({ type }) => type)).toEqual(['presence', 'left']);
  expect(w.take(second).map(({ type }) => type)).toEqual(['left']);
});

test('a block outlives the session and comes with the next welcome, to scripts too', () => {
  const w = new World();
  const { alice } = pair(w);
  w.tell(alice, { type: 'block', user: 'bob' });
  expect(w.saved).toContain('block bob alice');
  w.close(alice);
  for (const visible of [true, false]) {
    const again = w.connectFrom(1001);
    w.identity = () => ({ kind: 'host', uid: 1001, login: 'alice' });
    w.tell(again, { type: 'hello', version: 1, auth: { method: 'host' }, visible });
    expect(w.take(again)).toMatchObject([{ type: 'welcome' }, { type: 'ignored', blocked: ['bob'] }]);
  }
});

test('a block that was stored holds after a restart', () => {
  const accounts = [
    { name: 'alice', uid: 1001, lastSeen: 3_600_000 },
    { name: 'bob', uid: 1002, lastSeen: 3_600_000 },
  ] as never;
  const ignores = [{ user: 'alice', kind: 'block', target: 'bob' }] as never;
  const w = new World({}, { accounts, ignores });
  const bob = w.login('bob', 1002);
  w.take(bob);
  expect(names(w, bob)).toEqual(['bob']);
  w.login('alice', 1001);
  expect(names(w, bob)).toEqual(['bob']);
});

test('what could not be stored is not done', () => {
  const w = new World();
  const { alice, bob } = pair(w);
  w.disk = 'full';
  w.tell(alice, { type: 'block', id: 'b', user: 'bob' });
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'not_stored', id: 'b' }]);
  expect(w.take(bob)).toEqual([]);
});

test('a guest’s block is not stored, ends with the guest, and still hides when they were here', () => {
  const w = new World();
  const bob = w.login('bob', 1002);
  const guest = w.guest('gil', '10.0.0.1');
  const saved = w.saved.length;
  w.tell(guest, { type: 'block', user: 'bob' });
  w.expect(guest, 'ignored');
  expect(w.saved).toHaveLength(saved);
  w.tell(bob, { type: 'who', follow: true });
  w.take(bob);
  w.close(guest);
  expect(w.take(bob)).toEqual([]);
  expect(names(w, bob)).toEqual(['bob']);
  w.tell(bob, { type: 'who', since: 1_000_000 });
  expect(w.expect(bob, 'users').users.map(({ name }) => name)).toEqual(['bob']);
  const other = w.guest('gil', '10.9.9.9');
  expect(w.take(other)).toEqual([]);
  expect(w.take(bob)).toMatchObject([{ type: 'presence', user: '~gil', state: 'online' }]);
  w.close(other);
  w.take(bob);
  expect(names(w, bob)).toEqual(['bob', '~gil']);
});

test('a guest can be blocked by name, here or not', () => {
  const w = new World();
  const alice = w.login('alice', 1001);
  w.tell(alice, { type: 'block', id: 'b', user: '~troll' });
  expect(w.take(alice)).toMatchObject([{ type: 'ignored', blocked: ['~troll'] }, { type: 'done' }]);
  const troll = w.guest('troll');
  expect(names(w, troll)).toEqual(['~troll']);
});

test.each([
  ['to block yourself', { type: 'block', id: 'x', user: 'alice' }, 'bad_message'],
  ['to mute yourself', { type: 'mute', id: 'x', user: 'alice' }, 'bad_message'],
  ['to block somebody who has no account', { type: 'block', id: 'x', user: 'nobody' }, 'no_such_user'],
  ['to mute for no time', { type: 'mute', id: 'x', user: 'bob', for: 0 }, 'bad_message'],
])('refused: %s', (_, message, code) => {
  const w = new World();
  const { alice } = pair(w);
  w.tell(alice, message);
  expect(w.take(alice)).toMatchObject([{ type: 'error', code, id: 'x', closes: false }]);
});

test('to ask again for what is so is no error', () => {
  const w = new World();
  const { alice, bob } = pair(w);
  for (const type of ['block', 'block', 'unblock', 'unblock', 'unmute']) w.tell(alice, { type, user: 'bob' });
  expect(w.take(alice).filter(({ type }) => type === 'done')).toHaveLength(5);
  expect(w.take(bob).map(({ type }) => type)).toEqual(['presence', 'left', 'presence', 'joined']);
});

test('one may block and mute so many', () => {
  const w = new World();
  const alice = w.login('alice', 1001);
  for (const type of ['block', 'mute']) {
    for (let i = 0; i < MAX_IGNORED; i++) w.tell(alice, { type, user: `~g${i}` });
    w.take(alice);
    w.tell(alice, { type, id: 'x', user: '~more' });
    expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'too_many_ignored', id: 'x' }]);
    w.tell(alice, { type, user: '~g7' });
    expect(w.take(alice).at(-1)).toMatchObject({ type: 'done' });
  }
});

test('a mute shows in every session of one’s own, and nowhere else', () => {
  const w = new World();
  const { alice, bob } = pair(w);
  const script = w.login('alice', 1001, { visible: false });
  w.tell(alice, { type: 'mute', id: 'm', user: 'bob' });
  const ignored = { type: 'ignored', blocked: [], muted: [{ user: 'bob' }] };
  expect(w.take(alice)).toEqual([ignored, { type: 'done', id: 'm', text: expect.stringContaining('you mute bob') }]);
  expect(w.take(script)).toEqual([ignored]);
  expect([w.take(bob), names(w, bob)]).toEqual([[], ['alice', 'bob']]);
});

test('a mute ends by the server’s time, and that is said', () => {
  const w = new World({ awayAfter: 0 });
  const { alice } = pair(w);
  w.tell(alice, { type: 'mute', user: 'bob', for: 60_000 });
  const until = w.now().wall + 60_000;
  expect(w.expect(alice, 'ignored').muted).toEqual([{ user: 'bob', until }]);
  expect(w.expect(alice, 'done').text).toContain('1 min');
  w.tell(alice, { type: 'mute', user: '~gil', for: 90_000 });
  w.take(alice);
  w.advance(59_999);
  expect(w.take(alice)).toEqual([]);
  w.advance(1);
  expect(w.take(alice)).toMatchObject([{ type: 'ignored', muted: [{ user: '~gil' }] }]);
  w.advance(30_000);
  expect(w.take(alice)).toMatchObject([{ type: 'ignored', muted: [] }]);
  expect(w.core.muteEnds.size).toBe(0);
});

test('a mute that ends while nobody looks is over at the next log-in', () => {
  const w = new World();
  const { alice } = pair(w);
  w.tell(alice, { type: 'mute', user: 'bob', for: 60_000 });
  w.close(alice);
  expect(w.core.muteEnds.size).toBe(0);
  w.advance(60_000);
  const again = w.login('alice', 1001);
  expect(w.take(again)).toEqual([]);
  expect(w.core.muteEnds.size).toBe(0);
});

test('a mute that was stored ends when it should, counted by the wall clock', () => {
  const ignores = [{ user: 'alice', kind: 'mute', target: 'bob', until: 3_605_000 }] as never;
  const accounts = [{ name: 'alice', uid: 1001, lastSeen: 1 }] as never;
  const w = new World({ awayAfter: 0 }, { ignores, accounts });
  const alice = w.login('alice', 1001);
  expect(w.take(alice)).toMatchObject([{ type: 'ignored', muted: [{ user: 'bob', until: 3_605_000 }] }]);
  w.advance(4000);
  expect(w.take(alice)).toMatchObject([{ type: 'ignored', muted: [] }]);
});

test('the longest mute has an end that can be written', () => {
  const w = new World();
  const { alice } = pair(w);
  w.tell(alice, { type: 'mute', user: 'bob', for: Number.MAX_SAFE_INTEGER });
  expect(w.expect(alice, 'ignored').muted).toEqual([{ user: 'bob', until: LAST_TIME }]);
});

test('renamed by the host, a person keeps whom they block and who blocks them', () => {
  const w = new World();
  const { alice, bob } = pair(w);
  const carol = w.login('carol', 1003);
  w.tell(carol, { type: 'block', user: 'alice' });
  w.tell(alice, { type: 'block', user: 'bob' });
  w.close(alice);
  const alicia = w.login('alicia', 1001);
  expect(w.expect(alicia, 'ignored').blocked).toEqual(['bob']);
  w.take(bob);
  expect([names(w, bob), names(w, alicia)]).toEqual([
    ['bob', 'carol'],
    ['bob', 'alicia'],
  ]);
});

test('a new owner of a name inherits neither blocks nor blockers', () => {
  const w = new World();
  const { alice, bob } = pair(w);
  w.tell(bob, { type: 'block', user: 'alice' });
  w.tell(alice, { type: 'block', user: 'bob' });
  w.close(alice);
  w.take(bob);
  const other = w.login('alice', 1009);
  expect(w.take(other)).toEqual([]);
  expect(w.take(bob)).toMatchObject([{ type: 'presence', user: 'alice', state: 'online' }]);
  expect(w.core.ignores.blockersOf('alice' as UserName).size).toBe(0);
  expect([names(w, other), names(w, bob)]).toEqual([
    ['bob', 'alice'],
    ['bob', 'alice'],
  ]);
});
