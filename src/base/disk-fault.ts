/** What SQLite, or the file system under it, says went wrong, as one of a few kinds and in words. */

/** `damaged`: what lies there isn't what was written. `busy`: another program has it. */
export type DiskFault = 'busy' | 'damaged' | 'disk_full' | 'read_only' | 'failed';

/** SQLite's primary result codes, https://sqlite.org/rescode.html; the low byte of an extended one. */
const BY_RESULT: ReadonlyMap<number, DiskFault> = new Map([
  [3, 'read_only'], // SQLITE_PERM
  [5, 'busy'], // SQLITE_BUSY
  [8, 'read_only'], // SQLITE_READONLY
  [11, 'damaged'], // SQLITE_CORRUPT
  [13, 'disk_full'], // SQLITE_FULL
  [26, 'damaged'], // SQLITE_NOTADB
]);
const BY_ERRNO: ReadonlyMap<string, DiskFault> = new Map([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EACCES', 'read_only'],
  ['EPERM', 'read_only'],
  ['EROFS', 'read_only'],
]);

export function diskFault(thrown: unknown): DiskFault {
  if (!(thrown instanceof Error)) return 'failed';
  if ('errcode' in thrown && typeof thrown.errcode === 'number')
    return BY_RESULT.get(thrown.errcode & 0xff) ?? 'failed';
  return 'code' in thrown && typeof thrown.code === 'string' ? (BY_ERRNO.get(thrown.code) ?? 'failed') : 'failed';
}

/** What stands before the name of the file. */
export function diskFaultWords(fault: DiskFault): string {
  switch (fault) {
    case 'disk_full':
      return 'there is no room left on the disk that holds';
    case 'read_only':
      return 'no permission to write to';
    case 'damaged':
      return 'the file is damaged: move away';
    case 'busy':
      return 'another program is writing to';
    case 'failed':
      return 'could not use';
  }
}
