import { StoreError, type StoreErrorCode } from '../store.ts';
import type { Refusal } from './wire.ts';

/** SQLite's primary result codes, https://sqlite.org/rescode.html; the low byte of an extended one. */
const BY_RESULT: ReadonlyMap<number, StoreErrorCode> = new Map([
  [3, 'read_only'], // SQLITE_PERM
  [8, 'read_only'], // SQLITE_READONLY
  [11, 'damaged'], // SQLITE_CORRUPT
  [13, 'disk_full'], // SQLITE_FULL
  [26, 'damaged'], // SQLITE_NOTADB
]);
/** SQLITE_IOERR_SHMSIZE: the disk has no room for the index of the write-ahead log. */
const SHM_SIZE = 4874;

const BY_ERRNO: ReadonlyMap<string, StoreErrorCode> = new Map([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EACCES', 'read_only'],
  ['EPERM', 'read_only'],
  ['EROFS', 'read_only'],
]);

const SAYS: Readonly<Record<Exclude<StoreErrorCode, 'newer_data' | 'in_use'>, string>> = {
  disk_full: 'there is no room left on the disk that holds',
  read_only: 'no permission to write to',
  damaged: 'the database is damaged, restore a backup of',
  failed: 'could not use',
};

function codeOf(error: Error): Exclude<StoreErrorCode, 'newer_data' | 'in_use'> {
  const result = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
  const errno = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (result === SHM_SIZE) return 'disk_full';
  const code = result === undefined ? BY_ERRNO.get(errno) : BY_RESULT.get(result & 0xff);
  return code === 'disk_full' || code === 'read_only' || code === 'damaged' ? code : 'failed';
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
