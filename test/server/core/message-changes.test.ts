import { describe, expect, test } from 'vitest';
import type { RoomName, Seq, UserName } from '../../../src/base/ids.ts';
import { MAX_EMOJI, MAX_REACTIONS } from '../../../src/protocol/limits.ts';
import { deliver } from '../../../src/server/core/deliver.ts';
import { WRITES } from '../../../src/server/core/limits.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { World } from './world.ts';

const LOBBY = '#lobby' as RoomName;
const say = (text: string, more: object = {}) => ({ type: 'say', to: LOBBY, text, ...more });
const edit = (seq: number, text: string, more: object = {}) => ({ type: 'edit', room: LOBBY, seq, text, ...more });
const remove = (seq: number, more: object = {}) => ({ type: 'delete', room: LOBBY, seq, ...more });
const react = (seq: number, emoji: string, more: object = {}) => ({
  type: 'react',
  room: LOBBY,
  seq,
  emoji,
  on: true,
  ...more,
});

/** What a session gets for a message, and nothing from before. */
function reply(w: World, session: Session, message: object): object[] {
  w.take(session);
  w.tell(session, message);
  return w.take(session);
}

/** A server that root runs, with two accounts and a guest. */
function setUp(options: ConstructorParameters<typeof World>[0] = {}) {
  const w = new World({ operatorUid: 0, awayAfter: 0, ...options });
  const [root, alice, bob, gil] = [w.login('root', 0), w.login('alice', 1001), w.login('bob', 1002), w.guest('gil')];
  return { w, root, alice, bob, gil };
}

describe('a reply', () => {
  test('carries the place of what it answers to everybody, and in history', () => {
    const { w, alice, bob } = setUp();
    w.tell(alice, say('lunch?'));
    w.take(bob);
    w.tell(alice, say('at noon', { re: 1, id: 'a' }));
    w.tell(alice, say('or one', { re: 2 }));
    expect(w.take(bob)).toMatchObject([
      { type: 'message', seq: 2, re: 1, id: 'a' },
      { type: 'message', seq: 3, re: 2 },
    ]);
    expect(reply(w, bob, { type: 'history', room: LOBBY })).toMatchObject([
      { messages: [{ seq: 1 }, { seq: 2, re: 1 }, { seq: 3, re: 2 }] },
    ]);
  });

  test.each([0, 2, 99])('to the place %i, where nothing is, is refused and not stored', (re) => {
    const { w, alice, bob } = setUp();
    w.tell(alice, say('lunch?'));
    w.take(bob);
    expect(reply(w, alice, say('what?', { re, id: 'r' }))).toMatchObject([
      { type: 'error', code: 'no_such_message', id: 'r', closes: false },
    ]);
    expect(w.take(bob)).toEqual([]);
  });
});

describe('a change', () => {
  test('is heard by nobody before it is on the disk', () => {
    const { w, alice, bob } = setUp();
    w.tell(alice, say('helo'));
    w.take(bob);
    w.disk = 'hold';
    w.tell(alice, edit(1, 'hello', { id: 'e' }));
    expect([w.take(alice), w.take(bob)]).toEqual([[], []]);
    w.commit();
    const time = w.now().wall;
    const changed = { type: 'changed', room: LOBBY, rev: 1, seq: 1, by: 'alice', time, text: 'hello', edited: time };
    expect(w.take(alice)).toEqual([{ ...changed, id: 'e' }]);
    expect(w.take(bob)).toEqual([changed]);
  });

  test('stands in the stream where it was made, between messages', () => {
    const { w, alice, bob } = setUp();
    w.take(bob);
    w.disk = 'hold';
    w.tell(alice, say('one', { id: 'a1' }));
    w.tell(alice, edit(1, 'two', { id: 'e' }));
    w.tell(alice, say('three', { id: 'a3' }));
    w.commit(3);
    expect(w.take(bob).map(({ type }) => type)).toEqual(['message', 'changed', 'message']);
    expect(w.take(alice).map(({ type }) => type)).toEqual(['ack', 'changed', 'ack']);
  });

  test('answers the session that asked, once, and comes to the other sessions of the user as to all', () => {
    const { w, alice } = setUp();
    const other = w.login('alice', 1001);
    w.tell(alice, say('helo'));
    w.take(other);
    expect(reply(w, alice, edit(1, 'hello', { id: 'e' }))).toMatchObject([{ type: 'changed', id: 'e' }]);
    const [changed] = w.take(other);
    expect(changed).toMatchObject({ type: 'changed', by: 'alice', text: 'hello' });
    expect(changed).not.toHaveProperty('id');
    expect(reply(w, alice, edit(1, 'hello!'))).toMatchObject([{ type: 'changed', rev: 2 }]);
  });

  test('that the store can’t take is said to whoever asked, and nobody else hears of it', () => {
    const { w, alice, bob } = setUp();
    w.tell(alice, say('hi'));
    w.take(bob);
    w.disk = 'full';
    expect(reply(w, alice, edit(1, 'x', { id: 'e' }))).toMatchObject([{ code: 'not_stored', id: 'e' }]);
    expect(w.take(bob)).toEqual([]);
    w.disk = 'good';
    expect(reply(w, alice, { type: 'ping' })).toMatchObject([{ type: 'pong' }]);
  });

  test('that changes nothing is answered to whoever asked, with no new number', () => {
    const { w, alice, bob } = setUp();
    w.tell(alice, say('hi'));
    w.tell(alice, react(1, '👍'));
    w.take(bob);
    expect(reply(w, alice, react(1, '👍', { id: 'r' }))).toMatchObject([
      { type: 'changed', id: 'r', rev: 1, reactions: [{ emoji: '👍', users: ['alice'] }] },
    ]);
    expect(reply(w, alice, edit(1, 'hi', { id: 'e' }))).toMatchObject([
      { type: 'changed', id: 'e', rev: 1, text: 'hi' },
    ]);
    expect(w.take(bob)).toEqual([]);
  });

  test('of what is not there, or in a room that one is not in, is refused', () => {
    const { w, alice, bob } = setUp();
    w.tell(alice, { type: 'join', room: '#dev' });
    w.tell(alice, { ...say('hi'), to: '#dev' });
    for (const message of [edit(1, 'x', { id: 'e' }), remove(1, { id: 'e' }), react(1, '👍', { id: 'e' })]) {
      expect(reply(w, alice, message)).toMatchObject([{ code: 'no_such_message', id: 'e', closes: false }]);
      expect(reply(w, bob, { ...message, room: '#dev' })).toMatchObject([{ code: 'not_a_member', id: 'e' }]);
      expect(reply(w, bob, { ...message, room: '#no' })).toMatchObject([{ code: 'no_such_room', id: 'e' }]);
    }
  });

  test('in a room that is closed is refused', () => {
    const { w, root, alice } = setUp();
    w.tell(alice, { type: 'join', room: '#dev' });
    w.tell(alice, { ...say('hi'), to: '#dev' });
    w.tell(root, { type: 'close', room: '#dev' });
    expect(reply(w, alice, { ...edit(1, 'x'), room: '#dev' })).toMatchObject([{ code: 'room_closed' }]);
  });

  test('counts as a message for the limit of messages, and as activity', () => {
    const { w, alice } = setUp({ rateLimit: true, awayAfter: 1000 });
    w.tell(alice, say('hi'));
    for (let i = 1; i < WRITES.burst; i++) w.tell(alice, react(1, '👍', { on: i % 2 === 1 }));
    for (const message of [edit(1, 'x', { id: 'z' }), remove(1, { id: 'z' }), react(1, '👍', { id: 'z' })])
      expect(reply(w, alice, message)).toMatchObject([{ code: 'rate_limited', id: 'z' }]);
    w.advance(2000);
    expect(w.core.users.get('alice' as UserName)?.state).toBe('away');
    w.tell(alice, edit(1, 'x'));
    expect(w.core.users.get('alice' as UserName)?.state).toBe('online');
  });

  test('by an invisible session makes nobody active', () => {
    const { w, alice } = setUp({ awayAfter: 1000 });
    const script = w.login('alice', 1001, { visible: false });
    w.tell(alice, say('hi'));
    w.advance(2000);
    w.tell(script, edit(1, 'x'));
    expect(w.core.users.get('alice' as UserName)?.state).toBe('away');
  });

  test('makes what the session says next wait, so that all is in order', () => {
    const { w, alice, bob } = setUp();
    w.tell(alice, say('hi'));
    w.take(bob);
    w.disk = 'hold';
    w.tell(alice, edit(1, 'x'));
    w.tell(alice, edit(1, 'y'));
    expect([w.waiting, w.paused.has(alice.id)]).toEqual([1, true]);
    w.commit(2);
    expect(w.take(bob)).toMatchObject([{ text: 'x' }, { text: 'y' }]);
    expect(w.paused.has(alice.id)).toBe(false);
  });

  test('whose author has gone when it is stored is told to the others', () => {
    const { w, alice, bob } = setUp();
    w.tell(alice, say('hi'));
    w.disk = 'hold';
    w.tell(alice, edit(1, 'x'));
    w.close(alice);
    w.take(bob);
    w.commit();
    expect(w.take(bob)).toMatchObject([{ type: 'changed', text: 'x' }]);
  });

  test('that was made on another server is told here, without an answer', () => {
    const { w, alice } = setUp();
    w.tell(alice, say('hi'));
    w.take(alice);
    deliver(
      w.core,
      {
        kind: 'changed',
        room: LOBBY,
        seq: 1 as Seq,
        by: 'bob' as UserName,
        time: w.now().wall,
        rev: 7,
        author: 'alice' as UserName,
        fields: { reactions: [] },
        origin: { server: 'there', session: alice.id },
      },
      w.now(),
    );
    w.tell(alice, { type: 'ping' });
    expect(w.take(alice)).toMatchObject([{ type: 'changed', rev: 7, reactions: [] }, { type: 'pong' }]);
    const room = w.core.rooms.get(LOBBY);
    expect(room?.rev).toBe(7);
  });
});

describe('the number of a room’s changes', () => {
  test('is told with the room, once there is one', () => {
    const { w, alice } = setUp();
    w.tell(alice, { type: 'join', room: '#dev' });
    expect(w.take(alice)).toMatchObject([{ type: 'room', room: { last: 0 } }]);
    w.tell(alice, { ...say('hi'), to: '#dev' });
    w.tell(alice, { ...edit(1, 'hi!'), room: '#dev' });
    w.tell(alice, { ...react(1, '👍'), room: '#dev' });
    const again = w.connectFrom(1001);
    w.identity = () => ({ kind: 'host', uid: 1001, login: 'alice' });
    w.tell(again, { type: 'hello', version: 1, auth: { method: 'host' } });
    const { rooms } = w.expect(again, 'welcome');
    expect(rooms).toMatchObject([{ name: LOBBY }, { name: '#dev', last: 1, rev: 2 }]);
    expect(rooms[0]).not.toHaveProperty('rev');
  });

  test('is known from the store at the start', () => {
    const w = new World({}, { rooms: [{ name: LOBBY, topic: '', last: 3 as Seq, rev: 9, slow: 0, closed: false }] });
    const alice = w.connect();
    w.tell(alice, { type: 'hello', version: 1, name: 'alice', auth: { method: 'guest' } });
    expect(w.expect(alice, 'welcome').rooms).toMatchObject([{ last: 3, rev: 9 }]);
  });

  test('lets a client that was away catch up, message by message as they are now', () => {
    const { w, alice, bob } = setUp();
    for (const text of ['one', 'two', 'three']) w.tell(alice, say(text));
    w.tell(alice, edit(2, 'two!'));
    w.tell(bob, react(1, '👍'));
    w.tell(alice, remove(2));
    expect(reply(w, bob, { type: 'history', room: LOBBY, changes: 1, id: 'h' })).toMatchObject([
      {
        type: 'history',
        id: 'h',
        messages: [
          { seq: 1, text: 'one', rev: 2, reactions: [{ emoji: '👍', users: ['bob'] }] },
          { seq: 2, text: '', rev: 3, deleted: true },
        ],
        more: false,
      },
    ]);
  });
});

describe('history', () => {
  test('around a place says what there is on both sides', () => {
    const { w, alice } = setUp();
    for (let i = 0; i < 9; i++) w.tell(alice, say(`${i}`));
    const [page] = reply(w, alice, { type: 'history', room: LOBBY, around: 5, limit: 3 });
    expect(page).toMatchObject({ messages: [{ seq: 4 }, { seq: 5 }, { seq: 6 }], more: true, moreOlder: true });
    expect(reply(w, alice, { type: 'history', room: LOBBY, limit: 3 })[0]).not.toHaveProperty('moreOlder');
  });

  test.each([
    { before: 1, since: 1 },
    { since: 1, around: 1 },
    { around: 1, changes: 1 },
    { before: 1, since: 1, around: 1, changes: 1 },
  ])('of two kinds at once is refused: %j', (question) => {
    const { w, alice } = setUp();
    expect(reply(w, alice, { type: 'history', room: LOBBY, id: 'h', ...question })).toMatchObject([
      { code: 'bad_message', id: 'h' },
    ]);
  });
});

describe('who may', () => {
  test('edit and delete: whoever has written it, also by another session', () => {
    const { w, alice, bob } = setUp();
    w.tell(alice, say('hi'));
    for (const message of [edit(1, 'x', { id: 'e' }), remove(1, { id: 'e' })])
      expect(reply(w, bob, message)).toMatchObject([{ code: 'not_yours', id: 'e', closes: false }]);
    w.close(alice);
    const back = w.login('alice', 1001);
    expect(reply(w, back, edit(1, 'x'))).toMatchObject([{ type: 'changed' }]);
    expect(reply(w, back, remove(1))).toMatchObject([{ type: 'changed', deleted: true }]);
    expect(reply(w, back, edit(1, 'y', { id: 'e' }))).toMatchObject([{ code: 'deleted', id: 'e' }]);
  });

  test('react: everybody in the room', () => {
    const { w, alice, bob, gil } = setUp();
    w.tell(alice, say('hi'));
    for (const session of [bob, gil]) expect(reply(w, session, react(1, '👍'))).toMatchObject([{ type: 'changed' }]);
  });

  test('delete, of anybody: an operator, which is told and in the audit log', () => {
    const { w, root, alice, bob } = setUp();
    w.tell(alice, say('spam'));
    w.tell(root, say('of root'));
    expect(reply(w, root, edit(1, 'x'))).toMatchObject([{ code: 'not_yours' }]);
    w.take(bob);
    expect(reply(w, root, remove(1, { id: 'd' }))).toMatchObject([
      { type: 'changed', id: 'd', by: 'root', deleted: true },
    ]);
    expect(w.take(bob)).toMatchObject([{ type: 'changed', seq: 1, by: 'root', deleted: true }]);
    // Of one's own it is nothing special.
    w.tell(root, remove(2));
    expect(w.audit).toEqual(['root delete #lobby 1 alice']);
    expect(w.notices.filter(({ kind }) => kind === 'audit')).toEqual([
      { kind: 'audit', by: 'root', action: 'delete', target: '#lobby 1', detail: 'alice' },
    ]);
  });

  test('an operator also in a room that they are not in, and hears what came of it', () => {
    const { w, root, alice } = setUp();
    w.tell(alice, { type: 'join', room: '#dev' });
    w.tell(alice, { ...say('spam'), to: '#dev' });
    expect(reply(w, root, { ...remove(1, { id: 'd' }), room: '#dev' })).toMatchObject([{ type: 'changed', id: 'd' }]);
    expect(reply(w, root, { ...edit(1, 'x', { id: 'e' }), room: '#dev' })).toMatchObject([{ code: 'not_a_member' }]);
  });

  test('somebody who is no operator any more may not', () => {
    const { w, root, alice, bob } = setUp();
    w.tell(alice, say('hi'));
    w.tell(root, { type: 'op', user: 'bob' });
    w.tell(root, { type: 'deop', user: 'bob' });
    expect(reply(w, bob, remove(1))).toMatchObject([{ code: 'not_yours' }]);
  });
});

describe('a guest', () => {
  test('changes what they have written since they came, by any of their sessions', () => {
    const { w, gil } = setUp();
    w.tell(gil, say('hi'));
    const other = w.guest('gil');
    expect(reply(w, other, edit(1, 'x'))).toMatchObject([{ type: 'changed' }]);
    w.close(gil);
    expect(reply(w, other, remove(1))).toMatchObject([{ type: 'changed' }]);
  });

  test('changes nothing of one who had the name before, though it is the same name', () => {
    const { w, gil } = setUp();
    w.tell(gil, say('of the first'));
    w.close(gil);
    const second = w.guest('gil', '10.0.0.9');
    w.tell(second, say('of the second'));
    for (const message of [edit(1, 'x'), remove(1)])
      expect(reply(w, second, message)).toMatchObject([{ code: 'not_yours' }]);
    expect(reply(w, second, edit(2, 'x'))).toMatchObject([{ type: 'changed' }]);
  });

  test('nor in other rooms, nor by leaving and coming back', () => {
    const { w, gil, alice } = setUp();
    const inDev = (message: object): object => ({ ...message, room: '#dev' });
    w.tell(alice, { type: 'join', room: '#dev' });
    w.tell(gil, { type: 'join', room: '#dev' });
    w.tell(gil, { ...say('of the first'), to: '#dev' });
    w.close(gil);
    const second = w.guest('gil', '10.0.0.9');
    w.tell(second, { type: 'join', room: '#dev' });
    expect(reply(w, second, inDev(remove(1)))).toMatchObject([{ code: 'not_yours' }]);
    w.tell(second, { ...say('of the second'), to: '#dev' });
    expect(reply(w, second, inDev(edit(2, 'x')))).toMatchObject([{ type: 'changed' }]);
    w.tell(second, { type: 'leave', room: '#dev' });
    w.tell(second, { type: 'join', room: '#dev' });
    expect(reply(w, second, inDev(edit(1, 'x')))).toMatchObject([{ code: 'not_yours' }]);
  });

  test('nor what was on its way to the disk when the one before went', () => {
    const { w, gil } = setUp();
    w.disk = 'hold';
    w.tell(gil, say('of the first'));
    w.close(gil);
    const second = w.guest('gil', '10.0.0.9');
    w.commit();
    w.disk = 'good';
    expect(reply(w, second, remove(1))).toMatchObject([{ code: 'not_yours' }]);
    w.tell(second, say('of the second'));
    expect(reply(w, second, edit(2, 'x'))).toMatchObject([{ type: 'changed' }]);
  });

  test('whose one session goes while a message is on its way keeps it by the other', () => {
    const { w, gil } = setUp();
    const other = w.guest('gil');
    w.disk = 'hold';
    w.tell(other, say('hi'));
    w.close(other);
    w.commit();
    w.disk = 'good';
    expect(reply(w, gil, edit(1, 'x'))).toMatchObject([{ type: 'changed' }]);
  });
});

describe('reactions', () => {
  test('are one emoji each', () => {
    const { w, alice } = setUp();
    w.tell(alice, say('hi'));
    for (const emoji of ['👍', '❤️', '1️⃣', '🇬🇧', '👍🏽', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '👨‍👩‍👧‍👦'])
      expect(reply(w, alice, react(1, emoji))).toMatchObject([{ type: 'changed' }]);
    for (const emoji of ['', 'x', 'ok', '👍👍', '👍 ', '❤', '1', '🇬', '\u200d', '\u001b[31m', '👍\u202e', '👨‍👩‍👧‍👦‍👦'])
      expect(reply(w, alice, react(1, emoji)), emoji).toMatchObject([{ code: 'bad_message' }]);
  });

  test('have limits, of different ones and of all', () => {
    const { w, alice } = setUp();
    w.tell(alice, say('hi'));
    const emoji = Array.from('😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰😗😙😚🙂🤗');
    expect(emoji).toHaveLength(MAX_EMOJI);
    for (const one of emoji) w.tell(alice, react(1, one));
    expect(reply(w, alice, react(1, '👍', { id: 'r' }))).toMatchObject([{ code: 'too_many_reactions', id: 'r' }]);
    for (let i = 0; i < MAX_REACTIONS - MAX_EMOJI; i++) w.tell(w.guest(`g${i}`), react(1, '😀'));
    expect(reply(w, w.guest('last'), react(1, '😀'))).toMatchObject([{ code: 'too_many_reactions' }]);
  });
});

test('the operator sees edits and deletions, and not who likes what', () => {
  const { w, root, alice } = setUp();
  w.tell(alice, say('helo'));
  w.notices.length = 0;
  w.tell(alice, edit(1, 'hello'));
  w.tell(alice, react(1, '👍'));
  w.tell(root, remove(1));
  expect(w.notices).toEqual([
    { kind: 'edited', room: LOBBY, seq: 1, by: 'alice', text: 'hello' },
    { kind: 'audit', by: 'root', action: 'delete', target: '#lobby 1', detail: 'alice' },
    { kind: 'deleted', room: LOBBY, seq: 1, by: 'root', author: 'alice' },
  ]);
});
