import { expect, test } from 'vitest';
import { unixMs } from '../../../src/base/ids.ts';
import { SEARCHES } from '../../../src/server/core/limits.ts';
import { searched } from '../../../src/server/core/search.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { World } from './world.ts';

const search = (words: string, more: object = {}) => ({ type: 'search', words, id: 's', ...more });
const say = (text: string, to = '#lobby') => ({ type: 'say', to, text });

function reply(w: World, session: Session, message: object): object[] {
  w.take(session);
  w.tell(session, message);
  return w.take(session);
}

function setUp() {
  const w = new World({ operatorUid: 0, awayAfter: 0 });
  const [root, alice, bob] = [w.login('root', 0), w.login('alice', 1001), w.login('bob', 1002)];
  w.tell(alice, { type: 'join', room: '#dev' });
  w.tell(alice, say('green in the lobby'));
  w.mono += 1;
  w.tell(alice, say('green in dev', '#dev'));
  return { w, root, alice, bob };
}

test('a search is of all the rooms that one is in, and of no others', () => {
  const { w, alice, bob, root } = setUp();
  expect(reply(w, alice, search('green'))).toMatchObject([
    {
      type: 'found',
      id: 's',
      messages: [
        { room: '#dev', seq: 1, from: 'alice', text: 'green in dev' },
        { room: '#lobby', seq: 1, from: 'alice', text: 'green in the lobby' },
      ],
      more: false,
    },
  ]);
  for (const session of [bob, root])
    expect(reply(w, session, search('green'))).toMatchObject([{ messages: [{ room: '#lobby' }] }]);
  w.tell(alice, { type: 'leave', room: '#dev' });
  expect(reply(w, alice, search('green'))).toMatchObject([{ messages: [{ room: '#lobby' }] }]);
});

test('a search of one room is refused who is not in it', () => {
  const { w, alice, bob, root } = setUp();
  expect(reply(w, alice, search('green', { room: '#dev' }))).toMatchObject([{ messages: [{ room: '#dev' }] }]);
  for (const session of [bob, root])
    expect(reply(w, session, search('green', { room: '#dev' }))).toMatchObject([{ code: 'not_a_member', id: 's' }]);
  expect(reply(w, alice, search('green', { room: '#no' }))).toMatchObject([{ code: 'no_such_room', id: 's' }]);
});

test('a closed room is not searched', () => {
  const { w, root, alice } = setUp();
  w.tell(root, { type: 'close', room: '#dev' });
  expect(reply(w, alice, search('green'))).toMatchObject([{ messages: [{ room: '#lobby' }] }]);
  expect(reply(w, alice, search('green', { room: '#dev' }))).toMatchObject([{ code: 'room_closed' }]);
});

test.each(['--', '!? "…"', 'from:'])('where there is no word there is no search: %j', (words) => {
  const { w, alice } = setUp();
  const [answer] = reply(w, alice, search(words));
  expect(answer).toMatchObject(words === 'from:' ? { type: 'found' } : { code: 'no_words', id: 's', closes: false });
});

test.each(['', 'x'.repeat(257), 'a\nb', '\u0000'])(
  'words that are too few, too long or no line are refused: %j',
  (words) => {
    const { w, alice } = setUp();
    expect(reply(w, alice, search(words))).toMatchObject([{ code: 'bad_message', id: 's' }]);
  },
);

test.each(['nonsense', '1.', '.1', '1.2.3', '99999999999999999.1', '8640000000000001.1', '1.9999999999999999'])(
  'a place that no answer had is refused: %j',
  (before) => {
    const { w, alice } = setUp();
    expect(reply(w, alice, search('green', { before }))).toMatchObject([{ code: 'bad_message', id: 's' }]);
  },
);

test('where there is more, the answer says where to go on, in a form that is taken', () => {
  const { w, alice } = setUp();
  w.disk = 'hold';
  w.tell(alice, search('green', { limit: 1 }));
  w.take(alice);
  const asked = { session: alice.id, search: {} as never, id: 's' as never };
  searched(w.core, asked, { messages: [], before: { time: unixMs(17), n: 2 ** 32 + 4 } }, w.now());
  w.disk = 'good';
  w.tell(alice, { type: 'ping' });
  const [found] = w.take(alice);
  expect(found).toEqual({ type: 'found', id: 's', messages: [], more: true, before: '17.4294967300' });
  w.commit();
  w.take(alice);
  expect(reply(w, alice, search('green', { before: '17.4294967300' }))).toMatchObject([{ type: 'found' }]);
});

test('too many searches of one source are refused, from however many sessions, and come back in time', () => {
  const w = new World({ rateLimit: true });
  const sessions = [w.guest('one', '10.0.0.7'), w.guest('two', '10.0.0.7')];
  for (let i = 0; i < SEARCHES.burst; i++)
    expect(reply(w, sessions[i % 2]!, search('green'))).toMatchObject([{ type: 'found' }]);
  expect(reply(w, sessions[0]!, search('green'))).toMatchObject([{ code: 'rate_limited', id: 's' }]);
  expect(reply(w, w.guest('other', '10.0.0.8'), search('green'))).toMatchObject([{ type: 'found' }]);
  w.advance(1000 / SEARCHES.perSecond);
  expect(reply(w, sessions[1]!, search('green'))).toMatchObject([{ type: 'found' }]);
});

test('a store that has too many to do turns one away, and one that can’t says so', () => {
  const { w, alice } = setUp();
  w.take(alice);
  w.disk = 'hold';
  w.tell(alice, search('green'));
  searched(w.core, { session: alice.id, search: {} as never, id: 's' as never }, 'busy', w.now());
  w.disk = 'full';
  w.commit();
  expect(w.take(alice)).toMatchObject([
    { code: 'rate_limited', id: 's' },
    { code: 'internal', id: 's' },
  ]);
});

test('while a search is under way the session’s next message waits, and nobody else’s', () => {
  const { w, alice, bob } = setUp();
  w.disk = 'hold';
  w.tell(alice, search('green'));
  w.tell(alice, { type: 'ping', n: 1 });
  expect(w.take(alice)).not.toContainEqual({ type: 'pong', n: 1 });
  expect(reply(w, bob, { type: 'ping', n: 2 })).toEqual([{ type: 'pong', n: 2 }]);
  w.commit();
  expect(w.take(alice)).toMatchObject([{ type: 'found' }, { type: 'pong', n: 1 }]);
});
