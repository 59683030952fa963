import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store.ts';
import { isBusy } from './errors.ts';
import { LOCK_FILE, preparePrivateFile } from './folder.ts';

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
  const lock = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
  try {
    // Nothing is ever committed: no journal file beside it.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new StoreError(
      'in_use',
      `another server uses the folder ${folder}: stop it, or choose another folder with --data`,
    );
  }
}
