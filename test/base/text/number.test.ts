import { expect, test } from 'vitest';
import { counted, countedPlainly } from '../../../src/base/text/number.ts';

test('a count is read as people write it, and one is one', () => {
  expect([0, 1, 2, 999, 1000, 1_234_567].map((count) => counted(count, 'room'))).toEqual([
    '0 rooms',
    '1 room',
    '2 rooms',
    '999 rooms',
    '1,000 rooms',
    '1,234,567 rooms',
  ]);
});

test('a count among plain numbers has no commas', () => {
  expect([0, 1, 10_004].map((count) => countedPlainly(count, 'line'))).toEqual(['0 lines', '1 line', '10004 lines']);
});
