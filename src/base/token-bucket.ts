/** So many at once, and then so many a second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  /** @param mono milliseconds on the monotonic clock. */
  constructor(rate: Rate, mono: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = mono;
  }

  /** @returns false when there were not as many, and then none is taken. A full bucket is always enough. */
  take(mono: number, wanted = 1): boolean {
    const cost = Math.min(wanted, this.#rate.burst);
    const gained = (Math.max(0, mono - this.#filledAt) / 1000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#filledAt = mono;
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }
}
