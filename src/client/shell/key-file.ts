/** An Ed25519 key in a file of its own, made at first use: PKCS #8 in PEM, mode 0600. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, fstatSync, linkSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { isErrno, OTHERS, openIfThere, syncFolder, systemWords, writePrivate } from './files.ts';

/** Bytes; a key as we write it has 119. */
const MAX_KEY_BYTES = 4096;

export interface KeyFile {
  readonly path: string;
  /** What it is, in words: `device key`. */
  readonly name: string;
  /** What to do where others could read it, other than to make it private. */
  readonly orElse: string;
  /** What comes of moving it away. */
  readonly fresh: string;
}

const aKey = (name: string): string => `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;

const notOurs = ({ path, name, fresh }: KeyFile): string => `${path} is not ${aKey(name)}: move it away, and ${fresh}`;

/** @returns undefined when there is no such file; else a line that says what is wrong. */
function read(given: KeyFile): Result<KeyObject | undefined, string> {
  const { path, name, orElse } = given;
  let file: number | undefined;
  try {
    file = openIfThere(path);
  } catch (error) {
    return err(`cannot read the ${name} ${path}: ${systemWords(error)}`);
  }
  if (file === undefined) return ok(undefined);
  try {
    const { mode, size } = fstatSync(file);
    if ((mode & OTHERS) !== 0) return err(`others can read the ${name} ${path}: chmod 600 it, or ${orElse}`);
    if (size > MAX_KEY_BYTES) return err(notOurs(given));
    const key = createPrivateKey(readFileSync(file));
    return key.asymmetricKeyType === 'ed25519' ? ok(key) : err(notOurs(given));
  } catch {
    // The words of OpenSSL help nobody, and might quote the file.
    return err(notOurs(given));
  } finally {
    closeSync(file);
  }
}

/** Where two programs start at once, both end up with the key of the first. */
function make(given: KeyFile): Result<KeyObject | undefined, string> {
  const { path, name } = given;
  const fresh = `${path}.${process.pid}`;
  try {
    const { privateKey } = generateKeyPairSync('ed25519');
    writePrivate(fresh, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
    linkSync(fresh, path);
    // What is signed with a key must not outlive it.
    syncFolder(dirname(path));
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) return err(`cannot make the ${name} ${path}: ${systemWords(error)}`);
  } finally {
    rmSync(fresh, { force: true });
  }
  return read(given);
}

/** @returns or one line that says what is wrong and what to do. */
export function openKeyFile(file: KeyFile): Result<KeyObject, string> {
  const found = read(file);
  const loaded = found.ok && found.value === undefined ? make(file) : found;
  if (!loaded.ok) return loaded;
  return loaded.value === undefined
    ? err(`cannot read the ${file.name} ${file.path}: it was removed just now`)
    : ok(loaded.value);
}
