/** What is measured while the server works, beside what its core counts. Nobody needs to read it. */
import { Histogram, POWERS_OF_TWO, SECONDS } from './histogram.ts';

export interface Work {
  /** Seconds that each message took to be durable. */
  readonly commits: Histogram;
  /** Calls in each of the store's transactions. */
  readonly batches: Histogram;
  /** What the store could not do, and faults of the server itself. */
  storeFailures: number;
  faults: number;
}

export const createWork = (): Work => ({
  commits: new Histogram(SECONDS),
  batches: new Histogram(POWERS_OF_TWO),
  storeFailures: 0,
  faults: 0,
});
