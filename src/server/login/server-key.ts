/**
 * The key by which clients know this server again, and its certificate: made at the first start, or the administrator's
 * own. A file that is broken ends the start and is left as it is: a new key would look to every client like somebody in
 * between.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { systemCode } from '../../link/address.ts';
import { pinOf } from '../../link/pin.ts';
import { selfSigned } from '../../link/self-signed.ts';
import type { TlsKey } from '../../link/tls-door.ts';

export const KEY_FILE = 'server-key.pem';
export const CERTIFICATE_FILE = 'server-cert.pem';
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** Bytes of a key or a chain of certificates: ten times what is seen. */
const MAX_PEM_BYTES = 262_144;

export interface ServerKey extends TlsKey {
  /** What clients pin: see `pinOf`. */
  readonly fingerprint: string;
}

/** `text` is one line for people; the codes are stable. */
export interface ServerKeyFailure {
  readonly code:
    | 'tls_unreadable'
    | 'tls_unwritable'
    | 'tls_bad_key'
    | 'tls_bad_certificate'
    | 'tls_mismatch'
    | 'tls_exposed'
    | 'tls_key_missing';
  readonly text: string;
}

type Checked<T> = Result<T, ServerKeyFailure>;

const failure = (code: ServerKeyFailure['code'], text: string): Checked<never> => err({ code, text });
const words = (error: unknown): string => (error instanceof Error ? systemCode(error) : String(error));

/** @returns undefined when there is no such file. */
function readPem(path: string): Checked<string | undefined> {
  try {
    const bytes = readFileSync(path);
    return bytes.length > MAX_PEM_BYTES
      ? failure('tls_unreadable', `${path} is longer than ${MAX_PEM_BYTES} bytes`)
      : ok(bytes.toString('latin1'));
  } catch (error) {
    return words(error) === 'ENOENT' ? ok(undefined) : failure('tls_unreadable', `${path}: ${words(error)}`);
  }
}

function parseKey(pem: string, path: string): Checked<KeyObject> {
  try {
    return ok(createPrivateKey(pem));
  } catch (error) {
    const locked = pem.includes('ENCRYPTED') || words(error) === 'ERR_MISSING_PASSPHRASE';
    return failure(
      'tls_bad_key',
      locked
        ? `${path} is locked by a passphrase, which nobody can type at a server's start: give it one without`
        : `${path} is not a private key in PEM; restore it from a backup (a new one looks to every client like a forgery)`,
    );
  }
}

/** The first of a chain is the server's own. */
function parseCertificate(pem: string, path: string): Checked<X509Certificate> {
  try {
    return ok(new X509Certificate(pem));
  } catch {
    return failure('tls_bad_certificate', `${path} is not a certificate in PEM`);
  }
}

function together(key: string, keyPath: string, cert: string, certPath: string): Checked<ServerKey> {
  const parsedKey = parseKey(key, keyPath);
  if (!parsedKey.ok) return parsedKey;
  const parsed = parseCertificate(cert, certPath);
  if (!parsed.ok) return parsed;
  return parsed.value.checkPrivateKey(parsedKey.value)
    ? ok({ key, cert, fingerprint: pinOf(parsed.value.publicKey) })
    : failure('tls_mismatch', `the certificate ${certPath} is not one of the key ${keyPath}`);
}

/** The whole file or none, and never over one that is there. */
function writeNew(path: string, text: string): void {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = openSync(fresh, 'wx', PRIVATE_FILE);
    try {
      // All of it, or an error: a short key would be taken for one that somebody has broken.
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(fresh, path);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** The administrator's own key and certificate (a chain, its own first). Both may be for others to read, as they like. */
export function readServerKey(keyPath: string, certPath: string): Checked<ServerKey> {
  const key = readPem(keyPath);
  if (!key.ok) return key;
  const cert = readPem(certPath);
  if (!cert.ok) return cert;
  if (key.value === undefined) return failure('tls_unreadable', `${keyPath}: there is no such file`);
  if (cert.value === undefined) return failure('tls_unreadable', `${certPath}: there is no such file`);
  return together(key.value, keyPath, cert.value, certPath);
}

/** The server's own, in its data folder. It makes what is missing. */
export function ownServerKey(folder: string): Checked<ServerKey> {
  const keyPath = join(folder, KEY_FILE);
  const certPath = join(folder, CERTIFICATE_FILE);
  const key = readPem(keyPath);
  if (!key.ok) return key;
  const cert = readPem(certPath);
  if (!cert.ok) return cert;
  if (key.value === undefined) {
    if (cert.value !== undefined)
      return failure(
        'tls_key_missing',
        `${keyPath} is missing, but its certificate is there: restore it from a backup, or remove ${certPath} too`,
      );
    return makeBoth(folder, keyPath, certPath);
  }
  if ((statSync(keyPath).mode & 0o077) !== 0)
    return failure('tls_exposed', `others can read the server's key: chmod 600 ${keyPath}`);
  if (cert.value !== undefined) return together(key.value, keyPath, cert.value, certPath);
  // The server was cut off between the two. What clients know is the key.
  const parsed = parseKey(key.value, keyPath);
  return parsed.ok ? certify(parsed.value, key.value, certPath) : parsed;
}

function makeBoth(folder: string, keyPath: string, certPath: string): Checked<ServerKey> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    writeNew(keyPath, key);
  } catch (error) {
    return failure('tls_unwritable', `${keyPath} can't be written: ${words(error)}`);
  }
  return certify(privateKey, key, certPath);
}

function certify(privateKey: KeyObject, key: string, certPath: string): Checked<ServerKey> {
  if (privateKey.asymmetricKeyType !== 'ed25519')
    return failure('tls_bad_certificate', `${certPath} is missing, and is made for Ed25519 keys only`);
  const cert = selfSigned(privateKey, 'uchat');
  try {
    writeNew(certPath, cert);
  } catch (error) {
    return failure('tls_unwritable', `${certPath} can't be written: ${words(error)}`);
  }
  return ok({ key, cert, fingerprint: pinOf(new X509Certificate(cert).publicKey) });
}
