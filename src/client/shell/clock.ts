import type { Clock } from '../../base/clock.ts';
import { unixMs } from '../../base/ids.ts';

/** The clocks of this host. */
export const clock: Clock = {
  now: () => unixMs(Date.now()),
  monotonic: () => performance.now(),
};
