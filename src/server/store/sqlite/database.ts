import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { type Durability, StoreError } from '../store.ts';
import { isBusy, toStoreError } from './errors.ts';
import { DATABASE_FILE, preparePrivateFile } from './folder.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { INCREMENTAL } from './pages.ts';

/** `ucht`, in the file's header: tells our databases from others'. */
export const APPLICATION_ID = 0x75_63_68_74;
/** `uchb`: a backup of one of ours (`upkeep/backup-file.ts`). */
export const BACKUP_ID = 0x75_63_68_62;
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
export function refuseUnknown(db: DatabaseSync, newest: number, where: string): void {
  const application = readNumber(db, 'PRAGMA application_id');
  const empty = application === 0 && readNumber(db, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (application === BACKUP_ID)
    throw new StoreError('damaged', `${where} is a backup: make a data folder of it with uchat restore`);
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
 * A database that was made before it could give back space while it is used is rewritten once, where that is a matter of a
 * second; a larger one goes on as it is, until somebody restores a backup of it. What was deleted in it is cleared by this
 * too: later `space.ts` sees to that, while the server runs.
 */
function makeIncremental(db: DatabaseSync, where: string): void {
  if (readNumber(db, 'PRAGMA auto_vacuum') === INCREMENTAL || statSync(where).size > VACUUM_BYTES) return;
  try {
    db.exec(`
      INSERT INTO search (search) VALUES ('optimize');
      PRAGMA auto_vacuum = INCREMENTAL;
      VACUUM;
      DELETE FROM chores WHERE name = 'vacuum';
      PRAGMA wal_checkpoint(TRUNCATE)`);
  } catch (error) {
    // It needs as much room again on the disk. What is wrong otherwise is said by the first call that meets it.
    if (toStoreError(error, where).code !== 'disk_full') throw error;
  }
}

/** One line for the operator of a database that could not be made so; undefined where there is nothing to say. */
export function cannotShrink(db: DatabaseSync): string | undefined {
  if (readNumber(db, 'PRAGMA auto_vacuum') === INCREMENTAL) return undefined;
  return 'the database is of an older kind: it can not get smaller, and pieces of deleted messages may stay in it; a backup of it that is restored (uchat backup, uchat restore) can';
}

/** What another program has locked is refused at once. */
function withoutWaiting<T>(db: DatabaseSync, work: () => T): T {
  db.exec('PRAGMA busy_timeout = 0');
  try {
    return work();
  } finally {
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
  }
}

const checkpoint = (db: DatabaseSync): boolean => db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0;

/** Writes the log into the database and empties it. @returns false at once where somebody reads it: nobody waits for them. */
export const emptyLog = (db: DatabaseSync): boolean => withoutWaiting(db, () => checkpoint(db));

/**
 * Works on the file itself, past SQLite: all of the data is in it, and no program can change it meanwhile, for none can
 * commit, and there is nothing in the log that could be copied into it.
 * @param where the path of the database.
 * @returns undefined at once, without any work, where somebody reads the log or writes: nobody waits for them.
 */
export function onBareFile<T>(db: DatabaseSync, where: string, work: () => T): T | undefined {
  return withoutWaiting(db, () => {
    if (!checkpoint(db)) return undefined;
    try {
      db.exec('BEGIN IMMEDIATE');
      // Somebody may have written between the two.
      return (statSync(`${where}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0 ? work() : undefined;
    } catch (error) {
      if (isBusy(error)) return undefined;
      throw error;
    } finally {
      if (db.isTransaction) db.exec('ROLLBACK');
    }
  });
}

/** A log without its database: SQLite would make a new database, and throw the log away with all that is in it alone. */
function refuseOrphan(folder: string): void {
  const path = join(folder, DATABASE_FILE);
  const bytes = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes(path) === 0 && bytes(`${path}-wal`) > 0)
    throw new StoreError(
      'damaged',
      `${path} is missing, and its log ${path}-wal is there, with the newest messages: put it back, or move the log away`,
    );
}

/** Opens, checks and migrates the database of a folder whose lock we hold. */
export function openDatabase(folder: string, durability: Durability): DatabaseSync {
  refuseOrphan(folder);
  preparePrivateFile(folder, DATABASE_FILE);
  const where = join(folder, DATABASE_FILE);
  const db = new DatabaseSync(where, { timeout: BUSY_TIMEOUT });
  try {
    refuseUnknown(db, MIGRATIONS.length, where);
    // It must be said before there is anything in the file.
    if (readNumber(db, 'PRAGMA page_count') === 0) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
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
    makeIncremental(db, where);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
