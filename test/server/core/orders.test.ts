import { expect, test } from 'vitest';
import { type RoomName, type UserName, unixMs } from '../../../src/base/ids.ts';
import { LAST_TIME } from '../../../src/protocol/fields.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { World } from './world.ts';

const HOUR = 3_600_000;

/** A server that root runs; root and two others are here. */
function setUp(options: ConstructorParameters<typeof World>[0] = {}) {
  const w = new World({ operatorUid: 0, awayAfter: 0, ...options });
  const [root, alice, bob] = [w.login('root', 0), w.login('alice', 1001), w.guest('bob', '10.0.0.7')];
  return { w, root, alice, bob };
}

const reply = (w: World, session: Session, message: object): object[] => {
  w.take(session);
  w.tell(session, message);
  return w.take(session);
};

test('the user who runs the server is its operator, and the welcome says so', () => {
  const w = new World({ operatorUid: 0 });
  const root = w.connectFrom(0);
  w.identity = () => ({ kind: 'host', uid: 0, login: 'root' });
  w.tell(root, { type: 'hello', version: 1, auth: { method: 'host' } });
  expect(w.expect(root, 'welcome')).toMatchObject({ user: 'root', operator: true });
  const alice = w.connectFrom(1001);
  w.identity = () => ({ kind: 'host', uid: 1001, login: 'alice' });
  w.tell(alice, { type: 'hello', version: 1, auth: { method: 'host' } });
  expect(w.expect(alice, 'welcome')).not.toHaveProperty('operator');
});

test('where nobody’s user id is known, nobody is an operator by it', () => {
  const w = new World({ operatorUid: undefined });
  const bob = w.guest('bob');
  expect(reply(w, bob, { type: 'kick', user: 'x' })).toMatchObject([{ code: 'not_operator' }]);
});

const ORDERS = [
  { type: 'op', user: 'alice' },
  { type: 'deop', user: 'alice' },
  { type: 'kick', user: 'alice' },
  { type: 'ban', target: 'alice' },
  { type: 'unban', target: 'alice' },
  { type: 'bans' },
  { type: 'slow', room: '#lobby', every: 10_000 },
  { type: 'close', room: '#lobby' },
];
test.each(ORDERS)('who is no operator is refused: $type', (order) => {
  const { w, alice, bob } = setUp();
  for (const session of [alice, bob])
    expect(reply(w, session, { ...order, id: 'x' })).toMatchObject([{ code: 'not_operator', id: 'x', closes: false }]);
  expect(w.audit).toEqual([]);
});

test('an account that is made an operator hears of it, may, and is unmade again', () => {
  const { w, root, alice } = setUp();
  expect(reply(w, root, { type: 'op', user: 'alice', id: '1' })).toEqual([
    { type: 'done', id: '1', text: 'alice is an operator now' },
  ]);
  expect(w.take(alice)).toEqual([{ type: 'done', text: 'root has made you an operator', operator: true }]);
  expect(reply(w, alice, { type: 'bans' })).toMatchObject([{ type: 'bans', bans: [] }]);
  expect(reply(w, alice, { type: 'op', user: 'alice' })).toMatchObject([{ type: 'done' }]);
  expect(reply(w, root, { type: 'deop', user: 'alice' })).toMatchObject([{ type: 'done' }]);
  expect(w.take(alice)).toEqual([{ type: 'done', text: 'root has ended your being an operator', operator: false }]);
  expect(reply(w, alice, { type: 'bans' })).toMatchObject([{ code: 'not_operator' }]);
  expect(reply(w, root, { type: 'deop', user: 'alice' })).toMatchObject([{ code: 'no_such_user' }]);
  expect(w.audit).toEqual(['root op alice', 'root deop alice']);
  expect(w.notices.filter(({ kind }) => kind === 'audit')).toHaveLength(2);
});

test('a guest is no operator, nor is a name without an account, and nobody unmakes the server’s own user', () => {
  const { w, root, alice } = setUp();
  w.unknown.add('nobody');
  expect(reply(w, root, { type: 'op', user: '~bob' })).toMatchObject([{ code: 'no_account' }]);
  expect(reply(w, root, { type: 'op', user: 'nobody', id: 'n' })).toMatchObject([{ code: 'no_such_user', id: 'n' }]);
  w.tell(root, { type: 'op', user: 'alice' });
  w.take(alice);
  expect(reply(w, alice, { type: 'deop', user: 'root' })).toMatchObject([{ code: 'protected_user' }]);
});

test('operators are remembered, and a name that is somebody else’s now is no operator', () => {
  const accounts = [{ name: 'alice' as UserName, uid: 1001, lastSeen: unixMs(1) }];
  const w = new World({ operatorUid: 0 }, { operators: ['alice' as UserName], accounts });
  const alice = w.login('alice', 1001);
  expect(reply(w, alice, { type: 'bans' })).toMatchObject([{ type: 'bans' }]);
  const renamed = w.login('alicia', 1001);
  expect(reply(w, renamed, { type: 'bans' })).toMatchObject([{ type: 'bans' }]);
  const other = w.login('alice', 1002);
  expect(reply(w, other, { type: 'bans' })).toMatchObject([{ code: 'not_operator' }]);
});

test('who is kicked loses every session, is told why, and may come back', () => {
  const { w, root, alice } = setUp();
  const second = w.login('alice', 1001);
  w.tell(root, { type: 'kick', user: 'alice', reason: 'too loud', id: 'k' });
  for (const session of [alice, second]) {
    expect(w.expect(session, 'error')).toMatchObject({
      code: 'kicked',
      closes: true,
      text: 'root has put you out: too loud',
    });
    expect(w.ended).toContain(session.id);
  }
  expect(w.expect(root, 'done')).toMatchObject({ id: 'k' });
  w.login('alice', 1001);
  expect(w.audit).toEqual(['root kick alice too loud']);
  expect(reply(w, root, { type: 'kick', user: 'nobody' })).toMatchObject([{ code: 'no_such_user' }]);
  expect(reply(w, root, { type: 'kick', user: '~BOB' })).toMatchObject([{ type: 'done' }]);
});

test('nobody puts out the server’s own user, or themself', () => {
  const { w, root, alice } = setUp();
  w.tell(root, { type: 'op', user: 'alice' });
  w.take(alice);
  for (const message of [
    { type: 'kick', user: 'root' },
    { type: 'ban', target: 'root' },
    { type: 'ban', target: 'uid 0' },
    { type: 'kick', user: 'alice' },
    { type: 'ban', target: 'alice' },
    { type: 'ban', target: 'uid 1001' },
  ])
    expect(reply(w, alice, message), JSON.stringify(message)).toMatchObject([{ code: 'protected_user' }]);
  expect(reply(w, root, { type: 'ban', target: '127.0.0.1' })).toMatchObject([{ code: 'bad_message' }]);
  expect(reply(w, root, { type: 'ban', target: '::1' })).toMatchObject([{ code: 'bad_message' }]);
  expect(w.audit).toEqual(['root op alice']);
});

test('a ban by name puts out who is here, keeps out who comes, and ends', () => {
  const { w, root, alice } = setUp();
  w.tell(root, { type: 'ban', target: 'alice', for: HOUR, reason: 'spam', id: 'b' });
  expect(w.expect(alice, 'error')).toMatchObject({ code: 'banned', closes: true });
  expect(w.expect(root, 'done').text).toBe('alice is banned for 1 h; put out: alice');
  const again = w.connectFrom(1001);
  w.identity = () => ({ kind: 'host', uid: 1001, login: 'alice' });
  const hello = { type: 'hello', version: 1, auth: { method: 'host' } };
  w.tell(again, hello);
  expect(w.expect(again, 'error')).toMatchObject({
    code: 'banned',
    text: 'root has banned you until 1970-01-01 02:00 UTC: spam',
  });
  expect([...w.core.users.keys()]).not.toContain('alice');
  w.advance(HOUR);
  const later = w.connectFrom(1001);
  w.tell(later, hello);
  w.expect(later, 'welcome');
  expect(reply(w, root, { type: 'bans' })).toMatchObject([{ bans: [] }]);
  expect(w.audit).toEqual(['root ban alice for 1 h: spam']);
});

test('a guest’s name is banned however it is written', () => {
  const { w, root, bob } = setUp();
  w.tell(root, { type: 'ban', target: '~BOB' });
  expect(w.expect(bob, 'error')).toMatchObject({ code: 'banned' });
  const again = w.connect('10.0.0.8');
  w.tell(again, { type: 'hello', version: 1, name: 'Bob', auth: { method: 'guest' } });
  expect(w.expect(again, 'error')).toMatchObject({ code: 'banned' });
});

test('a ban that is longer than a date can say is for good', () => {
  const { w, root, alice } = setUp();
  w.tell(root, { type: 'ban', target: 'alice', for: LAST_TIME + 1 });
  expect(w.expect(alice, 'error')).toMatchObject({ code: 'banned', text: 'root has banned you' });
  expect(w.expect(root, 'done').text).toBe('alice is banned for good; put out: alice');
  w.tell(root, { type: 'bans' });
  expect(w.expect(root, 'bans').bans[0]).not.toHaveProperty('until');
});

test('a ban by user id hits accounts and guests of that user, before they say anything', () => {
  const { w, root, alice } = setUp();
  const guest = w.connectFrom(1001);
  w.tell(root, { type: 'ban', target: 'uid 1001' });
  for (const session of [alice, guest]) expect(w.expect(session, 'error')).toMatchObject({ code: 'banned' });
  const again = w.connectFrom(1001);
  expect(w.expect(again, 'error')).toMatchObject({ code: 'banned' });
  expect(reply(w, root, { type: 'unban', target: 'uid 1001' })).toMatchObject([{ type: 'done' }]);
  w.login('alice', 1001);
});

test('a ban by address hits an IPv6 subscriber’s whole /64, and is shown and ended as such', () => {
  const { w, root, bob } = setUp();
  const near = w.guest('carol', '2001:db8:1:2::5');
  w.tell(root, { type: 'ban', target: '2001:DB8:1:2:aaaa::1' });
  w.take(root);
  expect(w.expect(near, 'error')).toMatchObject({ code: 'banned' });
  expect(w.take(w.connect('2001:db8:1:2:ffff::9'))).toMatchObject([{ code: 'banned' }]);
  w.guest('dave', '2001:db8:1:3::1');
  w.tell(root, { type: 'ban', target: '10.0.0.7', for: HOUR });
  w.take(root);
  expect(w.expect(bob, 'error')).toMatchObject({ code: 'banned' });
  const [list] = reply(w, root, { type: 'bans', id: 'l' });
  expect(list).toMatchObject({
    id: 'l',
    bans: [{ target: '2001:db8:1:2::/64', by: 'root', reason: '' }, { target: '10.0.0.7' }],
    more: false,
  });
  expect(reply(w, root, { type: 'unban', target: '2001:db8:1:2::/64' })).toMatchObject([{ type: 'done' }]);
  w.guest('carol', '2001:db8:1:2::5');
  expect(reply(w, root, { type: 'unban', target: '10.9.9.9' })).toMatchObject([{ code: 'no_such_ban' }]);
});

test('a list of bans longer than a frame comes in several, and there may not be more than a thousand', () => {
  const { w, root } = setUp();
  for (let i = 0; i < 1000; i++) w.tell(root, { type: 'ban', target: `uid ${5000 + i}` });
  w.take(root);
  expect(reply(w, root, { type: 'ban', target: 'uid 9999' })).toMatchObject([{ code: 'too_many_bans' }]);
  const frames = reply(w, root, { type: 'bans' }) as { bans: object[]; more: boolean }[];
  expect(frames.map(({ bans, more }) => [bans.length, more])).toEqual([
    ...Array.from({ length: 19 }, () => [50, true]),
    [50, false],
  ]);
});

test('in a slow room everybody writes once in a while, operators as they like', () => {
  const { w, root, alice, bob } = setUp();
  w.tell(root, { type: 'slow', room: '#lobby', every: 10_000, id: 's' });
  for (const session of [alice, bob])
    expect(w.take(session)).toMatchObject([{ type: 'room', room: { name: '#lobby', slow: 10_000 } }]);
  expect(w.take(root)).toMatchObject([{ type: 'room' }, { type: 'done', id: 's' }]);
  w.tell(alice, { type: 'say', to: '#lobby', text: '1', id: 'a1' });
  w.advance(4000);
  expect(reply(w, alice, { type: 'say', to: '#lobby', text: '2', id: 'a2' })).toMatchObject([
    { code: 'slow_mode', id: 'a2', text: '#lobby is in slow mode: you may write again in 6 s' },
  ]);
  // It came back without its acknowledgement.
  expect(reply(w, alice, { type: 'say', to: '#lobby', text: '1', id: 'a1' })).toMatchObject([{ type: 'ack', seq: 1 }]);
  w.take(bob);
  w.tell(bob, { type: 'say', to: '#lobby', text: '3' });
  const other = w.guest('bobby', '10.0.0.7');
  expect(reply(w, other, { type: 'say', to: '#lobby', text: '4' })).toMatchObject([{ code: 'slow_mode' }]);
  for (const text of ['5', '6']) w.tell(root, { type: 'say', to: '#lobby', text });
  w.advance(6000);
  w.take(alice);
  expect(reply(w, alice, { type: 'say', to: '#lobby', text: '7', id: 'a7' })).toMatchObject([{ type: 'ack' }]);
  w.tell(root, { type: 'slow', room: '#lobby', every: 0 });
  expect(w.take(alice).at(-1)).toEqual({ type: 'room', room: { name: '#lobby', topic: '', last: 5 } });
  expect(reply(w, root, { type: 'slow', room: '#lobby', every: 90_000_000 }).at(-1)).toMatchObject({
    code: 'bad_message',
  });
  expect(w.audit).toEqual(['root slow #lobby every 10 s', 'root slow #lobby off']);
});

test('a room that is closed is empty and stays shut until an operator comes in', () => {
  const { w, root, alice, bob } = setUp();
  for (const session of [alice, bob]) w.tell(session, { type: 'join', room: '#dev' });
  w.tell(alice, { type: 'say', to: '#dev', text: 'x', id: 'a' });
  for (const session of [alice, bob]) w.take(session);
  w.tell(root, { type: 'close', room: '#dev', reason: 'moved', id: 'c' });
  expect(w.take(alice)).toMatchObject([
    { type: 'left', room: '#dev', user: 'alice', reason: 'root has closed the room: moved' },
  ]);
  expect(w.take(bob)).toMatchObject([{ type: 'left', user: '~bob' }]);
  expect(w.take(root)).toMatchObject([{ type: 'done', id: 'c' }]);
  expect(w.channels.get('#dev' as RoomName)?.size).toBe(0);
  for (const message of [
    { type: 'join', room: '#dev' },
    { type: 'say', to: '#dev', text: 'y' },
    { type: 'history', room: '#dev' },
    { type: 'topic', room: '#dev', text: 'y' },
  ])
    expect(reply(w, alice, message)).toMatchObject([{ code: 'room_closed' }]);
  expect(reply(w, alice, { type: 'rooms' })).toMatchObject([{ rooms: [{ name: '#lobby' }] }]);
  expect(reply(w, root, { type: 'rooms' })).toMatchObject([{ rooms: [{ name: '#lobby' }, { name: '#dev' }] }]);
  expect(reply(w, root, { type: 'close', room: '#dev' })).toMatchObject([{ code: 'room_closed' }]);
  expect(reply(w, root, { type: 'join', room: '#dev' })).toMatchObject([{ type: 'room', room: { last: 1 } }]);
  expect(reply(w, alice, { type: 'join', room: '#dev' })).toMatchObject([{ type: 'room', room: { last: 1 } }]);
  expect(w.audit).toEqual(['root close #dev moved', 'root reopen #dev']);
});

test('#lobby can’t be closed, nor what isn’t there', () => {
  const { w, root } = setUp();
  expect(reply(w, root, { type: 'close', room: '#lobby' })).toMatchObject([{ code: 'lobby_is_for_all' }]);
  expect(reply(w, root, { type: 'close', room: '#none' })).toMatchObject([{ code: 'no_such_room' }]);
  expect(reply(w, root, { type: 'slow', room: '#none', every: 1 })).toMatchObject([{ code: 'no_such_room' }]);
});

test('an order that can’t be stored isn’t carried out', () => {
  const { w, root, alice } = setUp();
  w.tell(alice, { type: 'join', room: '#dev' });
  w.take(alice);
  w.disk = 'full';
  for (const message of [
    { type: 'kick', user: 'alice' },
    { type: 'ban', target: 'alice' },
    { type: 'close', room: '#dev' },
    { type: 'slow', room: '#dev', every: 5000 },
    { type: 'op', user: 'alice' },
  ])
    expect(reply(w, root, message)).toMatchObject([{ code: 'not_stored' }]);
  w.disk = 'good';
  expect(w.take(alice)).toEqual([]);
  expect(reply(w, alice, { type: 'say', to: '#dev', text: 'x', id: '1' })).toMatchObject([{ type: 'ack' }]);
  expect(reply(w, root, { type: 'bans' })).toMatchObject([{ bans: [] }]);
});

test('a topic that an operator sets, also from outside the room, is in the audit log', () => {
  const { w, root, alice } = setUp();
  w.tell(alice, { type: 'join', room: '#dev' });
  w.take(alice);
  expect(reply(w, root, { type: 'topic', room: '#dev', text: 'be kind', id: 't' })).toMatchObject([{ type: 'topic' }]);
  expect(w.take(alice)).toMatchObject([{ type: 'topic', text: 'be kind', by: 'root' }]);
  w.tell(alice, { type: 'topic', room: '#dev', text: 'x' });
  expect(w.audit).toEqual(['root topic #dev be kind']);
});
