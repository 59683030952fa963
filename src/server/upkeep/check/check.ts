/** Whether what a server keeps is sound: looks at everything, and changes nothing. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { refuseUnknown } from '../../store/sqlite/database.ts';
import { toStoreError } from '../../store/sqlite/errors.ts';
import { MIGRATIONS } from '../../store/sqlite/migrations/index.ts';
import { asText } from '../../store/sqlite/rows.ts';
import { StoreError } from '../../store/store.ts';
import { databaseOf, LOG_FILE, openReading, stateOf } from '../data-folder.ts';
import { columnsOf, inOneState, type Looking, numberOf, shown } from './data.ts';
import { checkFiles, type TlsFiles } from './files.ts';
import { type Finding, Findings } from './finding.ts';
import { checkParts } from './parts.ts';
import { checkRelations } from './relations.ts';
import { checkRooms } from './rooms.ts';
import { checkSearch } from './search.ts';
import { checkTables } from './tables.ts';

/** Lines of SQLite's own check: the first say what the others follow from. */
const MAX_LINES = 5;
/** How often a check begins anew where a server starts or ends meanwhile. */
const MAX_TRIES = 3;

export interface Checked {
  readonly findings: readonly Finding[];
  /** How many faults were found: those that aren't listed, too; notes aren't faults. */
  readonly faults: number;
  readonly messages: number;
  readonly rooms: number;
  readonly accounts: number;
  /** The version of the data. */
  readonly version: number;
}

type Progress = Looking['progress'];

/** Everything in a database that is open for reading. */
export function checkDatabase(db: DatabaseSync, findings: Findings, progress: Progress, now: number): Counts {
  const looking: Looking = { db, findings, progress, now };
  const where = db.location() ?? 'the database';
  const version = numberOf(db, 'PRAGMA user_version');
  if (version < MIGRATIONS.length && version > 0)
    findings.add('old_data', `the data has version ${version}, and this uchat writes ${MIGRATIONS.length}`);
  const parts = [checkPages, checkParts, checkReferences, checkTables, checkRooms, checkRelations, checkSearch];
  for (const part of parts) {
    try {
      part(looking);
    } catch (error) {
      // One that can't go on says so; the others may.
      findings.add('damaged', toStoreError(error, where).message);
    }
  }
  const count = (table: string): number => {
    try {
      return columnsOf(db, table).length === 0 ? 0 : numberOf(db, `SELECT count(*) FROM ${table}`);
    } catch {
      // Said above.
      return 0;
    }
  };
  return { messages: count('messages'), rooms: count('rooms'), accounts: count('accounts'), version };
}

/** Pages, indexes and rules of SQLite's own, and those of the full-text index. */
function checkPages({ db, findings, progress }: Looking): void {
  progress('pages');
  for (const { integrity_check: line } of db.prepare(`PRAGMA integrity_check(${MAX_LINES})`).iterate())
    if (line !== 'ok') findings.add('damaged', asText(line));
}

function checkReferences({ db, findings, progress }: Looking): void {
  progress('references');
  inOneState(db, () => {
    for (const { table, rowid, parent } of db.prepare('PRAGMA foreign_key_check').iterate())
      findings.add(
        'reference',
        `${shown(table)} ${shown(rowid)} is of something in ${shown(parent)} that there is not`,
      );
  });
}

/** What changes when a server starts or ends. */
function stampOf(folder: string): string {
  const file = statSync(databaseOf(folder), { throwIfNoEntry: false });
  return `${file?.mtimeMs} ${file?.size} ${file?.ino}`;
}

type Counts = Omit<Checked, 'findings' | 'faults'>;
const NOTHING: Counts = { messages: 0, rooms: 0, accounts: 0, version: 0 };

/**
 * A data folder, whether or not a server runs on it.
 * @param tls the server's key and certificate, where they aren't in the folder.
 */
export function checkFolder(folder: string, tls: TlsFiles | undefined, progress: Progress, now: number): Checked {
  for (let tries = 1; ; tries++) {
    const findings = new Findings();
    checkFiles(folder, tls, findings);
    const isStill = !existsSync(join(folder, LOG_FILE));
    const stamp = stampOf(folder);
    const counts = look(folder, findings, progress, now);
    // Where nobody wrote it is read without a lock. A server that starts meanwhile moves what is read: a fault may be none.
    if (findings.faults === 0 || !isStill || stamp === stampOf(folder) || tries >= MAX_TRIES)
      return { ...counts, findings: findings.list(), faults: findings.faults };
  }
}

function look(folder: string, findings: Findings, progress: Progress, now: number): Counts {
  let db: DatabaseSync | undefined;
  try {
    const state = stateOf(folder);
    if (state === 'log') {
      findings.add(
        'no_database',
        `${databaseOf(folder)} is lost, and its log ${LOG_FILE} has the newest messages`,
        'put it back, or restore a backup',
      );
      return NOTHING;
    }
    if (state === 'data') {
      accessSync(databaseOf(folder), constants.R_OK);
      db = openReading(folder);
      refuseUnknown(db, MIGRATIONS.length, databaseOf(folder));
      if (numberOf(db, 'SELECT count(*) FROM sqlite_schema') > 0) return checkDatabase(db, findings, progress, now);
    }
    findings.add('no_database', `${folder} holds no data of a server`);
  } catch (error) {
    tellFault(error, folder, findings);
  } finally {
    db?.close();
  }
  return NOTHING;
}

function tellFault(error: unknown, folder: string, findings: Findings): void {
  const { code, message } = toStoreError(error, databaseOf(folder));
  if (error instanceof StoreError && code === 'newer_data')
    findings.add('newer_data', message.replace(/: install .*$/, ''));
  else if (error instanceof StoreError)
    findings.add('not_ours', message.replace(/: (move it away|make a data folder .*)$/, ''));
  else if (code === 'damaged') findings.add('damaged', message);
  else
    findings.add(
      'unreadable',
      `${databaseOf(folder)} can't be read, or ${LOG_FILE} beside it (${error instanceof Error ? error.message : 'why is unknown'})`,
    );
}
