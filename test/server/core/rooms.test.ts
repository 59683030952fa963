import { expect, test } from 'vitest';
import { MAX_ROOMS_OF_USER } from '../../../src/protocol/server-messages.ts';
import { MAX_ROOMS } from '../../../src/server/core/limits.ts';
import type { RoomRecord } from '../../../src/server/store/store.ts';
import { World } from './world.ts';

test('join makes the room, tells every session of the joiner, and the other members', () => {
  const w = new World();
  const alice = w.guest('alice');
  w.tell(alice, { type: 'join', room: '#dev' });
  expect(w.expect(alice, 'room')).toEqual({ type: 'room', room: { name: '#dev', topic: '', last: 0 } });
  const bob = w.guest('bob');
  const bobs = w.guest('bob');
  w.tell(bob, { type: 'join', room: '#dev', id: 'j1' });
  expect(w.take(bob)).toMatchObject([{ type: 'room', id: 'j1' }]);
  expect(w.take(bobs)).toEqual([{ type: 'room', room: { name: '#dev', topic: '', last: 0 } }]);
  expect(w.take(alice)).toEqual([{ type: 'joined', room: '#dev', user: '~bob', time: w.now().wall }]);
  w.tell(bobs, { type: 'say', to: '#dev', text: 'hi' });
  expect(w.take(bob)).toMatchObject([{ type: 'message', text: 'hi' }]);
  expect(w.take(alice)).toMatchObject([{ type: 'message', text: 'hi' }]);
});

test('joining twice is answered and changes nothing', () => {
  const w = new World();
  const alice = w.guest('alice');
  const bob = w.guest('bob');
  for (const s of [alice, bob]) w.tell(s, { type: 'join', room: '#dev' });
  w.take(alice);
  w.tell(bob, { type: 'join', room: '#dev', id: 'again' });
  expect(w.take(bob).at(-1)).toMatchObject({ type: 'room', id: 'again' });
  expect(w.take(alice)).toEqual([]);
});

test('leave tells everybody, and what follows goes to the others only', () => {
  const w = new World();
  const [alice, bob, bobs] = [w.guest('alice'), w.guest('bob'), w.guest('bob')];
  for (const s of [alice, bob]) w.tell(s, { type: 'join', room: '#dev' });
  for (const s of [alice, bob, bobs]) w.take(s);
  w.tell(bob, { type: 'leave', room: '#dev', id: 'l' });
  const left = { type: 'left', room: '#dev', user: '~bob', time: w.now().wall };
  expect(w.take(bob)).toEqual([{ ...left, id: 'l' }]);
  expect(w.take(bobs)).toEqual([left]);
  expect(w.take(alice)).toEqual([left]);
  w.tell(alice, { type: 'say', to: '#dev', text: 'gone?' });
  expect(w.take(bob)).toEqual([]);
  w.tell(bob, { type: 'say', to: '#dev', text: 'no', id: 's' });
  expect(w.expect(bob, 'error')).toMatchObject({ code: 'not_a_member', id: 's', closes: false });
});

test.each([
  ['nobody leaves the lobby', { type: 'leave', room: '#lobby' }, 'lobby_is_for_all'],
  ['nobody leaves a room that is not', { type: 'leave', room: '#nowhere' }, 'no_such_room'],
  ['nobody speaks in a room that is not', { type: 'say', to: '#nowhere', text: 'x' }, 'no_such_room'],
  ['nobody speaks in a room they are not in', { type: 'say', to: '#dev', text: 'x' }, 'not_a_member'],
  ['nobody sets the topic of a room they are not in', { type: 'topic', room: '#dev', text: 'x' }, 'not_a_member'],
  ['nobody reads a room they are not in', { type: 'history', room: '#dev' }, 'not_a_member'],
  ['there are no members of a room that is not', { type: 'members', room: '#nowhere' }, 'no_such_room'],
  ['before and since exclude each other', { type: 'history', room: '#lobby', before: 5, since: 1 }, 'bad_message'],
])('%s', (_, message, code) => {
  const w = new World({}, { rooms: [{ name: '#dev', topic: '', last: 0 } as RoomRecord] });
  const bob = w.guest('bob');
  w.tell(bob, { ...message, id: 'x' });
  expect(w.take(bob)).toMatchObject([{ type: 'error', code, id: 'x', closes: false }]);
});

test('a topic reaches every member, and answers who set it', () => {
  const w = new World();
  const [alice, bob, carol] = [w.guest('alice'), w.guest('bob'), w.guest('carol')];
  for (const s of [alice, bob]) w.tell(s, { type: 'join', room: '#dev' });
  for (const s of [alice, bob, carol]) w.take(s);
  w.tell(bob, { type: 'topic', room: '#dev', text: 'releases', id: 't' });
  const topic = { type: 'topic', room: '#dev', text: 'releases', by: '~bob', time: w.now().wall };
  expect(w.take(bob)).toEqual([{ ...topic, id: 't' }]);
  expect(w.take(alice)).toEqual([topic]);
  expect(w.take(carol)).toEqual([]);
  w.tell(carol, { type: 'rooms', id: 'r' });
  expect(w.expect(carol, 'rooms')).toMatchObject({
    id: 'r',
    more: false,
    rooms: [
      { name: '#lobby', members: 3, joined: true },
      { name: '#dev', topic: 'releases', members: 2, joined: false },
    ],
  });
});

test('members of the lobby are all in the list of people; of a room, its own', () => {
  const w = new World();
  const [alice, bob] = [w.guest('alice'), w.guest('bob')];
  w.tell(alice, { type: 'join', room: '#dev' });
  w.take(alice);
  w.tell(bob, { type: 'members', room: '#lobby', id: 'm' });
  expect(w.expect(bob, 'members')).toMatchObject({ id: 'm', members: ['~alice', '~bob'], more: false });
  w.tell(bob, { type: 'members', room: '#dev' });
  expect(w.expect(bob, 'members').members).toEqual(['~alice']);
});

test('a guest’s membership ends with the guest', () => {
  const w = new World();
  const [alice, bob] = [w.guest('alice'), w.guest('bob')];
  for (const s of [alice, bob]) w.tell(s, { type: 'join', room: '#dev' });
  w.take(alice);
  w.close(bob);
  expect(w.take(alice)).toMatchObject([{ type: 'left', room: '#dev', user: '~bob' }]);
  w.guest('bob');
  expect([...(w.core.rooms.get('#dev' as never)?.members ?? [])]).toEqual(['~alice']);
  expect(w.saved).toEqual([]);
});

test('an account’s membership lasts', () => {
  const w = new World();
  const dave = w.login('dave', 1004);
  w.tell(dave, { type: 'join', room: '#dev' });
  w.close(dave);
  expect(w.saved).toContain('join #dev dave');
  const again = w.connect();
  w.identity = () => ({ kind: 'host', uid: 1004, login: 'dave' });
  w.tell(again, { type: 'hello', version: 1, auth: { method: 'host' } });
  expect(w.expect(again, 'welcome').rooms.map(({ name }) => name)).toEqual(['#lobby', '#dev']);
});

test('nobody is in more rooms than they may', () => {
  const w = new World();
  const bob = w.guest('bob');
  for (let i = 1; i < MAX_ROOMS_OF_USER; i++) w.tell(bob, { type: 'join', room: `#r${i}` });
  expect(w.take(bob).every(({ type }) => type === 'room')).toBe(true);
  w.tell(bob, { type: 'join', room: '#more', id: 'j' });
  expect(w.expect(bob, 'error')).toMatchObject({ code: 'too_many_rooms', id: 'j' });
});

test('the server has no more rooms than it may', () => {
  const rooms = Array.from({ length: MAX_ROOMS - 1 }, (_, i) => ({ name: `#r${i}`, topic: '', last: 0 }) as RoomRecord);
  const w = new World({}, { rooms });
  const bob = w.guest('bob');
  w.tell(bob, { type: 'join', room: '#more', id: 'j' });
  expect(w.expect(bob, 'error')).toMatchObject({ code: 'too_many_rooms', id: 'j' });
  w.tell(bob, { type: 'join', room: '#r1' });
  expect(w.expect(bob, 'room').room.name).toBe('#r1');
});

test('what the store can’t take has not happened', () => {
  const w = new World();
  const bob = w.guest('bob');
  w.disk = 'full';
  w.tell(bob, { type: 'join', room: '#dev', id: 'j' });
  expect(w.take(bob)).toMatchObject([{ type: 'error', code: 'not_stored', id: 'j', closes: false }]);
  expect(w.core.rooms.has('#dev' as never)).toBe(false);
  w.disk = 'good';
  w.tell(bob, { type: 'join', room: '#dev', id: 'j' });
  expect(w.take(bob)).toMatchObject([{ type: 'room', id: 'j' }]);
});
