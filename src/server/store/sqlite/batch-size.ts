/** The fewest calls in a batch that is not the last: a commit of a fast disk (0.3 ms) costs a tenth of what these do. */
const MIN_CALLS = 256;
/** The most: a bound on how long the worker is deaf to the next batch, about 10 ms of appends. */
export const MAX_CALLS = 4096;
/** Calls for each millisecond that the disk takes: what they cost the server is three times that. */
const CALLS_PER_MS = 100;
/** The weight of the newest commit in the average. */
const NEWEST = 1 / 8;

/**
 * How many calls are worth a transaction of their own. A flood is cut into batches of that many, and the first goes to
 * the worker while the rest is still being read: so disk, fan-out and the readers work at the same time, where one large
 * batch would have each of them wait for the others. On a slow disk batches are larger, so that it is waited for less often.
 */
export class BatchSize {
  /** Milliseconds of a commit, on average. */
  #commit = 0;

  /** A commit took that long (ms). */
  committed(ms: number): void {
    this.#commit += (ms - this.#commit) * NEWEST;
  }

  get calls(): number {
    return Math.min(MAX_CALLS, Math.max(MIN_CALLS, Math.round(this.#commit * CALLS_PER_MS)));
  }
}
