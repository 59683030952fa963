/**
 * Search in the lobby, by the rules of the protocol: words in any case and without their accents, phrases in quotes,
 * `from:NAME`; the last word also as a beginning.
 */
import { ownPlace, type Seq } from '../../base/ids.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import * as fields from '../../protocol/fields.ts';
import { MAX_FOUND, MAX_FRAME_BYTES } from '../../protocol/limits.ts';
import { parse } from '../../protocol/schema.ts';
import type { FoundEntry } from '../../protocol/server-messages.ts';
import type { Refusal } from './lobby.ts';
import { entryOf, type Shown, type Telling, textOf } from './message.ts';
import { bytesOf, ENVELOPE_BYTES } from './pages.ts';
import { firstNot } from './place.ts';

/** Characters of the shortest beginning of a word that is searched for, as on a server. */
const MIN_PREFIX = 3;
/** UTF-16 units of texts that one search looks through, so that it takes milliseconds; then it says where to go on. */
const MAX_LOOKED_THROUGH = 400_000;
/** UTF-16 units that can have another meaning in a pattern of Unicode: beyond it a text is handled as Unicode. */
const ASCII = /^[\0-\x7f]*$/;
/** Letters, digits, and signs such as emoji. */
const NOT_OF_WORDS = /[^\p{L}\p{N}\p{Co}\p{So}]+/gu;
/** Writing without blanks between words, and signs: each of these characters is a word of its own. */
const ALONE = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{ExtPict}]/gu;
const ENDS_ALONE = new RegExp(`(?:${ALONE.source})$`, 'u');
/** They choose how the sign before them is drawn. */
const VARIATION_SELECTORS = /[\ufe00-\ufe0f]/g;

/** `from:NAME`, also with an @; a phrase in quotes, of which the last may be missing; a word. */
const PART = /from:@?(?<name>\S+)|"(?<phrase>[^"]*)"?|(?<word>[^\s"]+)/giu;
const CURSOR = /^\d{1,16}$/;

interface Sought {
  /** Words with a blank between each two, a blank in front, and one behind that ends a whole word. */
  readonly phrases: readonly string[];
  /** In lower case. */
  readonly from: string | undefined;
}

/** Its words in lower case, without accents, a blank between each two. */
function folded(text: string): string {
  if (ASCII.test(text))
    return text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
  return text
    .normalize('NFKC')
    .replace(VARIATION_SELECTORS, '')
    .replace(ALONE, ' $& ')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(NOT_OF_WORDS, ' ')
    .trim();
}

/** @returns undefined where there is nothing to search for. */
function readWords(typed: string): Sought | undefined {
  const phrases: string[] = [];
  let from: string | undefined;
  for (const { 0: whole, groups = {} } of typed.matchAll(PART)) {
    const { name, phrase, word } = groups;
    if (name !== undefined && parse(fields.user, name).ok) {
      from = name.toLowerCase();
      continue;
    }
    const raw = phrase ?? word ?? whole;
    const words = folded(raw);
    if (words === '') continue;
    const last = phrases.length - 1;
    // Only the last of all may be a beginning.
    if (last >= 0) phrases[last] = `${phrases[last]?.trimEnd()} `;
    const end = words.slice(words.lastIndexOf(' ') + 1);
    const isBeginning = phrase === undefined && Array.from(end).length >= MIN_PREFIX && !ENDS_ALONE.test(raw);
    phrases.push(` ${words}${isBeginning ? '' : ' '}`);
  }
  return phrases.length === 0 && from === undefined ? undefined : { phrases, from };
}

interface Found {
  readonly messages: readonly FoundEntry[];
  readonly more: boolean;
  readonly before?: string;
}

/** @param shown in their order. */
export function searchIn(
  shown: readonly Shown[],
  wish: { readonly words: string; readonly before?: string | undefined; readonly limit?: number | undefined },
  telling: Telling,
): Found | Refusal {
  const sought = readWords(wish.words);
  if (sought === undefined) return { code: 'no_words', text: ERROR_CODES.no_words.says };
  const before = wish.before === undefined ? undefined : readCursor(wish.before);
  if (wish.before !== undefined && before === undefined)
    return { code: 'bad_message', text: 'before is not what an answer had' };
  const limit = Math.max(1, Math.min(wish.limit ?? MAX_FOUND, MAX_FOUND));
  const messages: FoundEntry[] = [];
  let bytes = ENVELOPE_BYTES;
  let looked = 0;
  const end = before === undefined ? shown.length : firstNot(shown, ({ seq }) => seq < before);
  for (let i = end - 1; i >= 0; i--) {
    const message = shown[i];
    if (message === undefined) continue;
    const cursor = String(shown[i + 1]?.seq ?? message.seq + 1);
    if (looked > MAX_LOOKED_THROUGH) return { messages, more: true, before: cursor };
    looked += textOf(message).length;
    const entry = matching(message, sought, telling);
    if (entry === undefined) continue;
    bytes += bytesOf(entry);
    const isFull = messages.length >= limit || bytes > MAX_FRAME_BYTES;
    if (messages.length > 0 && isFull) return { messages, more: true, before: cursor };
    messages.push(entry);
  }
  return { messages, more: false };
}

function matching(message: Shown, { phrases, from }: Sought, telling: Telling): FoundEntry | undefined {
  const entry = entryOf(message, telling);
  if (entry === undefined || entry.deleted === true) return undefined;
  if (from !== undefined && entry.from.toLowerCase() !== from) return undefined;
  if (phrases.length > 0) {
    const text = ` ${folded(entry.text)} `;
    if (!phrases.every((phrase) => text.includes(phrase))) return undefined;
  }
  return { room: telling.room, ...entry };
}

/** The place before which it goes on. */
function readCursor(cursor: string): Seq | undefined {
  const place = CURSOR.test(cursor) ? Number(cursor) : Number.NaN;
  return Number.isSafeInteger(place) ? ownPlace(place) : undefined;
}
