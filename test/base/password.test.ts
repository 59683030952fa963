import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_PASSWORD_BYTES,
  MAX_PASSWORD_CHARS,
  MIN_PASSWORD_CHARS,
  prepareNewPassword,
  preparePassword,
} from '../../src/base/password.ts';
import { Secret } from '../../src/base/secret.ts';

const prepared = (text: string): string => {
  const result = preparePassword(new Secret(text));
  return result.ok ? result.value.reveal() : `refused: ${result.error}`;
};
const fresh = (text: string): string => {
  const result = prepareNewPassword(new Secret(text));
  return result.ok ? 'ok' : result.error;
};

/** The examples of RFC 8265, 4.3. */
test.each([
  ['correct horse battery staple', 'correct horse battery staple'],
  ['Correct Horse Battery Staple', 'Correct Horse Battery Staple'],
  ['πßå', 'πßå'],
  ['Jack of ♦s', 'Jack of ♦s'],
  ['foo\u1680bar', 'foo bar'],
  ['', 'refused: too_short'],
  ['my cat is a \u0009by', 'refused: bad_characters'],
])('OpaqueString of %j is %j', (given, due) => {
  expect(prepared(given)).toBe(due);
});

test('the same letters are the same password however they are composed', () => {
  expect(prepared('cafe\u0301')).toBe(prepared('caf\u00e9'));
  expect(prepared('A\u00a0B\u3000C')).toBe('A B C');
});

describe('a new password', () => {
  test.each([
    ['seven c', 'too_short'],
    ['eight ch', 'ok'],
    ['👩'.repeat(MIN_PASSWORD_CHARS), 'ok'],
    ['👩'.repeat(MIN_PASSWORD_CHARS - 1), 'too_short'],
    ['x'.repeat(MAX_PASSWORD_CHARS), 'ok'],
    ['x'.repeat(MAX_PASSWORD_CHARS + 1), 'too_long'],
    ['x'.repeat(1_000_000), 'too_long'],
    // Composed they would fit.
    ['e\u0301'.repeat(MAX_PASSWORD_BYTES), 'too_long'],
    ['two\nlines of it', 'bad_characters'],
    ['half a pair \ud800', 'bad_characters'],
  ])('%# is %s', (text, due) => {
    expect(fresh(text)).toBe(due);
  });
});

test('what was prepared is prepared, and fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const once = preparePassword(new Secret(text));
      if (!once.ok) return;
      expect(prepared(once.value.reveal())).toBe(once.value.reveal());
      expect(Buffer.byteLength(once.value.reveal())).toBeLessThanOrEqual(MAX_PASSWORD_BYTES);
    }),
  );
});
