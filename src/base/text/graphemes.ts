/** Text as a reader sees it: characters and words, not code units. Indexes are those of UTF-16, as in JavaScript. */
import { cellParts } from './cluster.ts';

/**
 * Each character stands for itself: no marks, no joiners, nothing that forms a cluster with its neighbour. Letters of
 * Europe, and arrows, lines and signs.
 */
const SINGLE = /^[\n\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2190-\u25ff]*$/;
/** What a word is made of, as readline's Alt-F sees it. */
const WORD = /^[\p{L}\p{N}_]/u;

let segmenter: Intl.Segmenter | undefined;

/** Made when first needed: it loads tables, and a chat in ASCII never asks for it. */
function segments(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/**
 * The characters of a text: extended grapheme clusters (UAX #29), each at most two cells wide. Joined they are the text.
 */
export function graphemes(text: string): string[] {
  if (SINGLE.test(text)) return text.split('');
  const clusters: string[] = [];
  for (const { segment } of segments(text)) {
    if (segment.length === 1) clusters.push(segment);
    else clusters.push(...cellParts(segment));
  }
  return clusters;
}

/** The end of the character that `index` is in or before. */
export function nextGrapheme(text: string, index: number): number {
  if (index >= text.length) return text.length;
  const from = Math.max(0, index);
  const cluster = segments(text).containing(from);
  if (!cluster) return text.length;
  let end = cluster.index;
  for (const part of cellParts(cluster.segment)) {
    end += part.length;
    if (end > from) break;
  }
  return end;
}

/** The start of the character that ends at `index` or surrounds it. */
export function previousGrapheme(text: string, index: number): number {
  const before = Math.min(index, text.length) - 1;
  if (before <= 0) return 0;
  const cluster = segments(text).containing(before);
  if (!cluster) return 0;
  let start = cluster.index;
  for (const part of cellParts(cluster.segment)) {
    if (start + part.length > before) break;
    start += part.length;
  }
  return start;
}

/** The end of the word that `index` is in, or of the next one; the text's end where there is none. */
export function nextWord(text: string, index: number): number {
  let position = 0;
  let inWord = false;
  for (const cluster of graphemes(text)) {
    const start = position;
    position += cluster.length;
    if (position <= index) continue;
    if (WORD.test(cluster)) inWord = true;
    else if (inWord) return start;
  }
  return text.length;
}

/** The start of the word that `index` is in or behind, or of the one before; 0 where there is none. */
export function previousWord(text: string, index: number): number {
  let position = 0;
  let start = 0;
  let inWord = false;
  for (const cluster of graphemes(text)) {
    if (position >= index) break;
    const isWord = WORD.test(cluster);
    if (isWord && !inWord) start = position;
    inWord = isWord;
    position += cluster.length;
  }
  return start;
}
