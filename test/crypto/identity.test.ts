import { createPublicKey, sign, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeviceId } from '../../src/base/ids.ts';
import { fromBase64url, toBase64url } from '../../src/crypto/base64url.ts';
import {
  deviceOf,
  fingerprintOf,
  identityFromSeed,
  isSignedBy,
  keyOf,
  newIdentity,
  signedBy,
} from '../../src/crypto/identity.ts';
import { device as deviceField } from '../../src/protocol/fields.ts';
import { parse } from '../../src/protocol/schema.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

/** RFC 8032, 7.1. */
test.each([
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  ],
])('the public key of the seed %s is that of RFC 8032', (seed, publicKey) => {
  expect(Buffer.from(identityFromSeed(hex(seed)).publicKey).toString('hex')).toBe(publicKey);
});

test('a device is the public key, as the protocol wants it, and back again', () => {
  const { device, publicKey } = newIdentity();
  expect(parse(deviceField, device)).toEqual({ ok: true, value: device });
  expect(keyOf(device)).toEqual(publicKey);
  expect(deviceOf(publicKey)).toBe(device);
});

test('two new identities are two', () => {
  expect(newIdentity().device).not.toBe(newIdentity().device);
});

test('the same seed is the same identity, and its bytes are a copy', () => {
  const seed = new Uint8Array(32).fill(7);
  const one = identityFromSeed(seed);
  expect(identityFromSeed(seed)).toEqual(one);
  seed.fill(0);
  expect(one.seed[0]).toBe(7);
});

test('the seed signs what the device verifies', () => {
  const { seed, publicKey } = newIdentity();
  const key = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const signature = sign(null, Buffer.from('text'), { key, format: 'der', type: 'pkcs8' });
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(publicKey) };
  expect(verify(null, Buffer.from('text'), createPublicKey({ key: jwk, format: 'jwk' }), signature)).toBe(true);
});

test('what an identity has signed is its own, and nothing else is', () => {
  const [alice, bob] = [newIdentity(), newIdentity()];
  const bytes = Buffer.from('uchat test\0hello');
  const signature = signedBy(alice, bytes);
  expect(signature).toHaveLength(64);
  expect(isSignedBy(alice.device, bytes, signature)).toBe(true);
  expect(isSignedBy(bob.device, bytes, signature)).toBe(false);
  expect(isSignedBy(alice.device, Buffer.from('uchat test\0hallo'), signature)).toBe(false);
  expect(isSignedBy(alice.device, bytes, signature.subarray(1))).toBe(false);
  expect(isSignedBy('short' as DeviceId, bytes, signature)).toBe(false);
});

test('a seed or key of another length is refused', () => {
  for (const length of [0, 31, 33]) {
    expect(() => identityFromSeed(new Uint8Array(length))).toThrow(RangeError);
    expect(() => deviceOf(new Uint8Array(length))).toThrow(RangeError);
  }
});

test('a device in a form that no key is written in names no key', () => {
  const { device } = newIdentity();
  // The last of 43 characters has two bits too many.
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(device.slice(-1));
  expect(keyOf(`${device.slice(0, -1)}${alphabet[last ^ 1]}` as DeviceId)).toBeUndefined();
  expect(keyOf('short' as DeviceId)).toBeUndefined();
});

test('a fingerprint is SHA-256 of the key in 16 groups of four', () => {
  const { device } = identityFromSeed(hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'));
  expect(fingerprintOf(device)).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
  // As `sha256sum` has it of the 32 bytes above.
  expect(fingerprintOf(device).replaceAll(' ', '')).toBe(
    '21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9',
  );
});

test('base64url takes back what it gave, and only in that form', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = toBase64url(bytes);
      expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
      expect(fromBase64url(text)).toEqual(bytes);
      expect(fromBase64url(`${text}=`)).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const bytes = fromBase64url(text);
      expect(bytes === undefined || toBase64url(bytes) === text).toBe(true);
    }),
  );
});
