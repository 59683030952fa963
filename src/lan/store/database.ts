/** The file: opened, checked, brought to the newest version. */
import { chmodSync, closeSync, fchmodSync, fsyncSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LanStoreError } from './fault.ts';

/** `uclh`, in the file's header: tells our databases from others'. */
const APPLICATION_ID = 0x75_63_6c_68;
/** Milliseconds to wait for a person with the sqlite3 program; no program of ours has the file beside us. */
const BUSY_TIMEOUT = 2000;
/** Bytes of write-ahead log that stay as a file after a burst. */
const LOG_BYTES = 1_048_576;
const PRIVATE_FILE = 0o600;

interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * Each brings the data one version forward, and is never changed once it was released.
 *
 * Mail that was shown stays as a row without a text, so that the same is known when it is said again; `AUTOINCREMENT`
 * gives no place twice, also of a row that is gone.
 */
const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE met (
        device TEXT PRIMARY KEY,
        user TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        dealt INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE entries (
        n INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        device TEXT NOT NULL,
        said TEXT NOT NULL,
        signature TEXT NOT NULL
      ) STRICT;

      CREATE TABLE mail (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        author TEXT NOT NULL,
        id TEXT NOT NULL,
        time INTEGER NOT NULL,
        sealed TEXT,
        UNIQUE (author, id)
      ) STRICT;
      CREATE INDEX mail_unshown ON mail (n) WHERE sealed IS NOT NULL;
      CREATE INDEX mail_shown ON mail (n) WHERE sealed IS NULL;

      CREATE TABLE packages (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        package TEXT NOT NULL UNIQUE
      ) STRICT;

      CREATE TABLE spares (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        device TEXT NOT NULL UNIQUE,
        package TEXT NOT NULL
      ) STRICT;

      CREATE TABLE ignored (
        n INTEGER PRIMARY KEY,
        device TEXT NOT NULL,
        how TEXT NOT NULL,
        until INTEGER
      ) STRICT;
    `,
  },
];

function readNumber(db: DatabaseSync, sql: string): number {
  const value = Object.values(db.prepare(sql).get() ?? {})[0];
  if (typeof value !== 'number') throw new LanStoreError('damaged', `${sql} gave no number`);
  return value;
}

/** Reads only: a file of another program's, or of a newer version, stays as it is. */
function refuseUnknown(db: DatabaseSync, path: string): void {
  const application = readNumber(db, 'PRAGMA application_id');
  const isEmpty = application === 0 && readNumber(db, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (application !== APPLICATION_ID && !isEmpty)
    throw new LanStoreError('damaged', `${path} is a database of another program: move it away`);
  const version = readNumber(db, 'PRAGMA user_version');
  if (version > MIGRATIONS.length)
    throw new LanStoreError(
      'newer',
      `${path} was written by a newer uchat (data version ${version}, this one knows ${MIGRATIONS.length}): install the newer uchat`,
    );
}

/** Pages that belong nowhere, rows without their index: better told now than when somebody's words are in the way. */
function refuseDamaged(db: DatabaseSync, path: string): void {
  const found = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
  if (found !== 'ok') throw new LanStoreError('damaged', `the file is damaged: move away ${path}`);
}

/** A step that fails leaves the version before it. */
function migrate(db: DatabaseSync): void {
  for (const { version, sql } of MIGRATIONS.slice(readNumber(db, 'PRAGMA user_version'))) {
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(`${sql}; PRAGMA user_version = ${version}; PRAGMA application_id = ${APPLICATION_ID}; COMMIT`);
    } finally {
      if (db.isTransaction) db.exec('ROLLBACK');
    }
  }
}

/** Private before SQLite puts anything into it; the files beside it get its mode. */
function prepareFile(path: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) !== 0) {
    // Not opened: closing any descriptor of a file drops every POSIX lock that this process has on it.
    if ((statSync(path).mode & 0o777) !== PRIVATE_FILE) chmodSync(path, PRIVATE_FILE);
    return;
  }
  const file = openSync(path, 'a', PRIVATE_FILE);
  fchmodSync(file, PRIVATE_FILE);
  closeSync(file);
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/**
 * One program has the file, so `EXCLUSIVE`: the log needs no memory shared with others, which not every file system has.
 * What was deleted or replaced is overwritten in the database (`secure_delete`), and in the log at the latest when the
 * program ends, which empties it. `FULL`: each commit is on the disk; see `lightly` for what needn't be.
 */
const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA journal_size_limit = ${LOG_BYTES};
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
`;

/** Throws what is wrong. */
export function openDatabase(path: string): DatabaseSync {
  prepareFile(path);
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT });
  try {
    refuseUnknown(db, path);
    db.exec(SETTINGS);
    migrate(db);
    refuseDamaged(db, path);
    // What a program that was killed has left in the log.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
