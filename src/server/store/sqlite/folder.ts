import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { StoreError } from '../store.ts';

export const DATABASE_FILE = 'uchat.db';
export const LOCK_FILE = 'uchat.lock';

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

export const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** What a folder lists must survive a power cut as surely as what is in the files. */
export function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Level by level: Node's own `recursive` says ENOENT where the truth is a read-only file system. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: PRIVATE_FOLDER });
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return;
    if (!isErrno(error, 'ENOENT') || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    mkdirSync(path, { mode: PRIVATE_FOLDER });
  }
  // The name of a new folder must survive a power cut as surely as what is in it.
  syncFolder(dirname(path));
}

/**
 * Makes the folder, for its owner only. One that exists becomes private if it is plainly ours (empty, or holding our
 * data); any other keeps its mode, for it may be a folder of the system's that must stay open to others. Its files are
 * private all the same. Where others could put files of their own into our place, it is refused.
 */
export function preparePrivateFolder(path: string): void {
  makeFolder(path);
  const { mode } = statSync(path);
  if ((mode & 0o077) !== 0) {
    const names = readdirSync(path);
    if (names.length === 0 || names.includes(DATABASE_FILE)) chmodSync(path, PRIVATE_FOLDER);
    else if ((mode & 0o022) !== 0)
      throw new StoreError('failed', `others can write to the folder ${path}: choose one of your own, or chmod 700 it`);
  }
  // SQLite falls back to reading where it may not write. Root passes every mode, but not a read-only mount.
  accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
}

/**
 * Makes a file private before SQLite puts anything into it; SQLite gives its -wal and -shm the mode of the database.
 * No umask: that belongs to the whole process, and can't be set from a worker.
 *
 * A file that exists isn't opened: closing any descriptor of a file drops every POSIX lock that this process has on it.
 */
export function preparePrivateFile(folder: string, name: string): void {
  const path = join(folder, name);
  try {
    closeSync(openSync(path, 'wx', PRIVATE_FILE));
    syncFolder(folder);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    accessSync(path, constants.R_OK | constants.W_OK);
    if ((statSync(path).mode & 0o777) !== PRIVATE_FILE) chmodSync(path, PRIVATE_FILE);
  }
}
