import { expect, test } from 'vitest';
import { World } from './world.ts';

const hello = (auth: object, name?: string) => ({
  type: 'hello',
  version: 1,
  auth,
  ...(name === undefined ? {} : { name }),
});

test('a room message counts once, however many get it', () => {
  const world = new World();
  const alice = world.guest('alice');
  world.guest('bob');
  world.tell(alice, { type: 'say', to: '#lobby', text: 'hi', id: 'one' });
  // What comes again is the same message.
  world.tell(alice, { type: 'say', to: '#lobby', text: 'hi', id: 'one' });
  expect(world.core.counts.messages).toBe(1);
});

test('an error counts by its code, also where the operator is no longer told of each', () => {
  const world = new World();
  const alice = world.guest('alice');
  for (let i = 0; i < 15; i += 1) world.tell(alice, { type: 'say', to: '#nowhere', text: 'hi' });
  expect([...world.core.counts.refused]).toEqual([['no_such_room', 15]]);
  const told = world.notices.filter(({ kind }) => kind === 'refused').length;
  expect(told).toBeLessThan(15);
});

test('a log-in counts by how and by what came of it', () => {
  const world = new World();
  world.guest('alice');
  world.login('bob', 1001);
  world.tell(world.connect('10.0.0.7'), hello({ method: 'password', password: 'wrong horse' }, 'carol'));
  // The name is taken by somebody from elsewhere.
  world.tell(world.connect('10.0.0.8'), hello({ method: 'guest' }, 'alice'));
  expect(world.core.counts.logins).toEqual({
    guest: { ok: 1, refused: 1 },
    host: { ok: 1, refused: 0 },
    password: { ok: 0, refused: 1 },
    key: { ok: 0, refused: 0 },
    register: { ok: 0, refused: 0 },
  });
  expect(world.core.counts.refused.get('wrong_password')).toBe(1);
});
