import { expect, test } from 'vitest';
import { counted } from '../../../src/base/text/number.ts';

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
