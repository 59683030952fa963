/** A cell's attribute -> the shortest bytes that lead to it from another one (ECMA-48 8.3.117, SGR; xterm's 256 colours). */
import { DEFAULT_ATTRIBUTE } from './theme.ts';

const DEFAULT_COLOR = 0x1ff;
const FOREGROUND = 30;
const BACKGROUND = 40;
/** To the brighter eight of sixteen. */
const BRIGHT = 60 - 8;
/** What a flag of the attribute is called, from the lowest bit: bold, underlined, blinking, inverse, unseen. */
const FLAGS = ['1', '4', '5', '7', '8'] as const;
const FLAGS_SHIFT = 18;
const FLAGS_MASK = (1 << FLAGS.length) - 1;

export const foreground = (attribute: number): number => (attribute >> 9) & DEFAULT_COLOR;
export const background = (attribute: number): number => attribute & DEFAULT_COLOR;
export const flags = (attribute: number): number => (attribute >> FLAGS_SHIFT) & FLAGS_MASK;
/** The attribute without what is no business of SGR. */
const style = (attribute: number): number => attribute & ((1 << (FLAGS_SHIFT + FLAGS.length)) - 1);

/** Whether blanks show nothing of it but its background. */
export const isUnseenOnBlanks = (attribute: number): boolean => (flags(attribute) & ~1) === 0;

function color(code: number, base: number): string {
  if (code === DEFAULT_COLOR) return String(base + 9);
  if (code < 8) return String(base + code);
  return code < 16 ? String(base + BRIGHT + code) : `${base + 8};5;${code}`;
}

/** Each pair is asked for again and again; there are some dozens of attributes in a theme. */
const MAX_KNOWN = 4096;
const known = new Map<number, string>();
const PAIR = 2 ** 24;

function codes(from: number, to: number): string {
  const all: string[] = [];
  for (const [bit, code] of FLAGS.entries()) if (((flags(to) & ~flags(from)) >> bit) & 1) all.push(code);
  if (background(to) !== background(from)) all.push(color(background(to), BACKGROUND));
  if (foreground(to) !== foreground(from)) all.push(color(foreground(to), FOREGROUND));
  return all.join(';');
}

function made(from: number, to: number): string {
  const fromNothing = codes(DEFAULT_ATTRIBUTE, to);
  const anew = fromNothing === '' ? '\x1b[m' : `\x1b[;${fromNothing}m`;
  // Flags go only all at once.
  if ((flags(from) & ~flags(to)) !== 0) return anew;
  const onTop = `\x1b[${codes(from, to)}m`;
  return onTop.length <= anew.length ? onTop : anew;
}

/** @returns nothing where both look alike. */
export function sgr(from: number, to: number): string {
  const [before, after] = [style(from), style(to)];
  if (before === after) return '';
  const pair = before * PAIR + after;
  let bytes = known.get(pair);
  if (bytes === undefined) {
    bytes = made(before, after);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(pair, bytes);
  }
  return bytes;
}
