import { expect, test } from 'vitest';
import { newOptions } from '../../../src/server/core/new-options.ts';
import { World } from './world.ts';

const OPTIONS = {
  awayAfter: 10_000,
  logOffAfter: 60_000,
  guests: true,
  hostLogin: true,
  registration: 'invite',
  lockout: { after: 3, lockFor: 60_000 },
  rateLimit: false,
  keep: {},
} as const;

const stateOf = (w: World, name: string) => [...w.core.users.values()].find((user) => user.name === name)?.state;

test('a shorter time until one is away counts from the last sign of life, not from the reading', () => {
  const w = new World();
  w.guest('bob');
  w.advance(4000);
  newOptions(w.core, { ...OPTIONS, awayAfter: 5000 }, w.now());
  w.advance(999);
  expect(stateOf(w, '~bob')).toBe('online');
  w.advance(1);
  expect(stateOf(w, '~bob')).toBe('away');
});

test('a longer one too; and none at all is for ever', () => {
  const w = new World();
  const bob = w.guest('bob');
  newOptions(w.core, { ...OPTIONS, awayAfter: 30_000 }, w.now());
  w.advance(29_999);
  expect(stateOf(w, '~bob')).toBe('online');
  w.tell(bob, { type: 'activity' });
  newOptions(w.core, { ...OPTIONS, awayAfter: 0 }, w.now());
  w.advance(3_600_000);
  expect(stateOf(w, '~bob')).toBe('online');
  // When one was heard last is not known any more, so it counts from now.
  newOptions(w.core, OPTIONS, w.now());
  w.advance(9999);
  expect(stateOf(w, '~bob')).toBe('online');
  w.advance(1);
  expect(stateOf(w, '~bob')).toBe('away');
});

test('whoever is away is logged off by the new time', () => {
  const w = new World();
  const bob = w.guest('bob');
  w.advance(10_000);
  w.take(bob);
  newOptions(w.core, { ...OPTIONS, logOffAfter: 20_000 }, w.now());
  w.advance(19_999);
  expect(stateOf(w, '~bob')).toBe('away');
  w.advance(1);
  expect(w.expect(bob, 'bye')).toMatchObject({ reason: 'idle', text: 'logged off after 20 s away' });
});

test('with fewer wrong passwords that lock, nobody who was under the old number is shut out without a lock', () => {
  const w = new World();
  const { lockouts } = w.core;
  for (let i = 0; i < 2; i += 1) {
    expect(lockouts.begin('bob', 'uid 7', w.now())).toEqual({ kind: 'go' });
    lockouts.end('bob', 'uid 7', 'wrong', w.now());
  }
  newOptions(w.core, { ...OPTIONS, lockout: { after: 2, lockFor: 5000 } }, w.now());
  expect(lockouts.begin('bob', 'uid 7', w.now())).toEqual({ kind: 'go' });
  expect(lockouts.end('bob', 'uid 7', 'wrong', w.now()).lockedFor).toBe(5000);
});
