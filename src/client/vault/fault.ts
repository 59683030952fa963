/** What goes wrong with files, as one line for people. */
import { systemWords } from '../shell/files.ts';

/**
 * `busy`: another program has the vault. `newer`: a newer program wrote it. `damaged`: what lies there isn't ours any more.
 * `exposed`: others can read what is secret. `locked`: the log's passphrase is missing. `closed`: the vault is.
 */
export type VaultFaultCode =
  | 'busy'
  | 'newer'
  | 'damaged'
  | 'exposed'
  | 'disk_full'
  | 'read_only'
  | 'locked'
  | 'closed'
  | 'failed';

export interface VaultFault {
  readonly code: VaultFaultCode;
  /** One line, without a secret. */
  readonly text: string;
}

/** Thrown by a vault that is open, where a call couldn't be carried out; then nothing of it is on the disk. */
export class VaultError extends Error implements VaultFault {
  override readonly name = 'VaultError';
  readonly code: VaultFaultCode;

  constructor(code: VaultFaultCode, text: string) {
    super(text);
    this.code = code;
  }

  get text(): string {
    return this.message;
  }
}

/** SQLite's primary result codes, https://sqlite.org/rescode.html; the low byte of an extended one. */
const BY_RESULT: ReadonlyMap<number, VaultFaultCode> = new Map([
  [3, 'read_only'], // SQLITE_PERM
  [5, 'busy'], // SQLITE_BUSY
  [8, 'read_only'], // SQLITE_READONLY
  [11, 'damaged'], // SQLITE_CORRUPT
  [13, 'disk_full'], // SQLITE_FULL
  [26, 'damaged'], // SQLITE_NOTADB
]);
const BY_ERRNO: ReadonlyMap<string, VaultFaultCode> = new Map([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EACCES', 'read_only'],
  ['EPERM', 'read_only'],
  ['EROFS', 'read_only'],
]);

function codeOf(error: unknown): VaultFaultCode {
  if (!(error instanceof Error)) return 'failed';
  if ('errcode' in error && typeof error.errcode === 'number') return BY_RESULT.get(error.errcode & 0xff) ?? 'failed';
  return 'code' in error && typeof error.code === 'string' ? (BY_ERRNO.get(error.code) ?? 'failed') : 'failed';
}

/** Of those that SQLite or the system give. */
function saysOf(code: VaultFaultCode): string {
  switch (code) {
    case 'disk_full':
      return 'there is no room left on the disk that holds';
    case 'read_only':
      return 'no permission to write to';
    case 'damaged':
      return 'the file is damaged: move away';
    case 'busy':
      return 'another program is writing to';
    case 'newer':
    case 'exposed':
    case 'locked':
    case 'closed':
    case 'failed':
      return 'could not use';
  }
}

/** What SQLite or the file system threw. `where` is the folder or file; what was written there is never quoted. */
export function toVaultError(thrown: unknown, where: string): VaultError {
  if (thrown instanceof VaultError) return thrown;
  const code = codeOf(thrown);
  const words = systemWords(thrown).split('\n')[0];
  return new VaultError(code, `${saysOf(code)} ${where} (${words})`);
}

/** Whether SQLite says that somebody else holds a lock. */
export const isBusy = (thrown: unknown): boolean => codeOf(thrown) === 'busy';
