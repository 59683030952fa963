import { expect, test } from 'vitest';
import { runRig } from './rig.ts';

/** The short form of `npm run crash`: each kind of moment is likely to be among them. */
const KILLS = 8;

test('through kill -9 at any moment: what was acknowledged is there once, in one order for all, and nothing else was shown as sent', async () => {
  const { violations, kills, messages, acknowledged } = await runRig({ kills: KILLS, seed: 26, durability: 'full' });
  expect(violations).toEqual([]);
  expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBe(KILLS);
  // There was something to lose.
  expect(acknowledged).toBeGreaterThan(3100);
  expect(messages).toBeGreaterThanOrEqual(3100);
});
