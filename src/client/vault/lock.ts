import { DatabaseSync } from 'node:sqlite';
import { isBusy, VaultError } from './fault.ts';
import { prepareFile } from './files.ts';

/**
 * Keeps a second program out for as long as the returned connection is open: two that advance the same ratchets lose
 * messages.
 *
 * It is an exclusive SQLite transaction on an empty database of its own, that is, a POSIX record lock. The kernel frees it
 * when the process ends in whatever way, so there is no stale lock to clean up. It isn't taken on the database with the
 * sessions, since a second program still reads the pins in it.
 */
export function takeLock(path: string): DatabaseSync {
  prepareFile(path);
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever committed: no journal file beside it.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new VaultError('busy', 'private chats are in your other uchat');
  }
}
