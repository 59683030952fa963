/**
 * Copies the data of a folder into a backup, in a thread of its own, so that the program hears Ctrl-C meanwhile.
 *
 * `VACUUM INTO` reads one state of the data, in a single pass, and writes only what is there: nothing of what was deleted.
 * Writers go on; but their log isn't begun anew until the pass is over.
 */
import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { cannotShrink, refuseUnknown } from '../store/sqlite/database.ts';
import { toStoreError } from '../store/sqlite/errors.ts';
import { isErrno } from '../store/sqlite/folder.ts';
import { MIGRATIONS } from '../store/sqlite/migrations/index.ts';
import { asNumber } from '../store/sqlite/rows.ts';
import { StoreError } from '../store/store.ts';
import { BESIDE, type FileBeside, makeBackup, seal } from './backup-file.ts';
import { databaseOf, openSteady } from './data-folder.ts';

export interface CopyOrder {
  /** The data folder. */
  readonly folder: string;
  /** A file in an empty folder beside the backup that is to be. */
  readonly into: string;
  /** Another there. */
  readonly spare: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a backup holds. */
export interface Copied {
  readonly messages: number;
  readonly rooms: number;
  readonly accounts: number;
  /** Of the file. */
  readonly bytes: number;
  /** The server's key is in it. */
  readonly hasKey: boolean;
}

export type FromCopying =
  | { readonly kind: 'stage'; readonly what: 'copying' | 'cleaning' | 'checking' | 'sealing' }
  | { readonly kind: 'copied'; readonly copied: Copied }
  /** One line that says why not. */
  | { readonly kind: 'refused'; readonly text: string };

const PRIVATE_FILE = 0o600;

const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Into an empty file that nobody else can read: one that SQLite makes has the mode that the umask leaves. */
function vacuumInto(db: DatabaseSync, path: string): void {
  closeSync(openSync(path, 'a', PRIVATE_FILE));
  chmodSync(path, PRIVATE_FILE);
  // What is restored from it can get smaller while it is used.
  if (cannotShrink(db) !== undefined) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.exec(`VACUUM INTO ${sqlText(path)}`);
}

function openCopy(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 0 });
  // A copy that is cut off is thrown away, so it needs neither a journal on the disk nor to wait for the disk.
  db.exec(`
    PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON`);
  return db;
}

/**
 * The full-text index finds its pages by words, and these stay there when nothing has them any more: see `vacuum` of the
 * server's database. So where something was deleted, the index is made into one piece, and the copy written anew.
 */
function forgetDeleted(into: string, spare: string): void {
  const db = openCopy(into);
  try {
    const hasChores = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'chores'").get() !== undefined;
    if (!hasChores || db.prepare("SELECT 1 FROM chores WHERE name = 'vacuum'").get() === undefined) return;
    db.exec("INSERT INTO search (search) VALUES ('optimize'); DELETE FROM chores WHERE name = 'vacuum'");
    vacuumInto(db, spare);
  } finally {
    db.close();
  }
  renameSync(spare, into);
}

function filesBeside(folder: string): FileBeside[] {
  return BESIDE.flatMap((name) => {
    try {
      return [{ name, content: readFileSync(join(folder, name)) }];
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return [];
      throw error;
    }
  });
}

function copyState(folder: string, into: string): void {
  const db = openSteady(folder);
  try {
    refuseUnknown(db, MIGRATIONS.length, databaseOf(folder));
    vacuumInto(db, into);
  } finally {
    db.close();
  }
}

function copy({ folder, into, spare, now }: CopyOrder, say: (message: FromCopying) => void): Copied {
  say({ kind: 'stage', what: 'copying' });
  copyState(folder, into);
  say({ kind: 'stage', what: 'cleaning' });
  forgetDeleted(into, spare);
  say({ kind: 'stage', what: 'checking' });
  const db = openCopy(into);
  const files = filesBeside(folder);
  let counts: Omit<Copied, 'bytes'>;
  try {
    const { integrity_check: verdict } = db.prepare('PRAGMA integrity_check(1)').get() ?? {};
    if (verdict !== 'ok')
      throw new StoreError(
        'damaged',
        `${databaseOf(folder)} is damaged (${String(verdict)}): see uchat --serve --check`,
      );
    makeBackup(db, randomUUID(), now, files);
    const count = (table: string): number => asNumber(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    const hasKey = files.some(({ name }) => name === BESIDE[0]);
    counts = { messages: count('messages'), rooms: count('rooms'), accounts: count('accounts'), hasKey };
  } finally {
    db.close();
  }
  say({ kind: 'stage', what: 'sealing' });
  return { ...counts, bytes: seal(into) };
}

/** Where a write failed, it is the copy's disk: the data is only read. */
function refusal(error: unknown, { folder, into }: CopyOrder): string {
  const { code, message } = toStoreError(error, databaseOf(folder));
  return code === 'disk_full' || code === 'read_only' ? toStoreError(error, into).message : message;
}

function serve(port: MessagePort): void {
  const say = (message: FromCopying): void => port.postMessage(message);
  port.once('message', (order: CopyOrder) => {
    try {
      say({ kind: 'copied', copied: copy(order, say) });
    } catch (error) {
      say({ kind: 'refused', text: refusal(error, order) });
    }
    port.close();
  });
}

if (parentPort !== null) serve(parentPort);
