/** This device's identity: one Ed25519 key, which is its name, too. The file it lives in is the vault's business. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import type { DeviceId } from '../base/ids.ts';
import { fromBase64url, toBase64url } from './base64url.ts';

/** Bytes of an Ed25519 seed, and of a public key (RFC 8032, 5.1.5). */
export const KEY_BYTES = 32;

export interface Identity {
  readonly device: DeviceId;
  /** Seed and public key (RFC 8032, 5.1.5), as MLS wants its signature key: 32 bytes each. */
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** What stands before the seed in PKCS #8 (RFC 8410, 7). */
const PKCS8_HEAD = Uint8Array.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);

/** What Node signs with. */
function signingKey(seed: Uint8Array): KeyObject {
  const pkcs8 = Buffer.concat([PKCS8_HEAD, seed]);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  pkcs8.fill(0);
  return key;
}

/** @param seed 32 bytes; it is copied. Throws where it has another length. */
export function identityFromSeed(seed: Uint8Array): Identity {
  if (seed.length !== KEY_BYTES) throw new RangeError(`an identity's seed has ${KEY_BYTES} bytes, not ${seed.length}`);
  const key = createPublicKey(signingKey(seed));
  // A SubjectPublicKeyInfo of Ed25519 ends with the key (RFC 8410, 4).
  const publicKey = Uint8Array.from(key.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES));
  return { device: deviceOf(publicKey), seed: Uint8Array.from(seed), publicKey };
}

export const newIdentity = (): Identity => identityFromSeed(randomBytes(KEY_BYTES));

const isDevice = (text: string): text is DeviceId => /^[A-Za-z0-9_-]{43}$/.test(text);

/** @param publicKey 32 bytes. Throws where it has another length. */
export function deviceOf(publicKey: Uint8Array): DeviceId {
  const text = toBase64url(publicKey);
  if (!isDevice(text)) throw new RangeError(`a device's key has ${KEY_BYTES} bytes, not ${publicKey.length}`);
  return text;
}

/** The public key that a device is. @returns undefined where its last character has bits that no key has. */
export const keyOf = (device: DeviceId): Uint8Array | undefined => {
  const key = fromBase64url(device);
  return key?.length === KEY_BYTES ? key : undefined;
};

/** Ed25519 (RFC 8032), 64 bytes. @param bytes with a domain separator of what they are in front. */
export const signedBy = ({ seed }: Identity, bytes: Uint8Array): Buffer => sign(null, bytes, signingKey(seed));

/** What stands before a key in a SubjectPublicKeyInfo (RFC 8410, 4). */
const SPKI_HEAD = Uint8Array.from([48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0]);

/** Whether the device has signed exactly these bytes. Never throws. Under a key of small order nothing verifies. */
export function isSignedBy(device: DeviceId, bytes: Uint8Array, signature: Uint8Array): boolean {
  const key = keyOf(device);
  if (key === undefined) return false;
  try {
    const spki = Buffer.concat([SPKI_HEAD, key]);
    return verify(null, bytes, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
  } catch {
    return false;
  }
}

/** Characters of a group in a fingerprint: so many are read out at a time. */
const GROUP_CHARS = 4;

/**
 * A device for people to compare: SHA-256 of its key, in hexadecimal, since that has no letters that are read out as "big"
 * or "small"; 16 groups of four, like `9f86 d081 …`.
 */
export function fingerprintOf(device: DeviceId): string {
  const hex = createHash('sha256').update(device, 'base64url').digest('hex');
  return (hex.match(new RegExp(`.{${GROUP_CHARS}}`, 'g')) ?? []).join(' ');
}
