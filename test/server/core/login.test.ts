import { expect, test } from 'vitest';
import { HELLO_WITHIN_MS } from '../../../src/protocol/limits.ts';
import type { RoomRecord } from '../../../src/server/store/store.ts';
import { World } from './world.ts';

const GUEST = { type: 'hello', version: 1, name: 'bob', auth: { method: 'guest' } };
const HOST = { type: 'hello', version: 1, auth: { method: 'host' } };

test('a guest gets a tilde, the lobby, and the server’s rules', () => {
  const w = new World();
  const bob = w.connect();
  w.tell(bob, GUEST);
  expect(w.expect(bob, 'welcome')).toMatchObject({
    version: 1,
    user: '~bob',
    awayAfter: 10_000,
    logOffAfter: 60_000,
    rooms: [{ name: '#lobby', topic: '', last: 0 }],
  });
  expect(w.lobby).toContain(bob.id);
  expect(w.notices).toContainEqual({ kind: 'online', user: '~bob', by: 'guest', from: '127.0.0.1' });
});

test.each([
  ['guests are refused where they are not let in', { guests: false }, GUEST, 'guests_refused'],
  ['a guest must bring a name', {}, { ...GUEST, name: undefined }, 'name_required'],
  ['a version that nobody speaks is refused', {}, { ...GUEST, version: 2 }, 'version_unsupported'],
  ['the host log-in can be switched off', { hostLogin: false }, HOST, 'host_login_off'],
  ['who the kernel does not know is nobody', {}, HOST, 'host_login_failed'],
  ['the first message must be hello', {}, { type: 'say', to: '#lobby', text: 'x' }, 'hello_expected'],
  ['nobody lists people before the log-in', {}, { type: 'who', follow: true }, 'hello_expected'],
])('%s', (_, options, hello, code) => {
  const w = new World(options);
  const session = w.connect();
  w.tell(session, hello);
  expect(w.expect(session, 'error')).toMatchObject({ code, closes: true });
  expect(w.ended).toContain(session.id);
  expect(w.core.users.size).toBe(0);
  expect(w.lobby.size).toBe(0);
});

test('the host log-in is for this host only', () => {
  const w = new World();
  const session = w.connect('10.0.0.7');
  w.identity = () => ({ kind: 'host', uid: 0, login: 'root' });
  w.tell(session, HOST);
  expect(w.expect(session, 'error').code).toBe('host_login_off');
});

test('the kernel vouches: the account is the Unix login', () => {
  const w = new World();
  const session = w.connect();
  w.identity = () => ({ kind: 'host', uid: 1004, login: 'dave' });
  w.tell(session, { ...HOST, name: 'dave' });
  expect(w.expect(session, 'welcome').user).toBe('dave');
  expect(w.saved).toEqual(['account 1004 dave']);
  expect(w.notices).toContainEqual({ kind: 'online', user: 'dave', by: 'host', from: 'uid 1004' });
});

test.each([
  ['a name that is not one’s own is refused', 'dave', { ...HOST, name: 'erin' }, 'name_mismatch'],
  ['case is part of a login', 'dave', { ...HOST, name: 'Dave' }, 'name_mismatch'],
  ['a login that no list could show is refused', 'd\u00e4ve', HOST, 'name_unusable'],
  ['a login with a sign of guests is refused', '~dave', HOST, 'name_unusable'],
  ['a uid without a name is nobody', undefined, HOST, 'host_login_failed'],
])('%s', (_, login, hello, code) => {
  const w = new World();
  const session = w.connect();
  w.identity = () => ({ kind: 'host', uid: 1004, login });
  w.tell(session, hello);
  expect(w.expect(session, 'error')).toMatchObject({ code, closes: true });
  expect(w.saved).toEqual([]);
});

test('a guest may not be called like a Unix login', () => {
  const w = new World();
  const session = w.connect();
  w.identity = () => ({ kind: 'guest', source: 'uid 1', reserved: true });
  w.tell(session, { ...GUEST, name: 'Root' });
  expect(w.expect(session, 'error').code).toBe('name_reserved');
});

test('two sources can’t share a guest’s name, in whatever case, until it is free', () => {
  const w = new World();
  const first = w.guest('Bob', '10.0.0.7');
  const second = w.connect('10.0.0.8');
  w.tell(second, GUEST);
  expect(w.expect(second, 'error').code).toBe('name_taken');
  w.close(first);
  expect(w.guest('bob', '10.0.0.8')).toBeDefined();
});

test('one source may open several sessions as one guest, who keeps one name', () => {
  const w = new World();
  w.guest('Bob', '10.0.0.7');
  const again = w.connect('10.0.0.7');
  w.tell(again, GUEST);
  expect(w.expect(again, 'welcome').user).toBe('~Bob');
  expect(w.core.users.size).toBe(1);
});

test('a second hello is refused and changes nothing', () => {
  const w = new World();
  const bob = w.guest('bob');
  w.tell(bob, { ...GUEST, name: 'carol' });
  expect(w.expect(bob, 'error')).toMatchObject({ code: 'already_logged_in', closes: false });
  expect([...w.core.users.keys()]).toEqual(['~bob']);
});

test('who says no hello in time is cut off', () => {
  const w = new World();
  const silent = w.connect();
  w.tell(silent, { type: 'ping' });
  w.advance(HELLO_WITHIN_MS - 1);
  expect(w.ended).not.toContain(silent.id);
  w.advance(1);
  expect(w.take(silent).map(({ type }) => type)).toEqual(['pong', 'error']);
  expect(w.ended).toContain(silent.id);
});

test('what is sent right behind hello waits for the log-in', () => {
  const w = new World();
  const session = w.connect();
  const { identity } = w;
  let sentMore = false;
  w.identity = (...about) => {
    // The host is still being asked: this is what comes meanwhile.
    if (!sentMore) {
      sentMore = true;
      w.core.sessions.get(session.id);
      expect(session.waitsFor).toBe('answer');
      w.receive(session, { type: 'say', to: '#lobby' as never, text: 'hi', id: 'a' as never });
      expect(w.take(session)).toEqual([]);
    }
    return identity(...about);
  };
  w.tell(session, GUEST);
  expect(w.take(session).map(({ type }) => type)).toEqual(['welcome', 'ack']);
  expect(w.paused).not.toContain(session.id);
});

test('the uid is the person: a new name keeps its rooms, and a name that was somebody else’s brings none', () => {
  const dev = { name: '#dev', topic: '', last: 0 } as RoomRecord;
  const account = { name: 'dave', uid: 1004, lastSeen: 0 } as never;
  const stored = { rooms: [dev], memberships: [{ room: '#dev', user: 'dave' }] as never, accounts: [account] };
  const renamed = new World({}, stored);
  const david = renamed.connect();
  renamed.identity = () => ({ kind: 'host', uid: 1004, login: 'david' });
  renamed.tell(david, { ...HOST, visible: false });
  expect(renamed.expect(david, 'welcome').rooms.map(({ name }) => name)).toEqual(['#lobby', '#dev']);

  // Scripts log in again and again: the rooms stay.
  for (const _ of [1, 2]) {
    const script = renamed.connect();
    renamed.tell(script, { ...HOST, visible: false });
    expect(renamed.expect(script, 'welcome').rooms).toHaveLength(2);
  }

  const reused = new World({}, stored);
  const other = reused.connect();
  reused.identity = () => ({ kind: 'host', uid: 2000, login: 'dave' });
  reused.tell(other, HOST);
  expect(reused.expect(other, 'welcome').rooms.map(({ name }) => name)).toEqual(['#lobby']);
});
