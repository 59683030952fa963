/** How this process is. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks at the event loop: finer than anyone notices, and 0.2% of a core. */
const LOOP_EVERY_MS = 20;
const NS_PER_SECOND = 1e9;

/** Seconds that the event loop came late. */
export interface LoopWindow {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What is measured of this process. */
export interface Vitals {
  /** Since the last call; undefined where the loop has not turned. */
  takeLoop(): LoopWindow | undefined;
  close(): void;
}

export function measureLoop(): Vitals {
  const loop = monitorEventLoopDelay({ resolution: LOOP_EVERY_MS });
  loop.enable();
  // What it counts is the time between two looks.
  const late = (ns: number): number => Math.max(0, ns / NS_PER_SECOND - LOOP_EVERY_MS / 1000);
  return {
    takeLoop: () => {
      const { count } = loop;
      if (count === 0) return undefined;
      const window = {
        count,
        mean: late(loop.mean),
        p50: late(loop.percentile(50)),
        p99: late(loop.percentile(99)),
        max: late(loop.max),
      };
      loop.reset();
      return window;
    },
    close: () => void loop.disable(),
  };
}
