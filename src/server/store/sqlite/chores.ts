/**
 * What the worker does when nobody asks for anything: it puts new messages into the full-text index and merges its parts,
 * and writes the log into the database where something in it was deleted. Each step is short, and stands by itself: the
 * worker may be killed after any.
 */

/** Milliseconds without a call after which the first step is taken: somebody who writes has the disk for themself. */
const IDLE_MS = 200;
/** Between two steps, for calls that come meanwhile. */
const BETWEEN_MS = 10;
/** Where there is always a call, a step is taken this often (ms), so that what isn't in the index stays little. */
const AT_LEAST_EVERY_MS = 2000;
/** After a step that has failed, as on a full disk. */
const AFTER_FAILURE_MS = 30_000;

export class Chores {
  readonly #step: () => boolean;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  /** When the last call was served, and when a step is taken though there is no rest: on the same clock as `now`. */
  #served = 0;
  #latest = Infinity;

  /**
   * @param step does a bit of what there is to do, and says whether there may be more.
   * @param now milliseconds on a clock that is never set.
   */
  constructor(step: () => boolean, now: () => number) {
    this.#step = step;
    this.#now = now;
  }

  /** A call was served: there may be something to do, but not now. It costs next to nothing, for it comes with each. */
  served(): void {
    this.#served = this.#now();
    if (this.#latest === Infinity) this.#latest = this.#served + AT_LEAST_EVERY_MS;
    if (this.#served >= this.#latest) this.#run();
    else if (this.#timer === undefined) this.#wait(IDLE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const rest = this.#served + IDLE_MS - this.#now();
      if (rest > 0) this.#wait(rest);
      else this.#run();
    }, ms);
  }

  #run(): void {
    this.#latest = Infinity;
    try {
      if (this.#step()) this.#wait(BETWEEN_MS);
      else this.stop();
    } catch {
      // Nothing is lost: a search does what is missing, and says what is wrong.
      this.#wait(AFTER_FAILURE_MS);
    }
  }
}
