/** Chance that can be had again: by its seed. */

export interface Chance {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** A whole number from 0 up to, and without, `end`. */
  below(end: number): number;
  pick<T>(all: readonly [T, ...T[]]): T;
  /** Whether it happens, with this probability. */
  may(probability: number): boolean;
}

/** Mulberry32: 32 bits of state, enough for a test. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    next,
    below,
    pick: (all) => all[below(all.length)] ?? all[0],
    may: (probability) => next() < probability,
  };
}
