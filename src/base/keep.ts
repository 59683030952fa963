/** How long the messages of a room are kept. */
import { longDuration, parseDuration } from './duration.ts';
import { err, ok, type Result } from './result.ts';

/** With both, whichever comes first; with neither, forever. */
export interface Keep {
  /** Milliseconds: what is older goes. */
  readonly age?: number;
  /** Of all messages, as `MESSAGE_BYTES` counts them: beyond it the oldest go. */
  readonly bytes?: number;
}

export const FOREVER: Keep = {};

/** What a message counts beside the UTF-8 bytes of its text: its author, time and id, and where it stands in the indexes. */
export const MESSAGE_BYTES = 100;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Less is surely a slip: nobody could read what was said. */
export const MIN_KEEP_AGE = MINUTE_MS;
/** Ten years, as for every duration. */
export const MAX_KEEP_AGE = 3650 * DAY_MS;
/** Likewise: a hundred short lines. */
export const MIN_KEEP_BYTES = 10_000;
/** Ten terabytes. */
export const MAX_KEEP_BYTES = 1e13;

const UNITS: Readonly<Record<string, number>> = {
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};
/** The largest first. */
const WRITTEN: readonly (readonly [string, number])[] = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
];
const HOW = 'write 90d, 12w, 1GB, "90d,1GB" or forever';

function parseAge(text: string): Result<number, string> | undefined {
  const match = /^(\d{1,9})([smhdw])$/i.exec(text);
  if (match === null) return undefined;
  const [, count = '', unit = ''] = match;
  const isWeeks = unit.toLowerCase() === 'w';
  const age = parseDuration(isWeeks ? `${Number(count) * 7}d` : `${count}${unit.toLowerCase()}`);
  if (!age.ok) return err(`"${text}" is longer than ten years: write forever`);
  return age.value < MIN_KEEP_AGE ? err(`"${text}" is too short: a minute (1m) is the least`) : age;
}

function parseBytes(text: string): Result<number, string> | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,3})?)([kmgt]i?b)$/i.exec(text);
  if (match === null) return undefined;
  const bytes = Math.round(Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? 1));
  if (bytes < MIN_KEEP_BYTES) return err(`"${text}" is too little: 10kB is the least`);
  return bytes > MAX_KEEP_BYTES ? err(`"${text}" is more than any disk has: write forever`) : ok(bytes);
}

/**
 * As people write it: an age (`90d`, `12w`, `36h`, `10m`), a size (`1GB`, `500MB`, `64MiB`), both with a comma between, or
 * `forever`. A number alone is nothing: `90` could be days or seconds.
 */
export function parseKeep(text: string): Result<Keep, string> {
  const parts = text.trim().split(/\s*,\s*|\s+/);
  if (parts.length === 1 && parts[0]?.toLowerCase() === 'forever') return ok(FOREVER);
  let keep: Keep = {};
  for (const part of parts) {
    const [age, bytes] = [parseAge(part), parseBytes(part)];
    const one = age ?? bytes;
    if (one === undefined) return err(`"${part}" is no age and no size: ${HOW}`);
    if (!one.ok) return one;
    if ((age === undefined ? keep.bytes : keep.age) !== undefined) return err(`"${text.trim()}" says it twice: ${HOW}`);
    keep = { ...keep, ...(age === undefined ? { bytes: one.value } : { age: one.value }) };
  }
  return ok(keep);
}

/** `1GB`, `1.5MB`; in full where that would be another number. */
function sizeText(bytes: number, between: string): string {
  for (const [unit, of] of WRITTEN) {
    const count = bytes / of;
    if (count >= 1 && Number.isInteger(count * 1000)) return `${count}${between}${unit}`;
  }
  return `${bytes / 1000}${between}kB`;
}

function ageText(ms: number): string {
  const seconds = ms / 1000;
  for (const [unit, of] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const)
    if (seconds % of === 0) return `${seconds / of}${unit}`;
  return `${seconds}s`;
}

/** As `parseKeep` reads it. */
export function keepText({ age, bytes }: Keep): string {
  const parts = [...(age === undefined ? [] : [ageText(age)]), ...(bytes === undefined ? [] : [sizeText(bytes, '')])];
  return parts.length === 0 ? 'forever' : parts.join(',');
}

/** For a sentence, behind "are kept": `for 90 days`, `up to 1 GB`, `for 90 days, and up to 1 GB`, `forever`. */
export function keepWords({ age, bytes }: Keep): string {
  const parts = [
    ...(age === undefined ? [] : [`for ${longDuration(age)}`]),
    ...(bytes === undefined ? [] : [`up to ${sizeText(bytes, ' ')}`]),
  ];
  return parts.length === 0 ? 'forever' : parts.join(', and ');
}

export const isSameKeep = (one: Keep, other: Keep): boolean => one.age === other.age && one.bytes === other.bytes;
