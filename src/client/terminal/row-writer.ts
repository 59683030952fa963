/** One row: what it is to show and what it shows -> the cells that have changed. */
import type { Line } from './blessed-screen.ts';
import { LINK_SHIFT } from './cell-writer.ts';
import type { LinkTable } from './link-table.ts';
import type { Pen } from './pen.ts';
import { background, isUnseenOnBlanks } from './sgr.ts';
import { DEFAULT_ATTRIBUTE } from './theme.ts';

/** Cells behind a cluster that a terminal may have drawn over by thinking it wider: a family of four is 8 to some. */
const OVERDRAW = 8;
/** The same of one code unit, which none thinks wider than two. */
const OVERDRAW_ONE = 1;
/** Cells that take fewer bytes than to jump over them. */
const MAX_GAP = 4;
/** Blanks that take more bytes than `CSI K`. */
const MIN_REST = 4;
/** Blanks that take more bytes than to erase them and to step over them. */
const MIN_ERASE = 11;
const ASCII = /^[\x20-\x7e]$/;

/**
 * Whether terminals agree about the width: one code unit that is narrow, or a wide one of East Asian text. Where signs are
 * wide, so are letters of European languages.
 */
function isCertain(text: string, width: number, wideSigns: boolean): boolean {
  if (text.length > 1) return false;
  const code = text.charCodeAt(0);
  if (width === 2) return code >= 0x2e80 && code < 0xffe7;
  return code < 0x7f || (!wideSigns && (code < 0x2600 || (code >= 0x2c00 && code < 0xe000)));
}

/** Whether blanks in both look the same. */
const looksAlike = (one: number, other: number): boolean =>
  one === other ||
  (isUnseenOnBlanks(one) &&
    isUnseenOnBlanks(other) &&
    background(one) === background(other) &&
    one >> LINK_SHIFT === other >> LINK_SHIFT);

export interface Erasing {
  /** In the middle of a row (ECH). */
  readonly within: boolean;
  /** In the colour that is set (back_color_erase); others do it in their own. */
  readonly inColor: boolean;
}

export class RowWriter {
  readonly #pen: Pen;
  readonly #links: LinkTable;
  readonly #erasing: Erasing;
  #y = 0;
  #line: Line | undefined;
  #shown: Line | undefined;
  /** Up to this column something may have been drawn over. */
  #doubtful = 0;

  constructor(pen: Pen, links: LinkTable, erasing: Erasing) {
    this.#pen = pen;
    this.#links = links;
    this.#erasing = erasing;
  }

  /** @param shown what the terminal shows, and is kept so. @param wideSigns narrow signs may be two cells wide to it. */
  write(y: number, line: Line, shown: Line, wideSigns: boolean): void {
    this.#y = y;
    this.#line = line;
    this.#shown = shown;
    this.#doubtful = 0;
    for (let x = 0; x < line.length; ) x += this.#step(line, x, wideSigns);
  }

  /** @returns how many cells that took. */
  #step(line: Line, x: number, wideSigns: boolean): number {
    const [attribute, text] = line[x] ?? [DEFAULT_ATTRIBUTE, ' '];
    const width = line[x + 1]?.[1] === '' ? 2 : 1;
    // A wide character is written whenever the cell behind it is.
    if (this.#isShown(x) && (width === 1 || this.#isShown(x + 1))) return width;
    const erased = text === ' ' ? this.#erase(line, x, attribute) : 0;
    if (erased > 0) return erased;
    this.#goTo(line, x);
    this.#style(attribute, text);
    if (isCertain(text, width, wideSigns)) this.#pen.write(text, width);
    else {
      this.#pen.pin(text, x, width);
      const over = text.length > 1 ? OVERDRAW : OVERDRAW_ONE;
      this.#doubtful = Math.max(this.#doubtful, x + width + over);
    }
    this.#note(x, x + width);
    return width;
  }

  #isShown(x: number): boolean {
    const cell = this.#line?.[x];
    const old = this.#shown?.[x];
    if (cell === undefined || old === undefined) return true;
    if (x < this.#doubtful || old[1] !== cell[1]) return false;
    return old[0] === cell[0] || (cell[1] === ' ' && looksAlike(old[0], cell[0]));
  }

  /** These were written, in the colours that are set. */
  #note(from: number, to: number): void {
    for (let x = from; x < to; x += 1) {
      const cell = this.#line?.[x];
      const old = this.#shown?.[x];
      if (cell === undefined || old === undefined) return;
      old[0] = this.#pen.attribute;
      old[1] = cell[1];
    }
  }

  /** Blanks show no more of their attribute than the background. */
  #style(attribute: number, text: string): void {
    const pen = this.#pen;
    const number = attribute >> LINK_SHIFT;
    pen.link(number, this.#links.linkOf(number));
    if (text !== ' ' || !looksAlike(pen.attribute, attribute)) pen.style(attribute);
  }

  /** Short gaps are written again rather than jumped over, where that takes no other colour. */
  #goTo(line: Line, x: number): void {
    const pen = this.#pen;
    const from = pen.gapBefore(this.#y, x) ?? x;
    const gap = x - from <= MAX_GAP ? line.slice(from, x) : [];
    const isEasy = gap.every(
      ([attribute, text]) =>
        ASCII.test(text) && (attribute === pen.attribute || (text === ' ' && looksAlike(attribute, pen.attribute))),
    );
    if (gap.length > 0 && isEasy) {
      pen.write(gap.map(([, text]) => text).join(''), gap.length);
      this.#note(from, x);
    } else pen.moveTo(this.#y, x);
  }

  /** Blanks that look like the one here. @returns how many cells were erased; 0: it isn't worth it. */
  #erase(line: Line, x: number, attribute: number): number {
    const { within, inColor } = this.#erasing;
    const isErasable = inColor || background(attribute) === background(DEFAULT_ATTRIBUTE);
    if (!isErasable || !isUnseenOnBlanks(attribute) || attribute >> LINK_SHIFT !== 0) return 0;
    let changed = 0;
    let end = x;
    for (; end < line.length; end += 1) {
      const cell = line[end];
      if (cell?.[1] !== ' ' || !looksAlike(cell[0], attribute)) break;
      if (!this.#isShown(end)) changed += 1;
    }
    const isRest = end === line.length;
    if (changed < (isRest ? MIN_REST : MIN_ERASE) || !(isRest || within)) return 0;
    this.#goTo(line, x);
    this.#style(attribute, ' ');
    if (isRest) this.#pen.eraseRest();
    else this.#pen.erase(end - x);
    this.#note(x, end);
    return end - x;
  }
}
