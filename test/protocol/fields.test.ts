import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBase64url } from '../../src/crypto/base64url.ts';
import { device, emoji, group, LAST_TIME, publicKey, reactions, target, time } from '../../src/protocol/fields.ts';
import { MAX_EMOJI, MAX_EMOJI_BYTES, MAX_REACTIONS } from '../../src/protocol/limits.ts';
import { parse, type Schema, utf8Bytes } from '../../src/protocol/schema.ts';
import { EMOJI } from './messages.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

test.each<[string, Schema<string>, number]>([
  ['a device', device, 32],
  ['a public key', publicKey, 32],
  ['a group', group, 16],
])('%s has one text, which every reader turns into the same bytes', (_name, schema, size) => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: size, maxLength: size }),
      fc.constantFrom(...ALPHABET.split('')),
      (bytes, last) => {
        const whole = toBase64url(bytes);
        expect(parse(schema, whole)).toEqual({ ok: true, value: whole });
        const other = `${whole.slice(0, -1)}${last}`;
        const isWhole = toBase64url(Buffer.from(other, 'base64url')) === other;
        expect(parse(schema, other).ok).toBe(isWhole);
      },
    ),
  );
});

test('every time is one that a date can say', () => {
  expect(new Date(LAST_TIME).toISOString()).toBe('+275760-09-13T00:00:00.000Z');
  expect(parse(time, LAST_TIME).ok).toBe(true);
  expect(parse(time, LAST_TIME + 1).ok).toBe(false);
});

test('an emoji is one that is recommended for interchange, and fits its bytes', () => {
  for (const one of EMOJI) {
    expect(parse(emoji, one).ok, one).toBe(true);
    expect(utf8Bytes(one)).toBeLessThanOrEqual(MAX_EMOJI_BYTES);
    expect(parse(emoji, `${one}${one}`).ok).toBe(false);
    expect(parse(emoji, ` ${one}`).ok).toBe(false);
  }
  for (const other of ['', 'a', '1', '❤', '🇬', '\u200d', '\ufe0f', '👍\u202e', 7, null])
    expect(parse(emoji, other).ok).toBe(false);
});

test('reactions have a bound in each list, and one of all', () => {
  const of = (lists: number, users: number) =>
    parse(
      reactions,
      Array.from({ length: lists }, () => ({ emoji: '👍', users: Array.from({ length: users }, () => 'bob') })),
    ).ok;
  expect(of(MAX_EMOJI, MAX_REACTIONS / MAX_EMOJI)).toBe(true);
  expect(of(MAX_EMOJI, MAX_REACTIONS / MAX_EMOJI + 1)).toBe(false);
  expect(of(MAX_EMOJI + 1, 1)).toBe(false);
  expect(of(1, MAX_REACTIONS)).toBe(true);
  expect(of(1, MAX_REACTIONS + 1)).toBe(false);
  expect(parse(reactions, [{ emoji: '👍', users: ['no user'] }]).ok).toBe(false);
});

test('one writes to a room or to a user, and to nothing that is half of each', () => {
  for (const to of ['#lobby', 'alice', '~bob']) expect(parse(target, to).ok).toBe(true);
  for (const to of ['', '#', '#Lobby', '~', '~#lobby', 'a b', '#lobby\n', 'alice\n', '#lobby alice'])
    expect(parse(target, to).ok, to).toBe(false);
});
