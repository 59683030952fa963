/** Why a reader is cut off, for its user and the operator. */
import { longDuration } from '../../base/duration.ts';
import { MAX_BUFFERED_BYTES, MAX_STANDSTILL_MS } from './limits.ts';
import type { TooSlow } from './readers-behind.ts';

const BACK = 'it can come back and fetch what it missed.';

export const TOO_SLOW_SAYS: Readonly<Record<TooSlow, string>> = {
  bytes: `The client does not read fast enough: over ${MAX_BUFFERED_BYTES / 1024 / 1024} MiB were waiting for it; ${BACK}`,
  standstill: `The client has read nothing for ${longDuration(MAX_STANDSTILL_MS)} while more was waiting; ${BACK}`,
};
