import { StoreError, type StoreErrorCode } from '../store.ts';
import type { Refusal } from './wire.ts';

/** Those that an error of SQLite's or of the file system can be. */
type Told = Exclude<StoreErrorCode, 'newer_data' | 'in_use' | 'moved'>;

/** SQLite's primary result codes, https://sqlite.org/rescode.html; the low byte of an extended one. */
const BY_RESULT: ReadonlyMap<number, Told> = new Map([
  [3, 'read_only'], // SQLITE_PERM
  [8, 'read_only'], // SQLITE_READONLY
  [10, 'disk_failed'], // SQLITE_IOERR
  [11, 'damaged'], // SQLITE_CORRUPT
  [13, 'disk_full'], // SQLITE_FULL
  [26, 'damaged'], // SQLITE_NOTADB
]);
/** SQLITE_IOERR_SHMSIZE: the disk has no room for the index of the write-ahead log. */
const SHM_SIZE = 4874;

const BY_ERRNO: ReadonlyMap<string, Told> = new Map([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EACCES', 'read_only'],
  ['EPERM', 'read_only'],
  ['EROFS', 'read_only'],
  ['EIO', 'disk_failed'],
]);

const SAYS: Readonly<Record<Told, string>> = {
  disk_full: 'there is no room left on the disk that holds',
  disk_failed: "the disk or its file system has failed (the kernel's log says how) under",
  read_only: 'no permission to write to',
  damaged: 'the database is damaged, and a backup has to be restored over',
  failed: 'could not use',
};

function codeOf(error: Error): Told {
  const result = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
  const errno = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (result === SHM_SIZE) return 'disk_full';
  return (result === undefined ? BY_ERRNO.get(errno) : BY_RESULT.get(result & 0xff)) ?? 'failed';
}

/** What SQLite or the file system threw, as the store's own error. `where` is the folder or file. */
export function toStoreError(thrown: unknown, where: string): StoreError {
  if (thrown instanceof StoreError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = codeOf(error);
  return new StoreError(code, `${SAYS[code]} ${where} (${error.message})`);
}

export const toRefusal = (thrown: unknown, where: string): Refusal => {
  const { code, message } = toStoreError(thrown, where);
  return { kind: 'refused', code, text: message };
};

export const toError = ({ code, text }: Refusal): StoreError => new StoreError(code, text);

/** Whether SQLite says that somebody else holds the lock (SQLITE_BUSY). */
export const isBusy = (thrown: unknown): boolean =>
  thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number' && (thrown.errcode & 0xff) === 5;
