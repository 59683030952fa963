import { expect, test } from 'vitest';
import { TokenBucket } from '../../src/base/token-bucket.ts';

const taken = (bucket: TokenBucket, mono: number): number => {
  let count = 0;
  while (count < 1000 && bucket.take(mono)) count += 1;
  return count;
};

test('so many at once, then so many a second, and never more than at first', () => {
  const bucket = new TokenBucket({ burst: 10, perSecond: 2 }, 0);
  expect(taken(bucket, 0)).toBe(10);
  expect(taken(bucket, 499)).toBe(0);
  expect(taken(bucket, 1000)).toBe(2);
  expect(taken(bucket, 1_000_000)).toBe(10);
});

test('what costs more than there is takes nothing, and a full bucket is always enough', () => {
  const bucket = new TokenBucket({ burst: 10, perSecond: 1 }, 0);
  expect(bucket.take(0, 4)).toBe(true);
  expect(bucket.take(0, 7)).toBe(false);
  expect(taken(bucket, 0)).toBe(6);
  expect(bucket.take(10_000, 500)).toBe(true);
  expect(taken(bucket, 10_000)).toBe(0);
});
