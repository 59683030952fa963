import { err, ok, type Result } from './result.ts';

const SECOND = 1000;
const UNIT_MS: Readonly<Record<string, number>> = { s: SECOND, m: 60 * SECOND, h: 3600 * SECOND, d: 86_400 * SECOND };
/** 10 years: longer is surely a slip, and stays far from the 2^53 limit of numbers. */
const MAX_MS = 3650 * 86_400 * SECOND;

/**
 * A duration as people write it: `90` and `90s` (seconds), `15m`, `1h`, `2d`.
 * @returns milliseconds, or a sentence that says what is wrong.
 */
export function parseDuration(text: string): Result<number, string> {
  const match = /^(\d{1,9})([smhd]?)$/.exec(text.trim());
  if (!match) return err(`"${text}" is not a duration: write 90, 90s, 15m, 1h or 2d`);
  const ms = Number(match[1]) * (UNIT_MS[match[2] || 's'] ?? SECOND);
  return ms <= MAX_MS ? ok(ms) : err(`"${text}" is longer than ten years`);
}

/** Whether a word is meant as a duration, such as `1w` or `3months`: where one may be left out, it is not to become text. */
export const looksLikeDuration = (word: string): boolean =>
  /^\d+\p{L}+$/u.test(word) && !/^\d+(st|nd|rd|th)$/i.test(word);

/** The largest whole unit, for lists: 45 s -> `45s`, 200 s -> `3m`, 2.5 h -> `2h`, 50 h -> `2d`. */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** For sentences: `15 min`, `10 s`, `2 h`, `3 days`. */
export function longDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  if (seconds < 60 || seconds % 60 !== 0) return `${seconds} s`;
  if (seconds < 3600 || seconds % 3600 !== 0) return `${seconds / 60} min`;
  if (seconds < 86_400 || seconds % 86_400 !== 0) return `${seconds / 3600} h`;
  const days = seconds / 86_400;
  return days === 1 ? '1 day' : `${days} days`;
}
