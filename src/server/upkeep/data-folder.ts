/** A server's data folder, as those look at it who are no server. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { CERTIFICATE_FILE, KEY_FILE } from '../login/server-key.ts';
import { DATABASE_FILE } from '../store/sqlite/folder.ts';

/** SQLite's log of what isn't in the database yet, and its index of that log. */
export const LOG_FILE = `${DATABASE_FILE}-wal`;
const LOG_INDEX_FILE = `${DATABASE_FILE}-shm`;
/** All that a server keeps in its folder. What else is there isn't the data. */
export const DATA_FILES: readonly string[] = [DATABASE_FILE, LOG_FILE, LOG_INDEX_FILE, KEY_FILE, CERTIFICATE_FILE];

/** Milliseconds to wait where a server that ends has the database for itself for a moment. */
const BUSY_TIMEOUT = 5000;

export const databaseOf = (folder: string): string => join(folder, DATABASE_FILE);

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/**
 * `missing`: no such folder; `closed`: another user's, who lets nobody look; `empty`: no server has kept anything there;
 * `log`: the database is lost, and SQLite would throw away what is in its log alone.
 */
export function stateOf(folder: string): 'missing' | 'closed' | 'empty' | 'log' | 'data' {
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return 'missing';
    if (bytesOf(databaseOf(folder)) > 0) return 'data';
    return bytesOf(join(folder, LOG_FILE)) > 0 ? 'log' : 'empty';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return 'closed';
    throw error;
  }
}

/** What to say of a folder that is closed. */
export const closedText = (folder: string): string =>
  `no permission to look into ${folder}: do this as the user who runs the server, or as root`;

/** For reading a database or a backup that nobody writes to: no lock is taken, and no file is made beside it. */
export function openStill(path: string): DatabaseSync {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true });
}

/** Reads what is there without a change to it, while a server runs, too. Where nothing lies in a log, no file is made. */
export function openReading(folder: string): DatabaseSync {
  if (!existsSync(join(folder, LOG_FILE))) return openStill(databaseOf(folder));
  return new DatabaseSync(databaseOf(folder), { readOnly: true, timeout: BUSY_TIMEOUT });
}

/**
 * Reads what is there, however long it takes and whatever starts or ends meanwhile. Whoever is the last to close the
 * database writes the log into it; so this needs the right to write, or a folder in which nobody can.
 */
export function openSteady(folder: string): DatabaseSync {
  const db = new DatabaseSync(databaseOf(folder), { timeout: BUSY_TIMEOUT });
  try {
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return db;
  } catch (error) {
    db.close();
    if (existsSync(join(folder, LOG_FILE))) throw error;
    return openStill(databaseOf(folder));
  }
}
