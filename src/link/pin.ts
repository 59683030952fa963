import { createHash, type KeyObject } from 'node:crypto';

/**
 * What stands for a public key: SHA-256 of its SubjectPublicKeyInfo (RFC 5280, 4.1), as ssh writes such things. A
 * certificate may be renewed under the same key, and keeps its pin.
 */
export function pinOf(publicKey: KeyObject): string {
  const hash = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
  return `SHA256:${hash.digest('base64').replace(/=+$/, '')}`;
}

export const PIN = /^SHA256:[A-Za-z0-9+/]{43}$/;
