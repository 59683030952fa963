import { expect, test } from 'vitest';
import { NICK_ROLES } from '../../../src/client/theme/roles.ts';
import { nickRole } from '../../../src/client/view/nick-color.ts';

test('a name has its colour for ever, guest or not, in any case', () => {
  expect(['alice', 'bob', 'carol', 'dave'].map(nickRole)).toEqual(['nick8', 'nick4', 'nick3', 'nick5']);
  expect(nickRole('~bob')).toBe(nickRole('bob'));
  expect(nickRole('Bob')).toBe(nickRole('bob'));
});

test('names are spread over all colours', () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 12_000; i += 1) {
    const role = nickRole(`user${i}`);
    counts.set(role, (counts.get(role) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted()).toEqual([...NICK_ROLES].toSorted());
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(200);
});
