import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Party } from '../../src/crypto/e2ee-session.ts';
import { deviceOf } from '../../src/crypto/identity.ts';
import { fingerprintDigits, safetyNumber } from '../../src/crypto/safety-number.ts';
import { name } from './pair.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const ALICE: Party = { user: name('alice'), device: deviceOf(new Uint8Array(32).fill(1)) };
const BOB: Party = { user: name('bob'), device: deviceOf(new Uint8Array(32).fill(2)) };

/** The published test of Signal's library, with its keys (a type byte and 32 bytes) and names. */
test('the digits are those of Signal', () => {
  const alice = hex('0506863bc66d02b40d27b8d49ca7c09e9239236f9d7d25d6fcca5ce13c7064d868');
  const bob = hex('05f781b6fb32fed9ba1cf2de978d4d5da28dc34046ae814402b5c0dbd96fda907b');
  expect(fingerprintDigits(alice, '+14152222222') + fingerprintDigits(bob, '+14153333333')).toBe(
    '300354477692869396892869876765458257569162576843440918079131',
  );
});

/** Once more, in other words than the program's. */
function halfOf(user: string, key: Buffer): string {
  let state = createHash('sha512')
    .update(Buffer.concat([Buffer.from([0, 0]), key, Buffer.from(user), key]))
    .digest();
  for (let i = 0; i < 5199; i++)
    state = createHash('sha512')
      .update(Buffer.concat([state, key]))
      .digest();
  return [0, 5, 10, 15, 20, 25]
    .map((at) => (BigInt(`0x${state.subarray(at, at + 5).toString('hex')}`) % 100000n).toString().padStart(5, '0'))
    .join('');
}

test('it has 60 digits: the halves of both, the smaller first', () => {
  const halves = [halfOf('alice', Buffer.alloc(32, 1)), halfOf('bob', Buffer.alloc(32, 2))];
  const number = safetyNumber(ALICE, BOB);
  expect(number).toMatch(/^[0-9]{60}$/);
  expect(number).toBe(halves.sort().join(''));
});

test('both sides see the same', () => {
  expect(safetyNumber(BOB, ALICE)).toBe(safetyNumber(ALICE, BOB));
});

test('it is another for any other key or name, on either side', () => {
  const numbers = [
    safetyNumber(ALICE, BOB),
    safetyNumber({ ...ALICE, user: name('alicf') }, BOB),
    safetyNumber({ ...ALICE, user: name('~alice') }, BOB),
    safetyNumber(ALICE, { ...BOB, user: name('robert') }),
    safetyNumber(ALICE, { ...BOB, device: deviceOf(new Uint8Array(32).fill(3)) }),
    safetyNumber({ ...ALICE, device: BOB.device }, { ...BOB, device: ALICE.device }),
  ];
  expect(new Set(numbers).size).toBe(numbers.length);
});
