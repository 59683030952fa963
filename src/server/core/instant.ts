import type { UnixMs } from '../../base/ids.ts';

/** One moment on both clocks: `wall` is what people read, `mono` what time-outs count by. Milliseconds. */
export interface Instant {
  readonly wall: UnixMs;
  readonly mono: number;
}
