import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchSize, MAX_CALLS } from '../../../src/server/store/sqlite/batch-size.ts';

function after(...commits: readonly number[]): number {
  const size = new BatchSize();
  for (const ms of commits) size.committed(ms);
  return size.calls;
}

const often = (ms: number): readonly number[] => Array.from({ length: 50 }, () => ms);

test('a fast disk gets small batches, so that the first are delivered while the rest is still being read', () => {
  expect(after()).toBe(256);
  expect(after(...often(0.3))).toBe(256);
});

test('a slow disk gets larger ones, so that it is waited for less often', () => {
  expect(after(...often(10))).toBeGreaterThan(900);
  expect(after(...often(20))).toBeGreaterThan(after(...often(10)));
});

test('one slow commit among fast ones changes little', () => {
  expect(after(...often(0.3), 15)).toBeLessThan(300);
});

test('whatever the disk does, a batch stays bounded', () => {
  const ms = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(ms), (commits) => {
      const calls = after(...commits);
      expect(calls).toBeGreaterThanOrEqual(256);
      expect(calls).toBeLessThanOrEqual(MAX_CALLS);
      expect(Number.isInteger(calls)).toBe(true);
    }),
  );
});
