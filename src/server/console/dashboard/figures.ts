/** The dashboard's numbers: how they are counted, chosen, and written. */

/** Seconds that a chart shows: long enough to see a trend, short enough that a burst is more than one dot wide. */
export const CHART_SECONDS = 300;

/** A number of things a second, one value for each of the last `CHART_SECONDS` seconds, the newest last. */
export class Rate {
  readonly values: number[] = Array.from({ length: CHART_SECONDS }, () => 0);
  /** Seconds since the start. */
  #seconds = 0;
  #peak = 0;

  get now(): number {
    return this.values.at(-1) ?? 0;
  }

  /** The highest since the start. */
  get peak(): number {
    return this.#peak;
  }

  /**
   * @param count how many there were in the last `seconds`. Where a tick came late its seconds get the same value each, so
   * that the axis stays true.
   */
  add(count: number, seconds: number): void {
    if (!(seconds > 0)) return;
    const value = count / seconds;
    this.#peak = Math.max(this.#peak, value);
    const steps = Math.max(1, Math.min(CHART_SECONDS, Math.round(seconds)));
    this.values.splice(0, steps);
    for (let i = 0; i < steps; i += 1) this.values.push(value);
    this.#seconds += steps;
  }

  /**
   * The highest of each `step` seconds. Where they begin stays the same as time goes on: so a chart of them moves, and is
   * drawn anew, only once in a step.
   * @param step seconds, of which `CHART_SECONDS` is a multiple.
   */
  highest(step: number): number[] {
    const highest = Array.from({ length: CHART_SECONDS / step }, () => 0);
    const newest = Math.floor((this.#seconds - 1) / step);
    for (const [i, value] of this.values.entries()) {
      const age = newest - Math.floor((this.#seconds - CHART_SECONDS + i) / step);
      const at = highest.length - 1 - age;
      // The oldest seconds may belong to a step that has begun before.
      if (at >= 0) highest[at] = Math.max(highest[at] ?? 0, value);
    }
    return highest;
  }
}

/** Where the axis ends: the peak, rounded up to a number whose quarters are whole and read well. */
export function axisTop(peak: number): number {
  const small = SMALL_TOPS.find((each) => each >= peak);
  if (small !== undefined) return small;
  const power = Math.max(10, 10 ** Math.floor(Math.log10(peak)));
  return power * (STEPS.find((each) => each * power >= peak) ?? 12);
}

/** Messages a second. Less than the first, and one single message would fill the chart. */
const SMALL_TOPS = [4, 8];
const STEPS = [1.2, 1.6, 2, 4, 6, 8, 10];

/** Items up to which it is cheaper to keep the first ones sorted than to sort all. */
const FEW = 100;

/** The first `limit` by `compare`, in order; where these are few, without sorting the rest. */
export function firstOf<T>(items: Iterable<T>, limit: number, compare: (a: T, b: T) => number): T[] {
  if (limit > FEW) return Array.from(items).sort(compare).slice(0, limit);
  const first: T[] = [];
  if (limit <= 0) return first;
  for (const item of items) {
    const last = first[limit - 1];
    if (last !== undefined && compare(item, last) >= 0) continue;
    let low = 0;
    let high = first.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = first[middle];
      if (other !== undefined && compare(item, other) >= 0) low = middle + 1;
      else high = middle;
    }
    first.splice(low, 0, item);
    if (first.length > limit) first.pop();
  }
  return first;
}

export const alphabetical = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A number of things or of things a second: `0`, `4.1`, `212`, `12.3k`, `1.5M`. */
export function shortCount(value: number): string {
  if (!(value > 0)) return '0';
  // A rate has one digit more while it is small.
  if (value < 9.95) return String(Number(value.toFixed(1)));
  if (value < 9999.5) return value.toFixed(0);
  if (value < 999_950) return `${(value / 1e3).toFixed(1)}k`;
  return `${(value / 1e6).toFixed(1)}M`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in units of 1000: `0 B`, `4 kB`, `1.5 GB`. */
export function shortBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 && unit > 2 ? value.toFixed(1) : value.toFixed(0)} ${UNITS[unit] ?? ''}`;
}

/** Milliseconds with two digits at most behind what matters: `0.4 ms`, `12 ms`, `1.5 s`. */
export function shortMs(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  return `${(ms / 1000).toFixed(1)} s`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `<1m`, `5m`, `3h 4m`, `3d 4h` */
export function uptime(ms: number): string {
  const [days, hours, minutes] = [
    Math.floor(ms / DAY),
    Math.floor((ms % DAY) / HOUR),
    Math.floor((ms % HOUR) / MINUTE),
  ];
  if (days > 0) return `${days}d ${hours}h`;
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m` : '<1m';
}
