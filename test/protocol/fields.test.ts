import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBase64url } from '../../src/crypto/base64url.ts';
import { device, group, LAST_TIME, publicKey, time } from '../../src/protocol/fields.ts';
import { parse, type Schema } from '../../src/protocol/schema.ts';

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
