/** This client's own key, with which it logs in where it was enrolled. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { closeSync, fstatSync, linkSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { pinOf } from '../../link/pin.ts';
import { deviceLoginBytes } from '../../protocol/device-key.ts';
import { systemWords, writePrivate } from './files.ts';

const DEVICE_KEY_FILE = 'device-key.pem';
/** Bytes; a key as we write it has 119. */
const MAX_KEY_BYTES = 4096;
/** Read, write or execute, of the group or of all. */
const OTHERS = 0o077;

export interface DeviceKey {
  /** Ed25519, base64url without padding. */
  readonly publicKey: string;
  /** As the server shows it: `pinOf` the public key. */
  readonly fingerprint: string;
  /** Signs a connection's channel binding. @returns base64url without padding. */
  sign(binding: Uint8Array): string;
}

/** @returns undefined when there is no such file; else a line that says what is wrong. */
function read(path: string): Result<KeyObject | undefined, string> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ok(undefined);
    return err(`cannot read the device key ${path}: ${systemWords(error)}`);
  }
  try {
    const { mode, size } = fstatSync(file);
    if ((mode & OTHERS) !== 0)
      return err(
        `others can read the device key ${path}: chmod 600 it, or remove it and enrol a new one with /key add`,
      );
    if (size > MAX_KEY_BYTES) return err(notOurs(path));
    const key = createPrivateKey(readFileSync(file));
    return key.asymmetricKeyType === 'ed25519' ? ok(key) : err(notOurs(path));
  } catch {
    // The words of OpenSSL help nobody, and might quote the file.
    return err(notOurs(path));
  } finally {
    closeSync(file);
  }
}

const notOurs = (path: string): string =>
  `${path} is not a device key: move it away, and a new one is made, to be enrolled with /key add`;

/** Where two clients start at once, both end up with the key of the first. */
function make(path: string): Result<KeyObject | undefined, string> {
  const fresh = `${path}.${process.pid}`;
  try {
    const { privateKey } = generateKeyPairSync('ed25519');
    writePrivate(fresh, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
    linkSync(fresh, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      return err(`cannot make the device key ${path}: ${systemWords(error)}`);
  } finally {
    rmSync(fresh, { force: true });
  }
  return read(path);
}

/**
 * The key in a client's folder, made at first use: PKCS #8 in PEM, mode 0600.
 * @returns or one line that says what is wrong and what to do.
 */
export function openDeviceKey(folder: string): Result<DeviceKey, string> {
  const path = join(folder, DEVICE_KEY_FILE);
  const found = read(path);
  const loaded = found.ok && found.value === undefined ? make(path) : found;
  if (!loaded.ok) return loaded;
  const key = loaded.value;
  if (key === undefined) return err(`cannot read the device key ${path}: it was removed just now`);
  const publicKey = createPublicKey(key);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return ok({
    // The last 32 bytes are the key itself (RFC 8410, 4).
    publicKey: spki.subarray(-32).toString('base64url'),
    fingerprint: pinOf(publicKey),
    sign: (binding) => sign(null, deviceLoginBytes(binding), key).toString('base64url'),
  });
}
