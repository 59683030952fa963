/** What goes wrong with files, as one line for people. */
import { type DiskFault, diskFault, diskFaultWords } from '../../base/disk-fault.ts';
import { systemWords } from '../shell/files.ts';

/**
 * `busy`: another program has the vault. `newer`: a newer program wrote it. `damaged`: what lies there isn't ours any more.
 * `exposed`: others can read what is secret. `locked`: the log's passphrase is missing. `closed`: the vault is.
 */
export type VaultFaultCode = DiskFault | 'newer' | 'exposed' | 'locked' | 'closed';

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

/** What SQLite or the file system threw. `where` is the folder or file; what was written there is never quoted. */
export function toVaultError(thrown: unknown, where: string): VaultError {
  if (thrown instanceof VaultError) return thrown;
  const code = diskFault(thrown);
  const words = systemWords(thrown).split('\n')[0];
  return new VaultError(code, `${diskFaultWords(code)} ${where} (${words})`);
}

/** Whether SQLite says that somebody else holds a lock. */
export const isBusy = (thrown: unknown): boolean => diskFault(thrown) === 'busy';
