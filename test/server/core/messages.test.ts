import { expect, test } from 'vitest';
import { MAX_LIST_PAGE } from '../../../src/protocol/limits.ts';
import { MAX_APPENDS_OF_SESSION, READS, WRITES } from '../../../src/server/core/limits.ts';
import { World } from './world.ts';

const say = (text: string, id?: string) => ({ type: 'say', to: '#lobby', text, ...(id === undefined ? {} : { id }) });

test('nobody hears of a message before it is on the disk', () => {
  const w = new World();
  const [alice, bob] = [w.guest('alice'), w.guest('bob')];
  w.disk = 'hold';
  w.tell(alice, say('hi', 'a1'));
  expect([w.take(alice), w.take(bob)]).toEqual([[], []]);
  w.commit();
  const time = w.now().wall;
  expect(w.take(alice)).toEqual([{ type: 'ack', id: 'a1', to: '#lobby', seq: 1, time }]);
  expect(w.take(bob)).toEqual([{ type: 'message', to: '#lobby', seq: 1, from: '~alice', text: 'hi', time, id: 'a1' }]);
});

test('a message without an id is not acknowledged', () => {
  const w = new World();
  const [alice, bob] = [w.guest('alice'), w.guest('bob')];
  w.tell(alice, say('hi'));
  expect(w.take(alice)).toEqual([]);
  expect(w.expect(bob, 'message')).not.toHaveProperty('id');
});

test('the other sessions of the one who wrote get the message', () => {
  const w = new World();
  const [one, two] = [w.guest('alice'), w.guest('alice')];
  w.tell(one, say('hi', 'a1'));
  expect(w.take(one)).toMatchObject([{ type: 'ack' }]);
  expect(w.take(two)).toMatchObject([{ type: 'message', from: '~alice', id: 'a1' }]);
});

test('a known id is acknowledged again, to that session only', () => {
  const w = new World();
  const [alice, bob] = [w.guest('alice'), w.guest('bob')];
  w.tell(alice, say('hi', 'a1'));
  w.close(alice);
  const back = w.guest('alice');
  w.take(bob);
  w.tell(back, say('hi', 'a1'));
  expect(w.take(back)).toMatchObject([{ type: 'ack', id: 'a1', seq: 1 }]);
  expect(w.take(bob)).toEqual([]);
});

test('sent again while the first is on its way: one message, two acknowledgements', () => {
  const w = new World();
  const [alice, bob] = [w.guest('alice'), w.guest('bob')];
  w.disk = 'hold';
  w.tell(alice, say('hi', 'a1'));
  w.tell(alice, say('hi', 'a1'));
  w.commit(2);
  expect(w.take(alice)).toMatchObject([
    { type: 'ack', seq: 1 },
    { type: 'ack', seq: 1 },
  ]);
  expect(w.take(bob)).toHaveLength(1);
});

test('two users may choose the same id', () => {
  const w = new World();
  const [alice, bob] = [w.guest('alice'), w.guest('bob')];
  w.tell(alice, say('from alice', 'x'));
  w.tell(bob, say('from bob', 'x'));
  expect(w.take(alice)).toMatchObject([
    { type: 'ack', seq: 1 },
    { type: 'message', seq: 2, text: 'from bob' },
  ]);
});

test('who wrote may be gone when the message is committed', () => {
  const w = new World();
  const [alice, bob] = [w.guest('alice'), w.guest('bob')];
  w.disk = 'hold';
  w.tell(alice, say('last words', 'a1'));
  w.close(alice);
  w.take(bob);
  w.commit();
  expect(w.take(bob)).toMatchObject([{ type: 'message', text: 'last words' }]);
});

test('what is not stored is seen by nobody, and who wrote it is told', () => {
  const w = new World();
  const [alice, bob] = [w.guest('alice'), w.guest('bob')];
  w.disk = 'full';
  w.tell(alice, say('hi', 'a1'));
  expect(w.take(alice)).toMatchObject([{ type: 'error', code: 'not_stored', id: 'a1', closes: false }]);
  expect(w.take(bob)).toEqual([]);
});

test('who writes faster than the disk isn’t read until half of it is there', () => {
  const w = new World();
  const alice = w.guest('alice');
  w.disk = 'hold';
  for (let i = 0; i < MAX_APPENDS_OF_SESSION; i++) w.tell(alice, say('x'));
  expect(w.paused).not.toContain(alice.id);
  w.tell(alice, say('x'));
  expect(w.paused).toContain(alice.id);
  w.commit(MAX_APPENDS_OF_SESSION / 2);
  expect(w.paused).toContain(alice.id);
  w.commit();
  expect(w.paused).not.toContain(alice.id);
  w.commit(w.waiting);
  expect(w.core.appendChars).toBe(0);
  expect(w.core.flooding.size).toBe(0);
});

test('goodbye comes after the acknowledgement of what was said before it', () => {
  const w = new World();
  const alice = w.guest('alice');
  w.disk = 'hold';
  w.tell(alice, say('hi', 'a1'));
  w.tell(alice, { type: 'bye' });
  expect(w.take(alice)).toEqual([]);
  w.commit();
  expect(w.take(alice).map(({ type }) => type)).toEqual(['ack', 'bye']);
  expect(w.ended).toContain(alice.id);
});

test('a paste gets through, a flood is told to wait', () => {
  const w = new World({ rateLimit: true });
  const [alice, bob] = [w.guest('alice'), w.guest('bob')];
  for (let i = 0; i < WRITES.burst; i++) w.tell(alice, say('line'));
  expect(w.take(alice)).toEqual([]);
  expect(w.take(bob)).toHaveLength(WRITES.burst);
  w.tell(alice, say('one more', 'z'));
  expect(w.expect(alice, 'error')).toMatchObject({ code: 'rate_limited', id: 'z', closes: false });
  w.advance(1000);
  for (let i = 0; i < WRITES.perSecond; i++) w.tell(alice, say('line'));
  expect(w.take(alice)).toEqual([]);
});

test('the last message’s place is what a newcomer is told', () => {
  const w = new World();
  const alice = w.guest('alice');
  for (let i = 0; i < 3; i++) w.tell(alice, say('x'));
  const bob = w.connect();
  w.tell(bob, { type: 'hello', version: 1, name: 'bob', auth: { method: 'guest' } });
  expect(w.expect(bob, 'welcome').rooms).toEqual([{ name: '#lobby', topic: '', last: 3 }]);
});

test('questions are counted by the length of their answers', () => {
  const w = new World({ rateLimit: true });
  const asker = w.login('asker', 1, { visible: false });
  for (let i = 0; i < 1000; i++) w.guest(`b${i}`);
  let answered = 0;
  for (; answered < 100; answered++) {
    w.tell(asker, { type: 'who', id: 'w' });
    if (w.take(asker)[0]?.type === 'error') break;
  }
  expect(answered).toBe(READS.burst / (1000 / MAX_LIST_PAGE));
  w.tell(asker, { type: 'history', room: '#lobby' });
  expect(w.expect(asker, 'error').code).toBe('rate_limited');
  w.advance(100);
  w.tell(asker, { type: 'history', room: '#lobby' });
  w.expect(asker, 'history');
});
