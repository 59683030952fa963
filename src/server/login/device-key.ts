import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { pinOf } from '../../link/pin.ts';
import { deviceLoginBytes } from '../../protocol/device-key.ts';

/** SubjectPublicKeyInfo of an Ed25519 key, up to the key itself (RFC 8410, 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Bytes of a key and of a signature (RFC 8032, 5.1.5 and 5.1.6). */
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Strict: the one way to write these bytes, so that a key is equal to itself as text. */
function fromBase64url(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === length && bytes.toString('base64url') === text ? bytes : undefined;
}

/**
 * @param text base64url without padding. @returns undefined when it is no key. One of small order, under which signatures
 * fit any text, is read, but nothing verifies under it: OpenSSL sees to that, and a test to OpenSSL.
 */
export function parseDeviceKey(text: string): KeyObject | undefined {
  const raw = fromBase64url(text, KEY_BYTES);
  if (raw === undefined) return undefined;
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** `SHA256:` and 43 digits, as for a server's key. */
export const deviceFingerprint = (key: KeyObject): string => pinOf(key);

/**
 * Whether the holder of the key's private half signed this connection's binding.
 * @param binding `CHANNEL_BINDING_BYTES` of the TLS connection that the signature came over, as this end sees it.
 * @param signature base64url without padding.
 */
export function verifyDeviceLogin(key: KeyObject, binding: Uint8Array, signature: string): boolean {
  const bytes = fromBase64url(signature, SIGNATURE_BYTES);
  return bytes !== undefined && verify(null, deviceLoginBytes(binding), key, bytes);
}
