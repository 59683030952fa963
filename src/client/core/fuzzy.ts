/**
 * A few letters, in order, found in a name: `gd` in `go-to-dev`. What fits well scores higher: letters that begin a word,
 * letters in a row, the name's beginning, the whole name. Any case fits; blanks in what was typed mean nothing.
 */

/** UTF-16 units of a name in which is looked: names are far shorter, and the time grows with it. */
export const MAX_TEXT = 128;
/** Letters that were typed and are looked for. */
export const MAX_LETTERS = 64;

const LETTER = 16;
const WORD_START = 10;
/** A word that is begun and written on beats the initials of as many words, and those beat letters inside of one. */
const IN_A_ROW = 12;
/** For each character that is left out between two letters; a long gap is no worse than one of this many. */
const GAP = 1;
const MAX_GAP = 8;
/** All that was typed is where the name begins; it is the whole name. */
const BEGINS = 20;
const WHOLE = 40;

export interface Match {
  readonly score: number;
  /** UTF-16 indexes of the letters in the name, ascending. */
  readonly at: readonly number[];
}

/** Signs before a name: `#dev`, `=bob`, `~mira`, `/join`. Nobody has to type them. */
const SIGNS = /^[#=~/@]+/u;

const ASCII = /^[\0-\x7f]*$/;

type Kind = 'sign' | 'digit' | 'capital' | 'small' | 'letter';

function kindOf(char: string): Kind {
  if (/\p{N}/u.test(char)) return 'digit';
  if (/\p{Lu}/u.test(char)) return 'capital';
  if (/\p{Ll}/u.test(char)) return 'small';
  return /\p{L}/u.test(char) ? 'letter' : 'sign';
}

/** Nearly all names are ASCII, and there are thousands of them. */
const KINDS: readonly Kind[] = Array.from({ length: 128 }, (_, code) => kindOf(String.fromCharCode(code)));
const kindAt = (text: string, index: number): Kind => KINDS[text.charCodeAt(index)] ?? kindOf(text.charAt(index));

/** The first letter, one after a sign, a change between letters and digits, and a capital after a small one. */
function beginsWord(text: string, index: number): boolean {
  const kind = kindAt(text, index);
  if (kind === 'sign') return false;
  const before = index === 0 ? 'sign' : kindAt(text, index - 1);
  return before === 'sign' || (kind === 'digit') !== (before === 'digit') || (kind === 'capital' && before === 'small');
}

/** Of the same length as the text, so that indexes fit. */
const folded = (text: string): string =>
  ASCII.test(text) ? text.toLowerCase() : Array.from({ length: text.length }, (_, i) => fold(text.charAt(i))).join('');

function fold(unit: string): string {
  const lower = unit.toLowerCase();
  return lower.length === 1 ? lower : unit;
}

/** What of a name is compared: whoever looks for it more than once keeps it. */
export const comparable = (name: string): string => folded(name.slice(0, MAX_TEXT));

/** What of a query is looked for. */
export const lettersOf = (query: string): string => folded(query.replaceAll(/\s/gu, '')).slice(0, MAX_LETTERS);

/** Whether they are there in order: what most names fail at. */
function isIn(letters: string, text: string): boolean {
  let at = 0;
  for (let i = 0; i < letters.length; i += 1) {
    at = text.indexOf(letters.charAt(i), at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** A place of a letter: how well it and those before it stand, and where the one before it does (an index into its row). */
interface Place {
  readonly at: number;
  readonly score: number;
  readonly from: number;
}

function bestBefore(row: readonly Place[], at: number): { readonly score: number; readonly from: number } | undefined {
  let best: { score: number; from: number } | undefined;
  for (const [from, before] of row.entries()) {
    if (before.at >= at) break;
    const gap = at - before.at - 1;
    const score = before.score + (gap === 0 ? IN_A_ROW : -GAP * Math.min(gap, MAX_GAP));
    if (best === undefined || score >= best.score) best = { score, from };
  }
  return best;
}

/** The best way to place the letters: a row of places for each of them. */
function place(letters: string, low: string, text: string): Match {
  const rows: Place[][] = [];
  for (let i = 0; i < letters.length; i += 1) {
    const letter = letters.charAt(i);
    const last = rows.at(-1);
    const row: Place[] = [];
    for (let at = low.indexOf(letter); at >= 0; at = low.indexOf(letter, at + 1)) {
      const before = last === undefined ? { score: 0, from: -1 } : bestBefore(last, at);
      if (before === undefined) continue;
      row.push({ at, score: before.score + LETTER + (beginsWord(text, at) ? WORD_START : 0), from: before.from });
    }
    rows.push(row);
  }
  let best: Place | undefined;
  for (const each of rows.at(-1) ?? []) if (best === undefined || each.score > best.score) best = each;
  const at: number[] = [];
  for (let i = rows.length - 1, one = best; one !== undefined; i -= 1) {
    at.unshift(one.at);
    one = rows[i - 1]?.[one.from];
  }
  return { score: best?.score ?? 0, at };
}

function match(letters: string, name: string, low: string): Match | undefined {
  const text = name.slice(0, MAX_TEXT);
  if (!isIn(letters, low)) return undefined;
  if (letters === '') return { score: 0, at: [] };
  const sign = SIGNS.exec(low)?.[0] ?? '';
  const start = sign.length < low.length && !SIGNS.test(letters) ? sign.length : 0;
  if (!low.startsWith(letters, start)) return place(letters, low, text);
  const isWhole = start + letters.length === low.length;
  const at = Array.from({ length: letters.length }, (_, i) => start + i);
  const begun = at.filter((index) => beginsWord(text, index)).length * WORD_START;
  const score = letters.length * LETTER + (letters.length - 1) * IN_A_ROW + begun;
  return { score: score + BEGINS + (isWhole ? WHOLE : 0), at };
}

/**
 * What looks for these letters in a name: undefined where they aren't in it. With nothing typed everything fits, and
 * equally.
 */
export function matcher(query: string): (name: string, low?: string) => Match | undefined {
  const letters = lettersOf(query);
  return (name, low = comparable(name)) => match(letters, name, low);
}
