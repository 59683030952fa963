/**
 * Frames -> the bytes that make the terminal show them: rows that have moved are moved by the terminal, of the others only
 * the cells that have changed are written. What it shows is kept in blessed's second buffer (`olines`), cell by cell, and
 * is what it shows: nothing here is left to chance.
 */
import type { Frame, Row } from '../view/cells.ts';
import { bandOf } from './bands.ts';
import type { BlessedScreen, Line } from './blessed-screen.ts';
import { CellWriter, JOINS_NOTHING, type Joins, LINK_SHIFT } from './cell-writer.ts';
import { LinkTable } from './link-table.ts';
import { Pen } from './pen.ts';
import { type Erasing, RowWriter } from './row-writer.ts';
import { isUnseenOnBlanks } from './sgr.ts';
import { DEFAULT_ATTRIBUTE, type Palette } from './theme.ts';
import { NO_WRAPPED, unwrapRows, wrapRow } from './wrapped-rows.ts';

/** Bands that are moved for one frame: a pane each. */
const MAX_BANDS = 4;
/** Of no row: whatever stands there is looked at again. */
const NO_KEY = '\0';
const BLANK_KEY = '';
const NO_LINE: Line = Object.assign([], { dirty: false });

/** DEC private modes: a frame is shown whole (synchronized output); the cursor is shown. */
const TOGETHER = ['\x1b[?2026h', '\x1b[?2026l'] as const;
const HIDE = '\x1b[?25l';
const SHOW = '\x1b[?25h';

/** What is known of the terminal. */
export interface Manners {
  readonly joins: Joins;
  /** Signs that are narrow to us and most may be two cells wide to it. */
  readonly wideSigns: boolean;
  /** It knows synchronized output. */
  readonly together: boolean;
  readonly links: boolean;
}

export const CAUTIOUS: Manners = { joins: JOINS_NOTHING, wideSigns: false, together: false, links: false };

/** All that a row shows, as one text: equal keys are equal rows. */
function keyOf(row: Row): string {
  let key = '';
  for (const { text, role, bold, underline, link } of row) {
    const more = `${bold === true ? '!' : ''}${underline === true ? '_' : ''}${link ?? ''}`;
    key += `\x01${role}${more}\x02${text}`;
  }
  return key;
}

export interface PainterOptions {
  readonly screen: BlessedScreen;
  readonly unicode: boolean;
  readonly palette: Palette;
  readonly erasing: Erasing;
}

export class Painter {
  readonly #screen: BlessedScreen;
  readonly #unicode: boolean;
  readonly #erasing: Erasing;
  #palette: Palette;
  #manners = CAUTIOUS;
  /** Of each row that is shown. */
  #keys: string[] = [];
  /** The rows that are to be shown, and their keys; and those of what blessed's first buffer holds of them. */
  #rows: readonly Row[] = [];
  #wanted: readonly string[] = [];
  #held: string[] = [];
  #cells: CellWriter;
  /** Rows that the terminal has wrapped into the next ones. */
  #wrappedRows = NO_WRAPPED;
  readonly #pen = new Pen();
  readonly #links = new LinkTable();
  readonly #writer: RowWriter;
  #isCursorShown = false;

  constructor({ screen, unicode, palette, erasing }: PainterOptions) {
    this.#screen = screen;
    this.#unicode = unicode;
    this.#palette = palette;
    this.#erasing = erasing;
    this.#writer = new RowWriter(this.#pen, this.#links, erasing);
    this.#cells = this.#newCells();
    this.cleared();
  }

  get manners(): Manners {
    return this.#manners;
  }

  /** The terminal is blank, in the default colours, and both of blessed's buffers are. */
  cleared(): void {
    this.#wrappedRows = NO_WRAPPED;
    const key = this.#keyOfBlank(DEFAULT_ATTRIBUTE);
    this.#keys = this.#screen.lines.map(() => key);
    this.#held = [];
    this.#pen.lost();
  }

  /** Of a row of blanks in this attribute, which may not be what a row without any text shows. */
  #keyOfBlank(attribute: number): string {
    return attribute === this.#palette({ role: 'blank' }) ? BLANK_KEY : NO_KEY;
  }

  /** The terminal's cursor was moved by others, or is shown or hidden by them. */
  moved(isCursorShown: boolean = this.#isCursorShown): void {
    this.#pen.lost();
    this.#isCursorShown = isCursorShown;
  }

  /** Every row is looked at again with the next frame. */
  change(change: { readonly palette?: Palette; readonly manners?: Manners }): void {
    this.#palette = change.palette ?? this.#palette;
    this.#manners = change.manners ?? this.#manners;
    this.#cells = this.#newCells();
    this.#lookAgain();
  }

  #newCells(): CellWriter {
    const { joins, links } = this.#manners;
    const link = (each: string | undefined): number => (links ? this.#links.numberOf(each) : 0);
    return new CellWriter({ unicode: this.#unicode, palette: this.#palette, joins, link });
  }

  #lookAgain(): void {
    this.#keys = this.#keys.map(() => NO_KEY);
    this.#held = [];
  }

  /** @returns what to write; after it the terminal shows the frame. */
  paint({ rows, cursor, joined = NO_WRAPPED }: Frame): string {
    const { lines } = this.#screen;
    const pen = this.#pen;
    pen.begin(lines[0]?.length ?? 0);
    const keys = lines.map((_, y) => keyOf(rows[y] ?? []));
    const isWrapping = joined.size > 0 || this.#wrappedRows.size > 0;
    const toWrap = isWrapping ? this.#unwrap(joined, keys) : NO_WRAPPED;
    this.#rows = rows;
    this.#wanted = keys;
    // Moved rows would take along that they are wrapped.
    if (!isWrapping) this.#moveBands(keys);
    for (const [y, key] of keys.entries()) if (key !== this.#keys[y]) this.#writeRow(y);
    if (this.#links.isFull) this.#renumber();
    this.#keys = [...keys];
    for (const y of toWrap) wrapRow(pen, [this.#line(y), this.#line(y + 1)], y);
    pen.rest();
    const pieces = pen.jumps;
    if (cursor !== undefined) pen.moveTo(cursor.y, cursor.x);
    const body = pen.take();
    return this.#wrapped(body, pieces, cursor !== undefined);
  }

  /** A row that is to be shown, as cells. */
  #line(y: number): Line {
    const line = this.#screen.lines[y];
    if (line === undefined) return NO_LINE;
    const key = this.#wanted[y];
    if (key !== undefined && key !== this.#held[y]) {
      this.#cells.write(line, this.#rows[y] ?? []);
      this.#held[y] = key;
    }
    return line;
  }

  /** Links get other numbers, so those of the cells that are shown mean nothing any more. */
  #renumber(): void {
    this.#links.clear();
    this.#held = [];
    for (const line of this.#screen.olines) for (const cell of line) if (cell[0] >> LINK_SHIFT !== 0) cell[0] = -1;
    for (const y of this.#wanted.keys()) this.#writeRow(y);
    // Those for which there is no number are no links.
    this.#links.isFull = false;
  }

  /** Rows that were wrapped and don't stay so are erased. @returns those that are to be wrapped. */
  #unwrap(joined: ReadonlySet<number>, keys: readonly string[]): ReadonlySet<number> {
    const isAsBefore = (y: number): boolean => keys[y] === this.#keys[y] && keys[y + 1] === this.#keys[y + 1];
    const before = this.#wrappedRows;
    const toErase = new Set<number>();
    for (const y of before) if (!joined.has(y) || !isAsBefore(y)) toErase.add(y).add(y + 1);
    unwrapRows(this.#pen, this.#screen.olines, toErase);
    for (const y of toErase) this.#keys[y] = NO_KEY;
    this.#wrappedRows = joined;
    return new Set([...joined].filter((y) => !before.has(y) || !isAsBefore(y)));
  }

  #moveBands(keys: readonly string[]): void {
    const wanted = this.#palette({ role: 'blank' });
    const blank = this.#erasing.inColor && isUnseenOnBlanks(wanted) ? wanted : DEFAULT_ATTRIBUTE;
    const blankKey = this.#keyOfBlank(blank);
    for (let i = 0; i < MAX_BANDS; i += 1) {
      const changed = keys.filter((key, y) => key !== this.#keys[y]).length;
      const band = changed < 2 ? undefined : bandOf(this.#keys, keys, (y, was) => this.#difference(y, was, blank));
      if (band === undefined) return;
      this.#pen.scroll(band, blank);
      const { top, bottom, by } = band;
      const { olines } = this.#screen;
      const count = Math.min(Math.abs(by), bottom - top + 1);
      const gone = olines.splice(by > 0 ? top : bottom - count + 1, count);
      olines.splice(by > 0 ? bottom - count + 1 : top, 0, ...gone);
      for (const line of gone) fill(line, blank);
      this.#keys.splice(by > 0 ? top : bottom - count + 1, count);
      this.#keys.splice(by > 0 ? bottom - count + 1 : top, 0, ...gone.map(() => blankKey));
    }
  }

  #difference(y: number, was: number | undefined, blank: number): number {
    const line = this.#line(y);
    const old = was === undefined ? undefined : this.#screen.olines[was];
    let count = 0;
    // The innermost loop of all: iterators would take ten times as long.
    for (let x = 0; x < line.length; x += 1) {
      const cell = line[x];
      const shown = old?.[x];
      const text = shown?.[1] ?? ' ';
      if (cell?.[1] !== text || (text !== ' ' && cell[0] !== (shown?.[0] ?? blank))) count += 1;
    }
    return count;
  }

  #writeRow(y: number): void {
    const shown = this.#screen.olines[y];
    if (shown !== undefined) this.#writer.write(y, this.#line(y), shown, this.#manners.wideSigns);
  }

  /** So that nobody sees half of it. */
  #wrapped(body: string, pieces: number, isCursorWanted: boolean): string {
    const wasShown = this.#isCursorShown;
    this.#isCursorShown = isCursorWanted;
    const after = isCursorWanted ? SHOW : HIDE;
    const whole = wasShown === isCursorWanted ? body : body + after;
    // One stretch of cells is shown at once anyhow.
    if (pieces <= 1) return whole;
    if (this.#manners.together) return TOGETHER[0] + whole + TOGETHER[1];
    return wasShown ? HIDE + body + (isCursorWanted ? SHOW : '') : whole;
  }
}

function fill(line: Line, blank: number): void {
  for (const cell of line) {
    cell[0] = blank;
    cell[1] = ' ';
  }
}
