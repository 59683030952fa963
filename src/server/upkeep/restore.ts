/** `uchat restore FILE`: a data folder of a backup. Until one moment all is as before; from then on the backup counts. */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { counted } from '../../base/text/number.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { shortMs } from '../console/dashboard/figures.ts';
import { migrate } from '../store/sqlite/database.ts';
import { toStoreError } from '../store/sqlite/errors.ts';
import { DATABASE_FILE, preparePrivateFolder, syncFolder } from '../store/sqlite/folder.ts';
import { takeLock } from '../store/sqlite/lock.ts';
import { MIGRATIONS } from '../store/sqlite/migrations/index.ts';
import { finishRestore, PARTIAL, PLAN_FILE, READY, type RestorePlan } from '../store/sqlite/restoring.ts';
import { asText } from '../store/sqlite/rows.ts';
import { StoreError } from '../store/store.ts';
import { type About, FORMAT, readAbout, readSeal, type SealedFile, unmakeBackup } from './backup-file.ts';
import { type Checked, checkDatabase } from './check/check.ts';
import { shown } from './check/data.ts';
import { Findings } from './check/finding.ts';
import { DATA_FILES, openStill } from './data-folder.ts';
import { type Ended, failed, type Out, wrong } from './out.ts';

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
/**
 * Places of a mailbox that are never given: the server may have given them after the backup was made, and a client that
 * still runs knows mail by its place.
 */
const SKIPPED_PLACES = 1_000_000;

interface RestoreOptions {
  /** The data folder, an absolute path. It is made if it isn't there. */
  readonly folder: string;
  /** As it was typed. */
  readonly file: string;
  /** What is in the folder is kept in a folder in it. */
  readonly force: boolean;
}

interface Source extends SealedFile {
  readonly path: string;
  readonly about: About;
}

export function runRestore({ folder, file, force }: RestoreOptions, out: Out): Ended {
  // A dash that is not behind -- comes as nothing.
  if (file === '-' || file === '') return wrong('a backup is read from a file, not from standard input: name a FILE');
  const path = resolve(file);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return wrong(`there is no file ${path}`);
  if (!there.isFile()) return wrong(`${path} is no file`);
  const began = performance.now();
  try {
    const source = readSource(path, out);
    if (typeof source === 'string') return failed(source);
    preparePrivateFolder(folder);
    const lock = takeLock(folder);
    try {
      return restoreInto(folder, source, force, began, out);
    } finally {
      lock.close();
    }
  } catch (error) {
    return failed(toStoreError(error, folder).message);
  } finally {
    out.progress.clear();
  }
}

/** @returns one line where it is no backup, or none that can be restored. */
function readSource(path: string, { progress }: Out): Source | string {
  let db: DatabaseSync | undefined;
  try {
    const sealed = readSeal(path, MIGRATIONS.length, (share) => progress.show('reading the backup', share));
    if (!sealed.ok) return sealed.error;
    db = openStill(path);
    const about = readAbout(db);
    if (about === undefined) return `${path} is damaged: take another backup`;
    const program = programIn(db);
    if (program !== undefined) return `${path} holds the ${program}, which no server has made: take another backup`;
    return about.format > FORMAT
      ? `${path} was made by a newer uchat (format ${about.format}, this one knows ${FORMAT}): install the newer uchat`
      : { ...sealed.value, path, about };
  } catch (error) {
    return `${path} can't be read: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    db?.close();
  }
}

/**
 * A trigger or a view would go on working in the server. It has none, so whoever made the file put it there: that all is as
 * it was when the file was sealed doesn't say who sealed it.
 */
function programIn(db: DatabaseSync): string | undefined {
  const found = db.prepare("SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view')").get();
  return found === undefined ? undefined : sanitizeLine(`${asText(found.type)} ${shown(found.name)}`);
}

/** The lock of the folder is held. */
function restoreInto(folder: string, source: Source, force: boolean, began: number, out: Out): Ended {
  const finished = finishRestore(folder);
  if (finished?.backup === source.about.id) {
    out.print(
      `${folder}: the restore of ${source.path} that was cut off is finished now${keptWords(folder, finished)}\n`,
    );
    return { status: 0 };
  }
  const old = DATA_FILES.filter((name) => lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined);
  if (old.length > 0 && !force)
    return wrong(
      `${folder} holds data already: restore into another folder with --data, or with --force, which keeps what is there`,
    );
  const plan: RestorePlan = { backup: source.about.id, keptIn: keptName(folder), old: [...DATA_FILES] };
  const made = makeReady(folder, source, plan, out);
  renameSync(join(folder, PARTIAL), join(folder, READY));
  syncFolder(folder);
  finishRestore(folder);
  out.progress.clear();
  out.print(`${folder}: ${madeWords(made, source)}${keptWords(folder, plan)}, ${shortMs(performance.now() - began)}\n`);
  for (const line of made.warnings) out.warn(line);
  return { status: 0 };
}

/** `before-restore-2026-11-21T19-42-28Z`, or the same and a number. */
function keptName(folder: string): string {
  const name = `before-restore-${new Date().toISOString().replace(/\.\d+/, '').replaceAll(':', '-')}`;
  let free = name;
  for (let n = 2; existsSync(join(folder, free)); n++) free = `${name}-${n}`;
  return free;
}

const keptWords = (folder: string, { keptIn }: RestorePlan): string =>
  existsSync(join(folder, keptIn)) ? `; what was there is in ${join(folder, keptIn)}` : '';

interface Made extends Pick<Checked, 'messages' | 'rooms' | 'accounts'> {
  readonly warnings: readonly string[];
  readonly hasKey: boolean;
}

function madeWords({ messages, rooms, accounts, hasKey }: Made, { about, version }: Source): string {
  const from = `as of ${new Date(about.made).toISOString().replace(/\.\d+Z/, 'Z')}`;
  const old = version < MIGRATIONS.length ? `, brought from data version ${version} to ${MIGRATIONS.length}` : '';
  const key = hasKey ? "the server's key" : 'no server key';
  return `${counted(messages, 'message')}, ${counted(rooms, 'room')}, ${counted(accounts, 'account')}, ${key}, ${from}${old}`;
}

/** Makes all that is put into place, in a folder of its own; whatever goes wrong, it is removed. */
function makeReady(folder: string, source: Source, plan: RestorePlan, out: Out): Made {
  const partial = join(folder, PARTIAL);
  const database = join(partial, DATABASE_FILE);
  try {
    mkdirSync(partial, { mode: PRIVATE_FOLDER });
    out.progress.show('copying');
    // Where the file system can, both share what is on the disk.
    copyFileSync(source.path, database, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    chmodSync(database, PRIVATE_FILE);
    truncateSync(database, source.bytes);
    const made = makeData(database, partial, out);
    writeFileSync(join(partial, PLAN_FILE), JSON.stringify(plan), { mode: PRIVATE_FILE, flag: 'wx' });
    for (const name of [DATABASE_FILE, PLAN_FILE]) syncFile(join(partial, name));
    syncFolder(partial);
    return made;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

function syncFile(path: string): void {
  const fd = openSync(path, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes a server's database of the copy, of the newest version, and the files beside it. */
function makeData(database: string, partial: string, { progress }: Out): Made {
  const db = new DatabaseSync(database, { timeout: 0 });
  try {
    // A copy that is cut off is thrown away: it needs no journal, and is brought to the disk at the end.
    db.exec(`
      PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON`);
    const files = unmakeBackup(db);
    for (const { name, content } of files) {
      writeFileSync(join(partial, name), content, { mode: PRIVATE_FILE, flag: 'wx', flush: true });
      chmodSync(join(partial, name), PRIVATE_FILE);
    }
    migrate(db, MIGRATIONS);
    forgetUsed(db);
    const findings = new Findings();
    const counts = checkDatabase(db, findings, (what, done) => progress.show(`checking ${what}`, done), Date.now());
    if (findings.has('damaged')) {
      const says = findings.list().find(({ code }) => code === 'damaged')?.says ?? '';
      throw damaged(says);
    }
    return { ...counts, hasKey: files.length > 0, warnings: warnings(db, findings, files.length > 0) };
  } catch (error) {
    if (error instanceof StoreError || toStoreError(error, database).code !== 'damaged') throw error;
    throw damaged(error instanceof Error ? error.message : '');
  } finally {
    db.close();
  }
}

/** The folder's own data isn't, whatever is wrong with the copy. */
const damaged = (says: string): StoreError =>
  new StoreError('damaged', `the data in the backup is damaged (${says}): take another backup`);

/**
 * Key packages are for one use, and the server may have given these away since: whoever is given one again would seal a
 * message that its device can't open. Each device makes new ones when it comes. The marks of a chat's places likewise.
 */
function forgetUsed(db: DatabaseSync): void {
  db.exec(`
    BEGIN; DELETE FROM key_packages; UPDATE mailboxes SET last = last + ${SKIPPED_PLACES}; COMMIT`);
}

function warnings(db: DatabaseSync, findings: Findings, hasKey: boolean): string[] {
  const said: string[] = [];
  if (findings.has('wrong_index')) {
    // The server fills it when it is idle.
    db.exec("BEGIN; INSERT INTO search (search) VALUES ('delete-all'); UPDATE rooms SET indexed = 0; COMMIT");
    said.push('its full-text index did not fit its messages: the server makes it anew');
  }
  const others = findings.list().filter(({ code, level }) => level === 'fault' && code !== 'wrong_index');
  if (others.length > 0) said.push(`it was restored as it was, with faults: uchat --serve --check lists them`);
  if (!hasKey)
    said.push(
      'the backup holds no server key: without --tls-key the server makes a new one, which its clients do not know',
    );
  return said;
}
