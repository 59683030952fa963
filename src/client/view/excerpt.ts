/**
 * What of a message fits into a row of the list of hits: the first word that was sought, a few words before it, and as
 * much behind it as there is room for.
 */
import { graphemes } from '../../base/text/graphemes.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { clusterWidth, textWidth } from '../../base/text/width.ts';
import { hitSpans } from '../core/search-hit.ts';
import type { Found, Search } from '../core/search-state.ts';

/** UTF-16 units that are looked through at once for the first word: a text may have thousands. */
const SLICE = 400;
/** Units of a slice that the next one has, too: longer than any word that is sought. */
const OVERLAP = 100;
/** Units on each side of the first word that are measured, for each cell that is to be filled. */
const UNITS_FOR_CELL = 4;
/** Of the row, what stands before the first word. */
const BEFORE = 1 / 3;

export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

interface Kept {
  readonly width: number;
  readonly ellipsis: string;
  readonly pieces: readonly Piece[];
}

/** A frame draws the same rows as the one before it, nearly always. */
const kept = new WeakMap<Found, Kept>();

/** At most `width` cells. */
export function excerpt(search: Search, hit: Found, width: number, ellipsis: string): readonly Piece[] {
  const known = kept.get(hit);
  if (known?.width === width && known.ellipsis === ellipsis) return known.pieces;
  const text = cut(search, hit.text, width, ellipsis);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end } of hitSpans(search, text)) {
    if (start > at) pieces.push({ text: text.slice(at, start), isHit: false });
    pieces.push({ text: text.slice(start, end), isHit: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isHit: false });
  kept.set(hit, { width, ellipsis, pieces });
  return pieces;
}

/** Where the first word that was sought begins; 0 where there is none. */
function firstHit(search: Search, text: string): number {
  for (let from = 0; from < text.length; from += SLICE - OVERLAP) {
    const slice = text.slice(from, from + SLICE);
    const isLast = from + SLICE >= text.length;
    // A word that is cut by the slice's edge is whole in the one before, or in the next.
    const found = hitSpans(search, slice).find(
      ({ start, end }) => (from === 0 || start > 0) && (isLast || end < SLICE),
    );
    if (found !== undefined) return from + found.start;
  }
  return 0;
}

/** The clusters from the first on that fit. */
function filling(clusters: readonly string[], width: number): { readonly count: number; readonly cells: number } {
  let cells = 0;
  for (const [count, cluster] of clusters.entries()) {
    const next = cells + clusterWidth(cluster);
    if (next > width) return { count, cells };
    cells = next;
  }
  return { count: clusters.length, cells };
}

function cut(search: Search, text: string, width: number, ellipsis: string): string {
  const first = firstHit(search, text);
  const units = Math.max(SLICE, width * UNITS_FOR_CELL);
  const from = Math.max(0, first - units);
  const before = graphemes(sanitizeLine(text.slice(from, first).toWellFormed()));
  const behind = graphemes(sanitizeLine(text.slice(first, first + units).toWellFormed()));
  const isAllBehind = first + units >= text.length;
  const whole = [...before, ...behind].join('');
  if (from === 0 && isAllBehind && textWidth(whole) <= width) return whole;
  const sign = textWidth(ellipsis);
  if (width <= 2 * sign) return behind.slice(0, filling(behind, width).count).join('');
  // What is behind it takes what it needs, up to two thirds; the rest is for what is before it.
  const wanted = filling(behind, width).cells;
  const room = Math.max(Math.floor(width * BEFORE), width - wanted - (isAllBehind ? 0 : sign)) - sign;
  const taken = filling(before.toReversed(), Math.max(0, room)).count;
  let start = before.length - taken;
  if (start > 0 || from > 0) start = wordAfter(before, start);
  const isCutBefore = start > 0 || from > 0;
  const clusters = [...before.slice(start), ...behind];
  const left = width - (isCutBefore ? sign : 0);
  const all = filling(clusters, left);
  const isCutBehind = all.count < clusters.length || !isAllBehind;
  const shown = isCutBehind ? clusters.slice(0, filling(clusters, left - sign).count) : clusters;
  return `${isCutBefore ? ellipsis : ''}${shown.join('')}${isCutBehind ? ellipsis : ''}`;
}

/** No half word at the beginning, where one ends soon enough. */
function wordAfter(clusters: readonly string[], from: number): number {
  if (from === 0 || clusters[from - 1] === ' ') return from;
  const blank = clusters.indexOf(' ', from);
  return blank >= 0 && blank - from < 12 ? blank + 1 : from;
}
