/**
 * Characters and words around the cursor, at the cost of what stands around it and not of the whole text: a draft of
 * 64 KiB is edited as quickly as a short one. Characters are grapheme clusters (UAX #29), words are its words; of scripts
 * that don't write blanks, those of the dictionaries of Intl.Segmenter.
 */
import { nextGrapheme, previousGrapheme } from '../../base/text/graphemes.ts';

/** UTF-16 units on either side that are looked at: longer characters exist only to do harm, and cost more. */
const AROUND = 128;
/** UTF-16 units on either side in which a word begins or ends; of a longer one, a part is taken for a word. */
const WORDS_AROUND = 512;

/**
 * Letters that join nothing, neither before them nor behind: ASCII, Latin, Greek, Cyrillic, kana, Chinese. Between two of
 * them one character ends and another begins, whatever else the text holds.
 */
const SIMPLE =
  /^[\x20-\x7e\xa0-\xa8\xaa-\xac\xaf-\u02ff\u0370-\u0482\u048a-\u052f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]$/;
const isSimple = (text: string, index: number): boolean => SIMPLE.test(text.charAt(index));

/** Between two characters, at `index` or before it; 0 where none is near. */
function startNear(text: string, index: number): number {
  for (let at = index; at > Math.max(0, index - AROUND); at -= 1) {
    if (isSimple(text, at - 1) && isSimple(text, at)) return at;
  }
  return 0;
}

/** The same at `index` or behind it; the text's end where none is near. */
function endNear(text: string, index: number): number {
  for (let at = index; at < Math.min(text.length, index + AROUND); at += 1) {
    if (isSimple(text, at - 1) && isSimple(text, at)) return at;
  }
  return text.length;
}

/** The end of the character that `index` is in or before. */
export function characterEnd(text: string, index: number): number {
  const start = startNear(text, index);
  return start + nextGrapheme(text.slice(start, endNear(text, index + 1)), index - start);
}

/** The start of the character that ends at `index` or surrounds it. */
export function characterStart(text: string, index: number): number {
  const start = startNear(text, Math.max(0, index - 1));
  return start + previousGrapheme(text.slice(start, endNear(text, index)), index - start);
}

/** `index`, or the end of the character that it is inside of. */
export function boundaryAfter(text: string, index: number): number {
  if (index <= 0 || index >= text.length) return Math.max(0, Math.min(index, text.length));
  return Math.max(index, characterEnd(text, index - 1));
}

/** `index`, or the start of the character that it is inside of. */
export function boundaryBefore(text: string, index: number): number {
  const at = Math.max(0, index);
  return at >= text.length || boundaryAfter(text, at) === at ? Math.min(at, text.length) : characterStart(text, at);
}

let segmenter: Intl.Segmenter | undefined;

interface Word {
  readonly start: number;
  readonly end: number;
}

/** The words in a part of the text. */
function wordsIn(text: string, from: number, to: number): Word[] {
  // Made when first needed, since it loads dictionaries.
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
  return Array.from(segmenter.segment(text.slice(from, to)))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ index, segment }) => ({ start: from + index, end: from + index + segment.length }));
}

const isBlank = (text: string, index: number): boolean => /\s/.test(text.charAt(index));

/** Where to begin looking for the word around `index`: behind a blank, or a good way back. */
function wordsFrom(text: string, index: number): number {
  const least = Math.max(0, index - WORDS_AROUND);
  for (let at = index; at > least; at -= 1) if (isBlank(text, at - 1)) return boundaryBefore(text, at);
  return boundaryBefore(text, least);
}

function wordsUpTo(text: string, index: number): number {
  const most = Math.min(text.length, index + WORDS_AROUND);
  for (let at = index; at < most; at += 1) if (isBlank(text, at)) return boundaryAfter(text, at);
  return boundaryAfter(text, most);
}

/** The end of the word that `index` is in, or of the next one; the text's end where there is none. */
export function wordEnd(text: string, index: number): number {
  for (let at = index; at < text.length; ) {
    // Of many blanks in a row, each would be looked at by itself.
    while (at < text.length && isBlank(text, at)) at += 1;
    const to = wordsUpTo(text, at + 1);
    const found = wordsIn(text, wordsFrom(text, at), to).find(({ end }) => end > index);
    if (found !== undefined) return boundaryAfter(text, found.end);
    at = to;
  }
  return text.length;
}

/** The start of the word that `index` is in or behind, or of the one before; 0 where there is none. */
export function wordStart(text: string, index: number): number {
  for (let at = index; at > 0; ) {
    while (at > 0 && isBlank(text, at - 1)) at -= 1;
    if (at === 0) break;
    const from = wordsFrom(text, at - 1);
    const found = wordsIn(text, from, wordsUpTo(text, at)).findLast(({ start }) => start < index);
    if (found !== undefined) return boundaryBefore(text, found.start);
    at = from;
  }
  return 0;
}
