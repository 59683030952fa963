import { expect, test } from 'vitest';
import { backOff } from '../../../src/client/core/back-off.ts';

const range = { first: 500, most: 30_000 };

test('doubles with each failure and stops at the most', () => {
  expect([1, 2, 3, 7, 8, 1000].map((n) => backOff(range, n, () => 1))).toEqual([
    500, 1000, 2000, 30_000, 30_000, 30_000,
  ]);
});

test('takes any part of it by chance, but never so little that it is a busy loop', () => {
  expect(backOff(range, 3, () => 0.5)).toBe(1000);
  expect(backOff(range, 3, () => 0)).toBe(50);
});
