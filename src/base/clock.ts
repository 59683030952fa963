import type { UnixMs } from './ids.ts';

/** Time and chance are passed in, so that everything that depends on them can be tested. */
export interface Clock {
  /** Wall clock; may jump. For what people read. */
  now(): UnixMs;
  /** Milliseconds that only grow; the origin means nothing. For time-outs. */
  monotonic(): number;
}

/** A number in [0, 1). */
export type Random = () => number;
