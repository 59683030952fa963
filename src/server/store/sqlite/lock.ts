import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store.ts';
import { isBusy } from './errors.ts';
import { LOCK_FILE, preparePrivateFile } from './folder.ts';

/** Milliseconds: whoever only looks whether a server runs has the lock for a moment. */
const LOOKED_AT_MS = 250;

/**
 * Keeps a second server out of the folder for as long as the returned connection is open.
 *
 * It is an exclusive SQLite transaction on an empty database of its own, that is, a POSIX record lock. The kernel frees
 * it when the process ends in whatever way, kill -9 too, so there is no stale lock to clean up and no process id that
 * could be somebody else's by now. Inside one process, where POSIX locks don't exclude each other, SQLite itself keeps
 * the account of them.
 *
 * It isn't taken on the database (`locking_mode=EXCLUSIVE`), for that would shut out readers: a backup, or a person with
 * the sqlite3 program.
 */
export function takeLock(folder: string): DatabaseSync {
  preparePrivateFile(folder, LOCK_FILE);
  const lock = new DatabaseSync(join(folder, LOCK_FILE), { timeout: LOOKED_AT_MS });
  try {
    // Nothing is ever committed: no journal file beside it.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new StoreError(
      'in_use',
      `another server uses the folder ${folder}: stop it with uchat --serve --stop --data ${folder}, or choose another folder with --data`,
    );
  }
}

/** Whether a server runs on the folder. Changes nothing, and makes nothing. Throws where this user may not look. */
export function isLocked(folder: string): boolean {
  const path = join(folder, LOCK_FILE);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return false;
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path, { readOnly: true, timeout: 0 });
    lock.exec('SELECT 1 FROM sqlite_schema');
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    lock?.close();
  }
}
