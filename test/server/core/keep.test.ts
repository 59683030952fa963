import { expect, test } from 'vitest';
import type { RoomName, Seq } from '../../../src/base/ids.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import { noteKept } from '../../../src/server/core/kept.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { World } from './world.ts';

const DAY = 86_400_000;
const DEV = '#dev' as RoomName;

function setUp(options: ConstructorParameters<typeof World>[0] = {}) {
  const w = new World({ operatorUid: 0, awayAfter: 0, ...options });
  return { w, root: w.login('root', 0), alice: w.login('alice', 1001) };
}

const reply = (w: World, session: Session, message: object): object[] => {
  w.take(session);
  w.tell(session, message);
  return w.take(session);
};

test('whoever is in a room may ask what is kept there, and since when', () => {
  const { w, alice } = setUp({ keep: { age: 90 * DAY } });
  w.tell(alice, { type: 'say', to: LOBBY, text: 'hi' });
  expect(reply(w, alice, { type: 'keep', room: LOBBY, id: 'k' })).toEqual([
    { type: 'kept', id: 'k', room: LOBBY, keep: { age: 90 * DAY }, own: false, first: 1, since: w.now().wall },
  ]);
  w.messages.forget(LOBBY, 2 as Seq);
  noteKept(w.core, [{ room: LOBBY, first: 2 as Seq }]);
  expect(reply(w, alice, { type: 'keep', room: LOBBY })).toEqual([
    { type: 'kept', room: LOBBY, keep: { age: 90 * DAY }, own: false, first: 2 },
  ]);
});

test('of a room that one is not in only operators may ask, and of none nobody', () => {
  const { w, root, alice } = setUp();
  w.tell(root, { type: 'join', room: DEV });
  w.tell(root, { type: 'leave', room: DEV });
  expect(reply(w, alice, { type: 'keep', room: DEV })).toMatchObject([{ code: 'not_a_member' }]);
  expect(reply(w, root, { type: 'keep', room: DEV })).toMatchObject([{ type: 'kept', keep: {}, own: false, first: 1 }]);
  for (const session of [alice, root])
    expect(reply(w, session, { type: 'keep', room: '#none' })).toMatchObject([{ code: 'no_such_room' }]);
});

test('an operator gives a room a rule of its own; all in it are told, and it is in the audit log', () => {
  const { w, root, alice } = setUp({ keep: { age: 90 * DAY } });
  w.take(alice);
  expect(reply(w, root, { type: 'keep', room: LOBBY, keep: { bytes: 1e9 }, id: 'k' })).toEqual([
    { type: 'kept', room: LOBBY, keep: { bytes: 1e9 }, own: true, first: 1 },
    { type: 'done', id: 'k', text: 'messages of #lobby are kept up to 1 GB now' },
  ]);
  expect(w.take(alice)).toEqual([{ type: 'kept', room: LOBBY, keep: { bytes: 1e9 }, own: true, first: 1 }]);
  expect(reply(w, root, { type: 'keep', room: LOBBY, keep: {} }).at(-1)).toMatchObject({
    text: 'messages of #lobby are kept forever now',
  });
  expect(reply(w, root, { type: 'keep', room: LOBBY, default: true }).at(-1)).toMatchObject({
    text: "messages of #lobby are kept for 90 days now, the server's rule",
  });
  expect(w.audit).toEqual(['root keep #lobby 1GB', 'root keep #lobby forever', 'root keep #lobby default']);
});

test('nobody else may, and what is no rule is refused', () => {
  const { w, root, alice } = setUp();
  expect(reply(w, alice, { type: 'keep', room: LOBBY, keep: { age: DAY }, id: 'k' })).toMatchObject([
    { code: 'not_operator', id: 'k' },
  ]);
  expect(reply(w, alice, { type: 'keep', room: LOBBY, default: true })).toMatchObject([{ code: 'not_operator' }]);
  expect(reply(w, root, { type: 'keep', room: '#none', keep: {} })).toMatchObject([{ code: 'no_such_room' }]);
  for (const wrong of [{ keep: { age: 1000 } }, { keep: { bytes: 1 } }, { keep: {}, default: true }])
    expect(reply(w, root, { type: 'keep', room: LOBBY, ...wrong })).toMatchObject([{ code: 'bad_message' }]);
  expect(w.audit).toEqual([]);
});

test('who enters a room and who lists them is told what is kept', () => {
  const { w, root, alice } = setUp({ keep: { age: DAY } });
  w.tell(root, { type: 'join', room: DEV });
  w.tell(root, { type: 'keep', room: DEV, keep: { bytes: 1e9 } });
  noteKept(w.core, [
    { room: DEV, first: 7 as Seq },
    { room: '#none' as RoomName, first: 7 as Seq },
  ]);
  expect(reply(w, alice, { type: 'join', room: DEV })).toMatchObject([
    { type: 'room', room: { name: DEV, first: 7, keep: { bytes: 1e9 } } },
  ]);
  expect(reply(w, alice, { type: 'rooms' })).toMatchObject([
    {
      rooms: [
        { name: LOBBY, keep: { age: DAY } },
        { name: DEV, keep: { bytes: 1e9 } },
      ],
    },
  ]);
});

test('a rule outlives the server, and so does where a room begins', () => {
  const rooms = [
    { name: LOBBY, topic: '', last: 9 as Seq, rev: 0, slow: 0, closed: false, first: 4 as Seq, keep: { age: DAY } },
  ];
  const w = new World({ operatorUid: 0 }, { rooms });
  const alice = w.login('alice', 1001);
  expect(reply(w, alice, { type: 'keep', room: LOBBY })).toMatchObject([{ keep: { age: DAY }, own: true, first: 4 }]);
});

test('what is gone can not be changed, and may still be answered', () => {
  const { w, alice } = setUp();
  w.tell(alice, { type: 'say', to: LOBBY, text: 'hi' });
  w.messages.forget(LOBBY, 2 as Seq);
  for (const message of [
    { type: 'edit', room: LOBBY, seq: 1, text: 'x' },
    { type: 'delete', room: LOBBY, seq: 1 },
    { type: 'react', room: LOBBY, seq: 1, emoji: '👍', on: true },
  ])
    expect(reply(w, alice, { ...message, id: 'c' })).toMatchObject([{ code: 'not_kept', id: 'c', closes: false }]);
  expect(reply(w, alice, { type: 'say', to: LOBBY, text: 'yes', re: 1, id: 's' })).toMatchObject([
    { type: 'ack', seq: 2 },
  ]);
  expect(reply(w, alice, { type: 'history', room: LOBBY, since: 0, id: 'h' })).toMatchObject([
    { type: 'history', messages: [{ seq: 2 }], first: 2 },
  ]);
});
