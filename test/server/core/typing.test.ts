import { expect, test } from 'vitest';
import { MAX_TYPING_AUDIENCE, TYPING } from '../../../src/server/core/limits.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { World } from './world.ts';

const typing = (to: string) => ({ type: 'typing', to });

function setUp(options: ConstructorParameters<typeof World>[0] = {}) {
  const w = new World({ awayAfter: 0, ...options });
  const people = { alice: w.login('alice', 1001), bob: w.login('bob', 1002), carol: w.login('carol', 1003) };
  for (const session of Object.values(people)) w.take(session);
  return { w, ...people };
}

/** Who hears of it. */
function heard(w: World, sessions: readonly Session[]): object[][] {
  return sessions.map((session) => w.take(session));
}

test('who writes to a room is told to the others in it, and not to themself', () => {
  const { w, alice, bob, carol } = setUp();
  const other = w.login('alice', 1001);
  w.tell(alice, typing('#lobby'));
  const told = [{ type: 'typing', to: '#lobby', from: 'alice' }];
  expect(heard(w, [alice, other, bob, carol])).toEqual([[], [], told, told]);
});

test('who writes to somebody is told to their visible sessions, under their name', () => {
  const { w, alice, bob, carol } = setUp();
  const [second, script] = [w.login('bob', 1002), w.login('bob', 1002, { visible: false })];
  w.tell(alice, typing('bob'));
  const told = [{ type: 'typing', to: 'bob', from: 'alice' }];
  expect(heard(w, [bob, second, script, carol, alice])).toEqual([told, told, [], [], []]);
});

test('nothing is said where it doesn’t arrive', () => {
  const { w, alice, bob } = setUp();
  w.tell(bob, { type: 'join', room: '#dev' });
  w.take(bob);
  for (const to of ['#dev', '#nowhere', 'nobody', '~nobody', 'alice']) w.tell(alice, typing(to));
  expect(heard(w, [alice, bob])).toEqual([[{ type: 'typing', to: 'alice', from: 'alice' }], []]);
});

test.each([
  ['who is blocked', 'bob', 'alice'],
  ['who blocks', 'alice', 'bob'],
])('%s hears nothing of it, in rooms neither, until that ends', (_, blocks, blocked) => {
  const { w, alice, bob, carol } = setUp();
  const blocker = blocks === 'alice' ? alice : bob;
  w.tell(blocker, { type: 'block', user: blocked });
  for (const session of [alice, bob, carol]) w.take(session);
  w.tell(alice, typing('#lobby'));
  w.tell(alice, typing('bob'));
  expect(heard(w, [alice, bob, carol])).toEqual([[], [], [{ type: 'typing', to: '#lobby', from: 'alice' }]]);
  w.tell(blocker, { type: 'unblock', user: blocked });
  w.take(bob);
  w.tell(alice, typing('#lobby'));
  expect(w.take(bob)).toMatchObject([{ type: 'typing' }]);
});

test('too many are dropped without a word, and are no message that counts', () => {
  const { w, alice, bob } = setUp({ rateLimit: true });
  for (let i = 0; i < TYPING.burst + 5; i++) w.tell(alice, typing('#lobby'));
  expect(w.take(alice)).toEqual([]);
  expect(w.take(bob)).toHaveLength(TYPING.burst);
  w.tell(alice, { type: 'say', to: '#lobby', text: 'hi', id: 'a' });
  expect(w.take(alice)).toMatchObject([{ type: 'ack' }]);
  w.take(bob);
  w.advance(1000 / TYPING.perSecond);
  w.tell(alice, typing('#lobby'));
  expect(w.take(bob)).toHaveLength(1);
});

test('a large room is not told, a small one on the same server is', () => {
  const { w, alice, bob } = setUp();
  for (const session of [alice, bob]) w.tell(session, { type: 'join', room: '#dev' });
  for (let i = 0; i < MAX_TYPING_AUDIENCE; i++) w.guest(`g${i}`);
  w.take(bob);
  w.tell(alice, typing('#lobby'));
  expect(w.take(bob)).toEqual([]);
  w.tell(alice, typing('#dev'));
  expect(w.take(bob)).toEqual([{ type: 'typing', to: '#dev', from: 'alice' }]);
});

test('it is no activity, for a key that was pressed is told by itself', () => {
  const w = new World({ awayAfter: 1000 });
  const alice = w.guest('alice');
  w.advance(2000);
  w.tell(alice, typing('#lobby'));
  expect([...w.core.users.values()].map(({ state }) => state)).toEqual(['away']);
});
