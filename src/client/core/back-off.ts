import type { Random } from '../../base/clock.ts';

/** Milliseconds. */
interface Range {
  readonly first: number;
  readonly most: number;
}

/** Milliseconds: with less, chance could make a retry a busy loop. */
const LEAST = 50;

/**
 * Doubles with each failure, from `first` to at most `most`, and takes any part of it by chance ("full jitter"), so that
 * a thousand clients do not come back to a restarted server in one moment.
 * @param failures from 1.
 * @returns milliseconds to wait.
 */
export function backOff({ first, most }: Range, failures: number, random: Random): number {
  const ceiling = Math.min(most, first * 2 ** Math.min(failures - 1, 30));
  return Math.max(LEAST, Math.round(ceiling * random()));
}
