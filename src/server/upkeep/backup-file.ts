/**
 * A backup is one file: a database of SQLite's with all tables of the server's, two of its own (what it is; the files that
 * lie beside the database in a data folder), and behind them, where SQLite doesn't look, one line with the SHA-256 of all
 * that stands before it. So a single bit that has changed since is seen.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../base/result.ts';
import { time } from '../../protocol/fields.ts';
import { type Infer, integer, object, parse } from '../../protocol/schema.ts';
import { CERTIFICATE_FILE, KEY_FILE } from '../login/server-key.ts';
import { APPLICATION_ID, BACKUP_ID } from '../store/sqlite/database.ts';
import { fileName } from '../store/sqlite/restoring.ts';

/** What stands in `backup_about`. */
export const FORMAT = 1;
const SCHEMA = `
  CREATE TABLE backup_about (format INTEGER NOT NULL, id TEXT NOT NULL, made INTEGER NOT NULL) STRICT;
  CREATE TABLE backup_files (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT, WITHOUT ROWID;`;

const SEAL = /^\nuchat backup sha256 ([0-9a-f]{64})\n$/;
const sealOf = (digest: string): string => `\nuchat backup sha256 ${digest}\n`;
/** Of the last line. */
export const SEAL_BYTES = sealOf('0'.repeat(64)).length;

/** https://sqlite.org/fileformat.html, 1.3 */
const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const VERSION_AT = 60;
const APPLICATION_AT = 68;

/** Bytes that are read at a time. */
const CHUNK = 1 << 20;

export interface FileBeside {
  readonly name: string;
  readonly content: Uint8Array;
}
/** What lies beside the database in a data folder, and belongs to it. */
export const BESIDE: readonly string[] = [KEY_FILE, CERTIFICATE_FILE];

/** Makes a backup of a copy of a server's database. */
export function makeBackup(copy: DatabaseSync, id: string, made: number, files: readonly FileBeside[]): void {
  copy.exec(`BEGIN; ${SCHEMA}; PRAGMA application_id = ${BACKUP_ID}`);
  copy.prepare('INSERT INTO backup_about (format, id, made) VALUES (?, ?, ?)').run(FORMAT, id, made);
  const insert = copy.prepare('INSERT INTO backup_files (name, content) VALUES (?, ?)');
  for (const { name, content } of files) insert.run(name, content);
  copy.exec('COMMIT');
}

const about = object({
  format: integer(1),
  /** Which backup it is: it becomes part of a restore's plan. */
  id: fileName,
  made: time,
});
export type About = Infer<typeof about>;

/** @returns undefined where it says nothing sensible of itself. */
export function readAbout(db: DatabaseSync): About | undefined {
  const read = parse(about, db.prepare('SELECT format, id, made FROM backup_about').get());
  return read.ok ? read.value : undefined;
}

/** Makes a server's database of a backup again. @returns what lay beside it; only names that we know. */
export function unmakeBackup(copy: DatabaseSync): FileBeside[] {
  const one = copy.prepare('SELECT content FROM backup_files WHERE name = ?');
  const files = BESIDE.flatMap((name) => {
    const content = one.get(name)?.content;
    return content instanceof Uint8Array ? [{ name, content }] : [];
  });
  copy.exec(`
    BEGIN; DROP TABLE backup_files; DROP TABLE backup_about; PRAGMA application_id = ${APPLICATION_ID}; COMMIT`);
  return files;
}

/** Hashes a file up to `end`, piece by piece. */
function digestOf(fd: number, end: number, told: (bytes: number) => void): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(CHUNK);
  for (let at = 0; at < end; ) {
    const length = readSync(fd, chunk, 0, Math.min(CHUNK, end - at), at);
    if (length === 0) break;
    hash.update(chunk.subarray(0, length));
    at += length;
    told(at);
  }
  return hash.digest('hex');
}

/** Puts the last line on a backup, and the whole on the disk. @returns its bytes. */
export function seal(path: string): number {
  const fd = openSync(path, 'r+');
  try {
    const { size } = fstatSync(fd);
    const line = sealOf(digestOf(fd, size, () => {}));
    writeSync(fd, line, size);
    fsyncSync(fd);
    return size + line.length;
  } finally {
    closeSync(fd);
  }
}

export interface SealedFile {
  /** Of the database in it. */
  readonly bytes: number;
  /** Of the data. */
  readonly version: number;
}

/**
 * Reads all of a file that is said to be a backup.
 * @returns what it is, or one line that says why it is none.
 */
export function readSeal(path: string, newest: number, told: (share: number) => void): Result<SealedFile, string> {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const header = Buffer.alloc(HEADER_BYTES);
    const isDatabase =
      readSync(fd, header, 0, HEADER_BYTES, 0) === HEADER_BYTES && header.toString('latin1').startsWith(MAGIC);
    const application = header.readUInt32BE(APPLICATION_AT);
    if (isDatabase && application === APPLICATION_ID)
      return err(
        `${path} is a server's database and no backup, so it may lack what was said last: make one with uchat backup`,
      );
    if (!isDatabase || application !== BACKUP_ID) return err(`${path} is no backup of uchat's: it was left as it is`);
    const version = header.readUInt32BE(VERSION_AT);
    if (version > newest)
      return err(
        `${path} was made by a newer uchat (data version ${version}, this one knows ${newest}): install the newer uchat`,
      );
    const line = Buffer.alloc(SEAL_BYTES);
    const bytes = size - SEAL_BYTES;
    const length = readSync(fd, line, 0, SEAL_BYTES, Math.max(0, bytes));
    const [, wanted] = SEAL.exec(line.toString('latin1', 0, length)) ?? [];
    if (wanted === undefined) return err(`${path} is cut off, or something was added to it: take another backup`);
    if (digestOf(fd, bytes, (at) => told(at / bytes)) !== wanted)
      return err(`${path} is damaged: it has changed since it was made; take another backup`);
    return ok({ bytes, version });
  } finally {
    closeSync(fd);
  }
}
