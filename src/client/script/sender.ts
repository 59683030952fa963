import type { Result } from '../../base/result.ts';
import type { Failure } from '../shell/outcome.ts';

/** One message after the other to one target. */
export interface Sender {
  /** Connected, and ready. */
  open(): Promise<Result<unknown, Failure>>;
  /** @returns why the message could not be stored; undefined: it is. */
  deliver(text: string): Promise<Failure | undefined>;
  close(): void;
}
