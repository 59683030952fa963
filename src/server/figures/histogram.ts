/** Values counted in buckets: a record is a few comparisons and three additions, so that it may stand on the hot path. */

/** Steps of a decade (ISO 3's R10 series): each is about a quarter more than the one before, and 1, 2.5 and 5 are among them. */
const STEPS = ['1', '1.25', '1.6', '2', '2.5', '3.15', '4', '5', '6.3', '8'] as const;
const DECADES = [-5, -4, -3, -2, -1, 0, 1] as const;

/** Upper bounds in seconds: from 10 microseconds, which is nothing, to 80 s, which is a fault whatever it was. */
export const SECONDS: readonly number[] = DECADES.flatMap((power) => STEPS.map((step) => Number(`${step}e${power}`)));
/** Upper bounds of a number of things: powers of two up to 65,536. */
export const POWERS_OF_TWO: readonly number[] = Array.from({ length: 17 }, (_, i) => 2 ** i);

export class Histogram {
  /** Ascending; a bucket holds what is over the bound before, and not over its own. */
  readonly bounds: readonly number[];
  /** One for each bound, and one for what is over the last. */
  readonly counts: number[];
  #sum = 0;
  #count = 0;
  #max = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  get sum(): number {
    return this.#sum;
  }

  get count(): number {
    return this.#count;
  }

  /** @param value not negative. */
  record(value: number): void {
    let low = 0;
    let high = this.bounds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= (this.bounds[middle] ?? Infinity)) high = middle;
      else low = middle + 1;
    }
    this.counts[low] = (this.counts[low] ?? 0) + 1;
    this.#sum += value;
    this.#count += 1;
    if (value > this.#max) this.#max = value;
  }

  /** The highest value since it was last taken: for one reader. */
  takeMax(): number {
    const max = this.#max;
    this.#max = 0;
    return max;
  }
}

/** What came between two looks. Times are in the histogram's unit. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** One reader's windows of a histogram. */
export class Windows {
  readonly #histogram: Histogram;
  #counts: readonly number[];
  #sum: number;

  constructor(histogram: Histogram) {
    this.#histogram = histogram;
    this.#counts = histogram.counts.slice();
    this.#sum = histogram.sum;
  }

  /** @returns what came since the last call; undefined where nothing did. */
  take(): Spread | undefined {
    const { bounds, sum } = this.#histogram;
    const counts = this.#histogram.counts.slice();
    const before = this.#counts;
    const came = counts.map((count, i) => count - (before[i] ?? 0));
    const total = sum - this.#sum;
    this.#counts = counts;
    this.#sum = sum;
    const count = came.reduce((all, each) => all + each, 0);
    if (count === 0) return undefined;
    const max = this.#histogram.takeMax();
    const at = (part: number): number => Math.min(max, quantile(bounds, came, count * part));
    return { count, mean: total / count, p50: at(0.5), p99: at(0.99), max };
  }
}

/** Within a bucket values are taken to be spread evenly. */
function quantile(bounds: readonly number[], counts: readonly number[], rank: number): number {
  let below = 0;
  for (const [i, count] of counts.entries()) {
    if (below + count >= rank && count > 0) {
      const from = i === 0 ? 0 : (bounds[i - 1] ?? 0);
      const to = bounds[i] ?? Infinity;
      return to === Infinity ? Infinity : from + ((to - from) * (rank - below)) / count;
    }
    below += count;
  }
  return Infinity;
}
