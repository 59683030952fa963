/** Rows of runs -> blessed's cells. */
import { graphemes } from '../../base/text/graphemes.ts';
import { clusterWidth } from '../../base/text/width.ts';
import type { Row, Run } from '../view/cells.ts';
import type { Line } from './blessed-screen.ts';
import type { Palette } from './theme.ts';

const ASCII = /^[\x20-\x7e]*$/;
const BLANK = /^ *$/;

/** Which sequences the terminal draws as one picture of two cells. */
export interface Joins {
  /** Several pictures with U+200D between them: a family. */
  readonly pictures: boolean;
  /** A picture and a skin tone. */
  readonly tones: boolean;
  /** A sign that U+FE0F makes a picture of: a heart. */
  readonly styles: boolean;
  /** A digit, U+FE0F, and U+20E3: the digit on a key. */
  readonly keycaps: boolean;
  /** Two letters that name a country: its flag. */
  readonly flags: boolean;
}

export const JOINS_NOTHING: Joins = { pictures: false, tones: false, styles: false, keycaps: false, flags: false };

const FLAG = /^\p{RI}\p{RI}$/u;
const KEYCAP = /^[0-9#*]\ufe0f\u20e3$/;
const REGIONAL_A = 0x1f1e6;
const LETTER_A = 0x41;

/** The two letters of a flag. */
const letters = (flag: string): string =>
  Array.from(flag, (half) => String.fromCharCode((half.codePointAt(0) ?? 0) - REGIONAL_A + LETTER_A)).join('');

/**
 * A sequence without what the terminal doesn't join. Were it sent as it is, a program in between (tmux, GNU screen) that
 * counts its cells in another way than the terminal around it would lose count of its columns.
 */
function simplified(cluster: string, { pictures, tones, styles, keycaps, flags }: Joins): string {
  if (FLAG.test(cluster)) return flags ? cluster : letters(cluster);
  if (KEYCAP.test(cluster)) return keycaps ? cluster : cluster.replace('\ufe0f', '');
  const first = String.fromCodePoint(cluster.codePointAt(0) ?? 0);
  // Of one cell by itself, so all that follows would stand on one cell or on two, as each likes.
  if (!styles && /^\p{ExtPict}\ufe0f/u.test(cluster) && clusterWidth(first) < 2) return first;
  let simple = styles ? cluster : cluster.replaceAll('\ufe0f', '');
  if (!tones) simple = simple.replaceAll(/\p{EMod}/gu, '') || simple;
  return pictures ? simple : simple.replace(/\u200d.*$/su, '');
}

/** Letters that are written from right to left: the blocks of their scripts. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Of these a terminal knows that its line runs from left to right. */
const LEFT_TO_RIGHT = /^[A-Za-z]/;
/** LEFT-TO-RIGHT MARK: of no width, and to a terminal that reorders text a letter. */
const LEFT_TO_RIGHT_MARK = '\u200e';

/** Ends a text in a row: the blanks behind it, or a border. */
const isBoundary = ({ role, text }: Run): boolean => role === 'border' || BLANK.test(text);

export interface WriterOptions {
  /** False: only ASCII may be written. */
  readonly unicode: boolean;
  readonly palette: Palette;
  /** What the terminal is known to join. */
  readonly joins: Joins;
  /** A number for the cells of a link, 0 where there is none. */
  readonly link: (link: string | undefined) => number;
}

/** Bits of the attribute above blessed's that hold the number of a link. */
export const LINK_SHIFT = 24;

/** Writes rows into their lines, cell by cell. A wide character has an empty cell behind it. */
export class CellWriter {
  readonly #options: WriterOptions;
  #line: Line | undefined;
  #columns = 0;
  #x = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  write(line: Line, row: Row): void {
    const { unicode, palette, link } = this.#options;
    this.#line = line;
    this.#columns = line.length;
    this.#x = 0;
    let isReversed = false;
    for (const piece of row) {
      const attribute = palette(piece) | (link(piece.link) << LINK_SHIFT);
      if (isReversed && isBoundary(piece)) {
        this.#mark(this.#x - 1);
        isReversed = false;
      }
      if (ASCII.test(piece.text)) this.#putAll(attribute, piece.text);
      else {
        if (unicode && RIGHT_TO_LEFT.test(piece.text)) {
          this.#begin(line);
          isReversed = true;
        }
        for (const cluster of graphemes(piece.text)) this.#putCluster(attribute, cluster);
      }
    }
    this.#fill(palette({ role: 'blank' }), ' ', this.#columns);
  }

  /** Characters of one cell each. */
  #putAll(attribute: number, text: string): void {
    const line = this.#line;
    const end = Math.min(text.length, this.#columns - this.#x);
    for (let i = 0; i < end; i += 1) {
      const cell = line?.[this.#x + i];
      if (cell === undefined) break;
      cell[0] = attribute;
      cell[1] = text.charAt(i);
    }
    this.#x += end;
  }

  #put(attribute: number, text: string): void {
    const cell = this.#line?.[this.#x];
    if (cell === undefined) return;
    cell[0] = attribute;
    cell[1] = text;
    this.#x += 1;
  }

  #fill(attribute: number, text: string, end: number): void {
    while (this.#x < end) this.#put(attribute, text);
  }

  #putCluster(attribute: number, cluster: string): void {
    const { unicode, joins } = this.#options;
    const width = clusterWidth(cluster);
    if (width === 0) return;
    // Half of a wide one is none.
    if (this.#x + width > this.#columns) return this.#fill(attribute, ' ', this.#columns);
    if (!unicode && !ASCII.test(cluster)) return this.#fill(attribute, '?', this.#x + width);
    const shown = width === 2 && cluster.length > 1 ? simplified(cluster, joins) : cluster;
    if (ASCII.test(shown)) return this.#putAll(attribute, shown.padEnd(width));
    this.#put(attribute, shown);
    if (width === 2) this.#put(attribute, '');
  }

  /** A row that begins with no letter would run as its first one does. */
  #begin(line: Line): void {
    const first = line[0];
    if (this.#x > 0 && first?.[1].length === 1 && !LEFT_TO_RIGHT.test(first[1])) this.#mark(0);
  }

  /**
   * Terminals that reorder text take a row for one line of it. What stands behind letters of the other direction, such as
   * a border and the text of the next column, would be drawn in with them: here a letter of ours ends them.
   */
  #mark(at: number): void {
    const cell = this.#line?.[at]?.[1] === '' ? this.#line[at - 1] : this.#line?.[at];
    if (cell !== undefined) cell[1] += LEFT_TO_RIGHT_MARK;
  }
}
