import { expect, test } from 'vitest';
import { nickRole } from '../../../src/client/view/nick-color.ts';

test('a name has its colour for ever, guest or not, in any case', () => {
  expect(nickRole('bob')).toBe('nick6');
  expect(nickRole('~bob')).toBe(nickRole('bob'));
  expect(nickRole('Bob')).toBe(nickRole('bob'));
});

test('names are spread over all colours', () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 8000; i += 1) {
    const role = nickRole(`user${i}`);
    counts.set(role, (counts.get(role) ?? 0) + 1);
  }
  expect(counts.size).toBe(8);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(200);
});
