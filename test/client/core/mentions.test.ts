import { describe, expect, test } from 'vitest';
import { mentions } from '../../../src/client/core/mentions.ts';
import { user } from './drive.ts';

describe('a text names somebody', () => {
  test.each([
    'bob',
    '@Bob: look',
    'ask bob.',
    "bob's",
    '(bob)',
    'bobby and bob',
    '~bob',
    'BOB!',
    'x\nbob\ny',
    'wait...bob',
  ])('%j does', (text) => {
    expect(mentions(text, user('bob'))).toBe(true);
    expect(mentions(text, user('~bob'))).toBe(true);
  });

  test.each(['bobby', 'bob-cat', 'bob.dev', 'kebob', 'übob', 'bob_', 'a-bob', 'bobé', ''])('%j does not', (text) => {
    expect(mentions(text, user('bob'))).toBe(false);
  });

  test('a name with the signs of patterns is a name', () => {
    expect(mentions('a.b-c here', user('a.b-c'))).toBe(true);
    expect(mentions('axb-c here', user('a.b-c'))).toBe(false);
  });
});
