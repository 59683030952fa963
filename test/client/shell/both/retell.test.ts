import { expect, test } from 'vitest';
import { retold } from '../../../../src/client/shell/both/retell.ts';

const BOB = new Map([
  ['bob', 'bob.lan'],
  ['#lobby', '#lan'],
]);

test.each([
  ['bob is verified', 'bob.lan is verified'],
  ['a new key: /accept-key bob', 'a new key: /accept-key bob.lan'],
  ['you no longer hear bob.', 'you no longer hear bob.lan.'],
  ['bob: bob’s words, said in #lobby', 'bob.lan: bob.lan’s words, said in #lan'],
  ['bobby, bob-9f86 and ~bob are others', 'bobby, bob-9f86 and ~bob are others'],
  ['written to /home/bob/uchat-bob.txt', 'written to /home/bob/uchat-bob.txt'],
])('%s', (text, here) => {
  expect(retold(text, BOB)).toBe(here);
});

test('a name that is a command is taken for the name alone', () => {
  expect(retold('/verify verify', new Map([['verify', 'verify.lan']]))).toBe('/verify verify.lan');
});
