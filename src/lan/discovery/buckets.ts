/** Token buckets: so many at once, then so many a second. Time is passed in. */

export interface Rate {
  /** Tokens a second. */
  readonly perSecond: number;
  /** Tokens of a full bucket, as it is at the beginning. */
  readonly burst: number;
}

export class Bucket {
  readonly #rate: Rate;
  #tokens: number;
  #since: number;

  /** @param now monotonic milliseconds, as everywhere here. */
  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#since = now;
  }

  /** Whether a token is there; it stays. */
  has(now: number): boolean {
    const { perSecond, burst } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#since) * perSecond) / 1000);
    this.#since = now;
    return this.#tokens >= 1;
  }

  /** Takes a token, where there is one. */
  take(now: number): boolean {
    if (!this.has(now)) return false;
    this.#tokens--;
    return true;
  }
}

/** A bucket for each source, of those that came last. */
export class BucketsBySource {
  readonly #rate: Rate;
  readonly #max: number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param max buckets: whoever came last longest ago is forgotten first. */
  constructor(rate: Rate, max: number) {
    this.#rate = rate;
    this.#max = max;
  }

  get size(): number {
    return this.#buckets.size;
  }

  take(source: string, now: number): boolean {
    const bucket = this.#buckets.get(source) ?? new Bucket(this.#rate, now);
    this.#buckets.delete(source);
    this.#buckets.set(source, bucket);
    if (this.#buckets.size > this.#max) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    return bucket.take(now);
  }
}
