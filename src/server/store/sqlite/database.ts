import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { type Durability, StoreError } from '../store.ts';
import { toStoreError } from './errors.ts';
import { DATABASE_FILE, preparePrivateFile } from './folder.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

/** `ucht`, in the file's header: tells our databases from others'. */
export const APPLICATION_ID = 0x75_63_68_74;
/** Milliseconds to wait for a program that writes to the database beside us; a person with the sqlite3 program may. */
const BUSY_TIMEOUT = 5000;
/** KiB of pages held in memory: the index of sent ids is written at random places, and each miss is a read. */
const CACHE_KIB = 32_768;
/** Pages (16 MiB) of write-ahead log before it is copied into the database: the longer, the fewer pages twice. */
const CHECKPOINT_PAGES = 4000;
/** Bytes of the longest database that is rewritten when it is opened: a second. */
const VACUUM_BYTES = 128 * 1024 * 1024;
/** Bytes of log kept as a file after a copy; a burst behind a slow reader may make it longer for a while. */
const LOG_BYTES = 64 * 1024 * 1024;

function readNumber(db: DatabaseSync, sql: string): number {
  const value: SQLOutputValue | undefined = Object.values(db.prepare(sql).get() ?? {})[0];
  if (typeof value !== 'number') throw new StoreError('damaged', `${sql} gave no number`);
  return value;
}

/** Brings the data to the newest version; a step that fails leaves the version before it. */
export function migrate(db: DatabaseSync, migrations: readonly Migration[]): void {
  for (const step of migrations.slice(readNumber(db, 'PRAGMA user_version'))) {
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(`${step.sql}; PRAGMA user_version = ${step.version}; PRAGMA application_id = ${APPLICATION_ID}; COMMIT`);
    } finally {
      if (db.isTransaction) db.exec('ROLLBACK');
    }
  }
}

/** Reads only: a file of another program's, or of a newer version, stays as it is. */
function refuseUnknown(db: DatabaseSync, newest: number, where: string): void {
  const application = readNumber(db, 'PRAGMA application_id');
  const empty = application === 0 && readNumber(db, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (application !== APPLICATION_ID && !empty)
    throw new StoreError('damaged', `${where} is a database of another program: move it away`);
  const version = readNumber(db, 'PRAGMA user_version');
  if (version > newest)
    throw new StoreError(
      'newer_data',
      `${where} was written by a newer uchat (data version ${version}, this one knows ${newest}): install the newer uchat`,
    );
}

/**
 * Rewrites the file where something was deleted since it was opened last. A page of SQLite's that was split keeps pieces
 * of what moved to another page, where nothing is, and `secure_delete` doesn't know of them; and the full-text index finds
 * its pages by words, which stay there when nothing has them any more.
 */
function vacuum(db: DatabaseSync, where: string): void {
  if (db.prepare("SELECT 1 FROM chores WHERE name = 'vacuum'").get() === undefined) return;
  if (statSync(where).size > VACUUM_BYTES) return;
  try {
    db.exec(`
      INSERT INTO search (search) VALUES ('optimize');
      VACUUM;
      DELETE FROM chores WHERE name = 'vacuum';
      PRAGMA wal_checkpoint(TRUNCATE)`);
  } catch (error) {
    // It needs as much room again on the disk. What is wrong otherwise is said by the first call that meets it.
    if (toStoreError(error, where).code !== 'disk_full') throw error;
  }
}

/** Opens, checks and migrates the database of a folder whose lock we hold. */
export function openDatabase(folder: string, durability: Durability): DatabaseSync {
  preparePrivateFile(folder, DATABASE_FILE);
  const where = join(folder, DATABASE_FILE);
  const db = new DatabaseSync(where, { timeout: BUSY_TIMEOUT });
  try {
    refuseUnknown(db, MIGRATIONS.length, where);
    // FULL syncs the log at every commit, NORMAL only before it is copied: then a power cut may take the last commits,
    // and a kill takes none, for what was written is in the kernel's hands.
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'};
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA journal_size_limit = ${LOG_BYTES};
      PRAGMA cache_size = -${CACHE_KIB};
      PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON;
      PRAGMA secure_delete = ON;
    `);
    migrate(db, MIGRATIONS);
    vacuum(db, where);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
