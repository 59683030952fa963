/** Files that nobody else reads, that are on the disk when they are said to be, and gone when they are said to be gone. */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isErrno, OTHERS, openIfThere, PRIVATE_FILE, syncFolder } from '../shell/files.ts';
import { VaultError } from './fault.ts';

const PRIVATE_FOLDER = 0o700;
/** Bytes that are overwritten at a time. */
const ERASE_BYTES = 65_536;

/** Makes a folder of ours, or makes it private. Its parent must be there. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: PRIVATE_FOLDER });
    // The umask may have taken rights from us as well.
    chmodSync(path, PRIVATE_FOLDER);
    syncFolder(dirname(path));
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    if ((statSync(path).mode & OTHERS) !== 0) chmodSync(path, PRIVATE_FOLDER);
  }
}

/** Writes all of it, however often the system takes only a part. `at`: bytes from the start. */
export function writeAll(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}

/** A new file with this in it, for us only; it must not be there yet. */
export function createFile(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'wx', PRIVATE_FILE);
  try {
    fchmodSync(file, PRIVATE_FILE);
    writeAll(file, bytes, 0);
    fsyncSync(file);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/**
 * Makes a file private before SQLite puts anything into it; SQLite gives its journal the mode of the database.
 *
 * A file that exists isn't opened: closing any descriptor of a file drops every POSIX lock that this process has on it.
 */
export function prepareFile(path: string): void {
  try {
    createFile(path, new Uint8Array());
    syncFolder(dirname(path));
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    if ((statSync(path).mode & 0o777) !== PRIVATE_FILE) chmodSync(path, PRIVATE_FILE);
  }
}

const besides = (path: string): string => `${path}.${randomBytes(6).toString('hex')}`;

/** Makes a small file. Where several programs do at once, the first one's stays: read it after this. */
export function createOnce(path: string, bytes: Uint8Array): void {
  const fresh = besides(path);
  try {
    createFile(fresh, bytes);
    linkSync(fresh, path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
  syncFolder(dirname(path));
}

/** The old content or the new, whatever happens meanwhile; and then nothing of the old. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  const old = openSync(path, 'r+');
  try {
    const fresh = besides(path);
    try {
      createFile(fresh, bytes);
      renameSync(fresh, path);
    } catch (error) {
      rmSync(fresh, { force: true });
      throw error;
    }
    syncFolder(dirname(path));
    erase(old);
  } finally {
    closeSync(old);
  }
}

/** Overwrites what an open file holds, as far as its disk writes in place; SSDs and some file systems keep old blocks. */
function erase(file: number): void {
  const { size } = fstatSync(file);
  const zeros = new Uint8Array(Math.min(size, ERASE_BYTES));
  for (let at = 0; at < size; at += zeros.length) writeAll(file, zeros.subarray(0, size - at), at);
  fsyncSync(file);
}

/** Overwrites, then removes. */
export function removeFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    erase(file);
    unlinkSync(path);
  } finally {
    closeSync(file);
  }
  syncFolder(dirname(path));
}

/** A small secret file. @returns undefined where there is none. Throws where others could read it, or it is too long. */
export function readSecretFile(path: string, name: string, maxBytes: number): Buffer | undefined {
  const file = openIfThere(path);
  if (file === undefined) return undefined;
  try {
    const { mode, size } = fstatSync(file);
    if ((mode & OTHERS) !== 0) throw new VaultError('exposed', `others can read the ${name} ${path}: chmod 600 it`);
    if (size > maxBytes) throw new VaultError('damaged', `${path} is not the ${name}: it is too long`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
