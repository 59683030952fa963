/** What goes wrong with the file, as one line for people. */
import { type DiskFault, diskFault, diskFaultWords } from '../../base/disk-fault.ts';

/** `newer`: a newer program wrote it. `damaged`: what lies there isn't ours any more. `busy`: another program has it. */
export type LanStoreFault = DiskFault | 'newer' | 'closed';

/** Thrown where a call couldn't be carried out; then nothing of it is on the disk. */
export class LanStoreError extends Error {
  override readonly name = 'LanStoreError';
  readonly code: LanStoreFault;

  /** @param text one line. */
  constructor(code: LanStoreFault, text: string) {
    super(text);
    this.code = code;
  }
}

/** What a row holds and nobody of ours has written; it isn't quoted. */
export class BadValue extends Error {
  override readonly name = 'BadValue';
}

/** What SQLite or the file system threw. What was written is never quoted. */
export function toLanStoreError(thrown: unknown, path: string): LanStoreError {
  if (thrown instanceof LanStoreError) return thrown;
  const code = thrown instanceof BadValue ? 'damaged' : diskFault(thrown);
  const words = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0];
  return new LanStoreError(code, `${diskFaultWords(code)} ${path} (${words})`);
}
