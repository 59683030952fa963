import { err, ok, type Result } from '../../base/result.ts';

export interface FairQueueLimits {
  /** Pieces of work at the same time. */
  readonly atOnce: number;
  /** Pieces that wait, of all sources. */
  readonly waiting: number;
  /** Pieces that wait, of one source. */
  readonly waitingOfOne: number;
}

interface Waiting {
  readonly start: () => void;
  readonly refuse: () => void;
}

/**
 * Work that is dear, for strangers: a few pieces at once, the rest waits, and sources take turns, so that one which asks a
 * thousand times delays another by one piece at most. Where all places are taken, a source with fewer waiting takes the
 * newest place of the one that has most; so no source, and no few of them, keep the others out.
 */
export class FairQueue {
  readonly #limits: FairQueueLimits;
  /** By source, none of them empty. A Map keeps the order: the first is next, and then goes to the end. */
  readonly #waiting = new Map<string, Waiting[]>();
  #count = 0;
  #atWork = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  /** Pieces that wait. */
  get size(): number {
    return this.#count;
  }

  /** Does the work in its turn; `busy` when there is no place to wait. Rejects as the work does. */
  async run<T>(source: string, work: () => Promise<T>): Promise<Result<T, 'busy'>> {
    if (this.#atWork >= this.#limits.atOnce) {
      if (!(await this.#wait(source))) return err('busy');
    } else this.#atWork += 1;
    try {
      return ok(await work());
    } finally {
      this.#next();
    }
  }

  /** @returns whether its turn has come; then it counts as at work. */
  #wait(source: string): Promise<boolean> {
    const own = this.#waiting.get(source) ?? [];
    const isFull = this.#count >= this.#limits.waiting;
    if (own.length >= this.#limits.waitingOfOne || (isFull && !this.#makePlace(own.length)))
      return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    own.push({ start: () => resolve(true), refuse: () => resolve(false) });
    this.#waiting.set(source, own);
    this.#count += 1;
    return promise;
  }

  /** For a source that has `ownCount` waiting: it must not end up with more than the one it takes from. */
  #makePlace(ownCount: number): boolean {
    let most: Waiting[] = [];
    for (const list of this.#waiting.values()) if (list.length > most.length) most = list;
    if (most.length <= ownCount + 1) return false;
    most.pop()?.refuse();
    this.#count -= 1;
    return true;
  }

  /** One has ended: its place goes to the next source, or becomes free. */
  #next(): void {
    for (const [source, list] of this.#waiting) {
      const first = list.shift();
      this.#waiting.delete(source);
      if (list.length > 0) this.#waiting.set(source, list);
      if (first === undefined) continue;
      this.#count -= 1;
      first.start();
      return;
    }
    this.#atWork -= 1;
  }
}
