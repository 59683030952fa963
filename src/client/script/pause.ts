/** How long scripts keep trying. */
import { type Failure, noConnection } from '../shell/outcome.ts';

/** Milliseconds that one message may take, refusals for now and lost connections included. */
export const DELIVER_WITHIN_MS = 60_000;
/** Milliseconds before the first repetition; each further one waits twice as long, up to the second. */
export const FIRST_PAUSE_MS = 250;
export const LONGEST_PAUSE_MS = 4000;
export const NOT_IN_TIME: Failure = noConnection('the server took no message for a minute; try again later');

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
