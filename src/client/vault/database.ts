/** The database of sessions, packages, queued mail and pins of one server. */
import { closeSync, existsSync, fstatSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openIfThere } from '../shell/files.ts';
import { VaultError } from './fault.ts';
import { prepareFile, writeAll } from './files.ts';

/** `ucvt`, in the file's header: tells our databases from others'. */
export const APPLICATION_ID = 0x75_63_76_74;
/** Milliseconds to wait for a program that reads pins, or for one that writes; both take a few. */
const BUSY_TIMEOUT = 2000;

interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * Each brings the data one version forward, and is never changed once it was released.
 *
 * `owner` has one row: the device whose sessions and packages these are.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE owner (device TEXT NOT NULL) STRICT;

      CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        user TEXT NOT NULL,
        device TEXT NOT NULL,
        state BLOB NOT NULL,
        welcome BLOB,
        used INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX sessions_by_device ON sessions (user, device, used);

      CREATE TABLE packages (
        n INTEGER PRIMARY KEY,
        ref TEXT NOT NULL UNIQUE,
        public BLOB NOT NULL,
        secret BLOB NOT NULL
      ) STRICT;

      CREATE TABLE queue (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        copy_of TEXT NOT NULL,
        mail TEXT NOT NULL
      ) STRICT;

      CREATE TABLE pins (
        user TEXT NOT NULL,
        device TEXT NOT NULL,
        since INTEGER NOT NULL,
        verified INTEGER NOT NULL,
        accepted INTEGER NOT NULL,
        PRIMARY KEY (user, device)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 2,
    // A saved state begins with its version, 1, and our name in it, behind one byte for its length.
    sql: `
      ALTER TABLE sessions ADD COLUMN own TEXT NOT NULL DEFAULT '';
      ALTER TABLE sessions ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;
      UPDATE sessions SET own =
        coalesce(CAST(substr(state, 3, unicode(CAST(substr(state, 2, 1) AS TEXT))) AS TEXT), '')
        WHERE substr(state, 1, 1) = x'01';
      DELETE FROM sessions WHERE own = '';

      ALTER TABLE queue ADD COLUMN own TEXT NOT NULL DEFAULT '';
      UPDATE queue SET own = coalesce(
        (SELECT own FROM sessions WHERE id = json_extract(CAST(queue.mail AS TEXT), '$.sealed.group')), '');
      DELETE FROM queue WHERE own = '';

      -- Whose the older ones are isn't known, and needn't be: they are found by their reference.
      ALTER TABLE packages ADD COLUMN own TEXT NOT NULL DEFAULT '';
      CREATE INDEX packages_by_own ON packages (own, n);

      CREATE TABLE published (own TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE begun (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        own TEXT NOT NULL,
        recipient TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    version: 3,
    // What messages of the logs have become, sealed; and changes by mail that were opened.
    sql: `
      CREATE TABLE changes (
        n INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,
        log BLOB NOT NULL,
        early INTEGER NOT NULL,
        sealed BLOB NOT NULL
      ) STRICT;
      CREATE INDEX changes_by_log ON changes (log, early, n);

      CREATE TABLE noted (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
    `,
  },
];

function readNumber(db: DatabaseSync, sql: string): number {
  const value = Object.values(db.prepare(sql).get() ?? {})[0];
  if (typeof value !== 'number') throw new VaultError('damaged', `${sql} gave no number`);
  return value;
}

/** Reads only: a file of another program's, or of a newer version, stays as it is. @returns the version; 0: it is empty. */
function versionOf(db: DatabaseSync, path: string): number {
  const application = readNumber(db, 'PRAGMA application_id');
  const version = readNumber(db, 'PRAGMA user_version');
  const isEmpty = application === 0 && readNumber(db, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (application !== APPLICATION_ID && !isEmpty)
    throw new VaultError('damaged', `${path} is a database of another program: move it away`);
  if (version > MIGRATIONS.length)
    throw new VaultError(
      'newer',
      `${path} was written by a newer uchat (data version ${version}, this one knows ${MIGRATIONS.length}): install the newer uchat`,
    );
  return version;
}

/** Brings the data to the newest version; a step that fails leaves the version before it. */
export function migrate(db: DatabaseSync, migrations: readonly Migration[]): void {
  for (const { version, sql } of migrations.slice(readNumber(db, 'PRAGMA user_version'))) {
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(`${sql}; PRAGMA user_version = ${version}; PRAGMA application_id = ${APPLICATION_ID}; COMMIT`);
    } finally {
      if (db.isTransaction) db.exec('ROLLBACK');
    }
  }
}

/**
 * What was deleted or replaced is overwritten in the database (`secure_delete`), since a ratchet's old state opens old
 * messages. That rules out a write-ahead log, in which old states would lie until it comes round. The rollback journal has
 * the pages of the last transaction as they were; it keeps its blocks (`PERSIST`), and `wipeJournal` overwrites them.
 * `FULL`: each commit is on the disk.
 */
const SETTINGS = `
  PRAGMA journal_mode = PERSIST;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
`;

/** Opens, checks and migrates a database whose lock we hold. */
export function openDatabase(path: string): DatabaseSync {
  prepareFile(path);
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT });
  try {
    versionOf(db, path);
    db.exec(SETTINGS);
    migrate(db, MIGRATIONS);
    wipeJournal(path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Beside a program that has the lock: for reading. @returns undefined where nothing is there yet. */
export function openForReading(path: string): DatabaseSync | undefined {
  if (!existsSync(path)) return undefined;
  // Not as read-only, for then SQLite could not take back what a crash has left by halves.
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT });
  try {
    db.exec('PRAGMA query_only = ON; PRAGMA trusted_schema = OFF');
    if (versionOf(db, path) > 0) return db;
  } catch (error) {
    db.close();
    throw error;
  }
  db.close();
  return undefined;
}

/**
 * Overwrites the journal of a transaction that is over: its head is zeros by then, which is what ends a transaction in this
 * mode, so nobody would take it back. It isn't waited for: the system writes it with the rest, in half a minute at most.
 */
export function wipeJournal(path: string): void {
  const file = openIfThere(`${path}-journal`, 'r+');
  if (file === undefined) return;
  try {
    writeAll(file, new Uint8Array(fstatSync(file).size), 0);
  } finally {
    closeSync(file);
  }
}
