/**
 * Texts and searches as the full-text index wants them.
 *
 * Its tokenizer (`unicode61`) takes a run of letters for a word, so a sentence without blanks would be one. `spread` puts
 * blanks around each character of such writing, in what is put into the index and in what is searched for: then a piece
 * of a sentence is a phrase of one-letter words, and found by any length. What it makes of a text must never change, or
 * the index doesn't forget what it was told: so the ranges are written out here, and a change needs a new index (a
 * migration that makes the table anew and sets `rooms.indexed` to 0).
 */

const ASCII = /^[\0-\x7f]*$/;
/** Thai, Lao, Burmese, Khmer, and their relatives; kana and Chinese characters; Hangul, whose words have endings. */
const WITHOUT_BLANKS =
  '\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf' +
  '\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f' +
  '\uac00-\ud7ff\uf900-\ufaff\u{16fe0}-\u{18dff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3ffff}';
/** Emoji, which stand close to words, and to each other. */
const EMOJI = '\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u{1f000}-\u{1faff}';
const ALONE = new RegExp(`[${WITHOUT_BLANKS}${EMOJI}]`, 'gu');
const ENDS_ALONE = new RegExp(`[${WITHOUT_BLANKS}${EMOJI}]$`, 'u');
/** They choose how the sign before them is drawn. */
const VARIATION_SELECTORS = /[\ufe00-\ufe0f]/g;

/** Characters that the tokenizer takes for part of a word. */
const OF_WORDS = /[\p{L}\p{M}\p{N}\p{Co}\p{So}]/u;
const LAST_WORD = /[\p{L}\p{M}\p{N}\p{Co}\p{So}]+$/u;
/** Characters of the shortest beginning of a word that is searched for: so many has the index of beginnings. */
const MIN_PREFIX = 3;

/** The text as the index gets it. Compatibility forms (NFKC) are one: wide letters, ligatures. */
export const spread = (text: string): string =>
  ASCII.test(text) ? text : text.normalize('NFKC').replace(VARIATION_SELECTORS, '').replace(ALONE, ' $& ');

/** A string of FTS5's query language, in which nothing else has a meaning. It would take a zero character for its end. */
const quoted = (text: string): string => `"${text.replaceAll('\0', ' ').replaceAll('"', '""')}"`;

/** Whether its last word is long enough to be taken for a beginning. One character alone is never a beginning of more. */
function mayBePrefix(phrase: string): boolean {
  const last = LAST_WORD.exec(phrase)?.[0];
  return last !== undefined && Array.from(last).length >= MIN_PREFIX && !ENDS_ALONE.test(last);
}

/**
 * What FTS5 is asked for; undefined where there is no word in it.
 * @param author narrows it to those whose names have the same words: whether it is theirs must be looked at.
 */
export function matchFor(
  phrases: readonly string[],
  isPrefix: boolean,
  author: string | undefined,
): string | undefined {
  const wanted = phrases.map(spread);
  const terms = wanted.flatMap((phrase, i) => {
    if (!OF_WORDS.test(phrase)) return [];
    const begins = isPrefix && i === wanted.length - 1 && mayBePrefix(phrase.trimEnd());
    return [begins ? `${quoted(phrase)} *` : quoted(phrase)];
  });
  const columns = terms.map((term) => `text : ${term}`);
  if (author !== undefined && OF_WORDS.test(author)) columns.push(`author : ${quoted(author)}`);
  return columns.length === 0 ? undefined : columns.join(' AND ');
}
