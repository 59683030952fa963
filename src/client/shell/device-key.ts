/** This client's own key, with which it logs in where it was enrolled. */
import { createPublicKey, sign } from 'node:crypto';
import { join } from 'node:path';
import { ok, type Result } from '../../base/result.ts';
import { pinOf } from '../../link/pin.ts';
import { deviceLoginBytes } from '../../protocol/device-key.ts';
import { openKeyFile } from './key-file.ts';

export const DEVICE_KEY_FILE = 'device-key.pem';

export interface DeviceKey {
  /** Ed25519, base64url without padding. */
  readonly publicKey: string;
  /** As the server shows it: `pinOf` the public key. */
  readonly fingerprint: string;
  /** Signs a connection's channel binding. @returns base64url without padding. */
  sign(binding: Uint8Array): string;
}

/**
 * The key in a client's folder, made at first use: PKCS #8 in PEM, mode 0600.
 * @returns or one line that says what is wrong and what to do.
 */
export function openDeviceKey(folder: string): Result<DeviceKey, string> {
  const opened = openKeyFile({
    path: join(folder, DEVICE_KEY_FILE),
    name: 'device key',
    orElse: 'remove it and enrol a new one with /key add',
    fresh: 'a new one is made, to be enrolled with /key add',
  });
  if (!opened.ok) return opened;
  const key = opened.value;
  const publicKey = createPublicKey(key);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return ok({
    // The last 32 bytes are the key itself (RFC 8410, 4).
    publicKey: spki.subarray(-32).toString('base64url'),
    fingerprint: pinOf(publicKey),
    sign: (binding) => sign(null, deviceLoginBytes(binding), key).toString('base64url'),
  });
}
