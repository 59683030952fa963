import { expect, test } from 'vitest';
import type { UnixMs, UserName } from '../../../src/base/ids.ts';
import { present, table } from '../../../src/client/script/who.ts';
import type { PersonInfo } from '../../../src/protocol/server-messages.ts';

const NOW = 10_000_000;
const one = (name: string, state: PersonInfo['state'], ago: number): PersonInfo => ({
  name: name as UserName,
  state,
  since: (NOW - ago) as UnixMs,
});
const people = [one('alice', 'online', 5000), one('~bo', 'away', 200_000), one('erin', 'offline', 600_000)];

test('who is here are those that are online or away', () => {
  expect(present(people, NOW, undefined).map(({ name }) => name)).toEqual(['alice', '~bo']);
});

test('with a time, also those who left within it', () => {
  expect(present(people, NOW, 599_999)).toHaveLength(2);
  expect(present(people, NOW, 600_000)).toHaveLength(3);
});

test('the table has name, state, and how long it has lasted', () => {
  expect(table(people, NOW)).toBe('alice  online   5s\n~bo    away     3m\nerin   offline  10m\n');
  expect(table([], NOW)).toBe('');
});
