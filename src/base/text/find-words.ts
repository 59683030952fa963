/**
 * Where a text has the words of a search: in any case, without accents, as beginnings where that was asked for. By the
 * same rule as the server's index, so that what it finds is what is marked.
 */
import { graphemes } from './graphemes.ts';

/** What is searched for, as it is compared. */
export interface SoughtWords {
  /** Whole words. */
  readonly words: ReadonlySet<string>;
  /** The last one, where it may be the beginning of a longer word. */
  readonly prefix: string | undefined;
}

interface Token {
  readonly text: string;
  /** UTF-16 indexes. */
  readonly start: number;
  readonly end: number;
}

/** `from:NAME` narrows a search and is no word of it; a phrase in quotes, of which the last may be missing; a word. */
const PART = /from:@?(?<name>\S+)|"(?<phrase>[^"]*)"?|(?<word>[^\s"]+)/giu;
const OF_WORDS = /[\p{L}\p{N}\p{Co}\p{So}]/u;
/** Writing without blanks between words, and signs such as emoji: each is a word of its own. */
const ALONE = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{ExtPict}]/u;
const DIGIT = /^\d$/;
/** Characters of the shortest beginning of a word. */
const MIN_PREFIX = 3;

const folded = (cluster: string): string =>
  cluster
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();

/** The words of a text, and each sign that stands alone. */
function tokens(text: string): Token[] {
  const found: Token[] = [];
  let index = 0;
  let isOpen = false;
  for (const cluster of graphemes(text)) {
    const start = index;
    index += cluster.length;
    const alone = ALONE.test(cluster) && !DIGIT.test(cluster);
    const isWord = alone || OF_WORDS.test(cluster);
    const last = found.at(-1);
    if (isWord && !alone && isOpen && last !== undefined) {
      found[found.length - 1] = { text: last.text + folded(cluster), start: last.start, end: index };
    } else if (isWord) found.push({ text: folded(cluster), start, end: index });
    isOpen = isWord && !alone;
  }
  return found;
}

/** @param typed as in `/search`. */
export function soughtWords(typed: string): SoughtWords {
  const words = new Set<string>();
  let prefix: string | undefined;
  for (const { groups = {} } of typed.matchAll(PART)) {
    const { name, phrase, word } = groups;
    if (name !== undefined) continue;
    const parts = tokens(phrase ?? word ?? '');
    for (const { text } of parts) words.add(text);
    const last = parts.at(-1)?.text;
    if (last !== undefined) prefix = phrase === undefined && Array.from(last).length >= MIN_PREFIX ? last : undefined;
  }
  return { words, prefix };
}

/** UTF-16 ranges of the words that were sought, in their order. */
export function findWords(text: string, { words, prefix }: SoughtWords): { start: number; end: number }[] {
  return tokens(text)
    .filter((token) => words.has(token.text) || (prefix !== undefined && token.text.startsWith(prefix)))
    .map(({ start, end }) => ({ start, end }));
}
