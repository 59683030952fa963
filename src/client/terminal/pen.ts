/** The terminal's cursor, colours and link as the bytes so far have left them, and the shortest bytes to others. */
import type { Band } from './bands.ts';
import { linkCommand } from './osc.ts';
import { sgr } from './sgr.ts';
import { DEFAULT_ATTRIBUTE } from './theme.ts';

const NOWHERE = -1;

const sequence = (count: number, final: string): string => `\x1b[${count === 1 ? '' : count}${final}`;

export class Pen {
  #out = '';
  #columns = 0;
  /** Where the cursor is; the column is unknown after a row's last cell, the row where others have moved it. */
  #y = NOWHERE;
  #x = NOWHERE;
  #attribute = DEFAULT_ATTRIBUTE;
  #link = 0;
  /** How often the cursor was sent elsewhere since `begin`. */
  jumps = 0;

  begin(columns: number): void {
    this.#columns = columns;
    this.jumps = 0;
  }

  lost(): void {
    this.#y = NOWHERE;
    this.#x = NOWHERE;
  }

  get attribute(): number {
    return this.#attribute;
  }

  /** The column right behind the last cell that was written in this row, where nothing has to be sent. */
  isAt(y: number, x: number): boolean {
    return this.#y === y && this.#x === x;
  }

  /** Where a gap in row `y` begins that ends before `x`, when it can be filled instead of jumped over. */
  gapBefore(y: number, x: number): number | undefined {
    return this.#y === y && this.#x !== NOWHERE && this.#x < x ? this.#x : undefined;
  }

  moveTo(y: number, x: number): void {
    if (this.isAt(y, x)) return;
    this.jumps += 1;
    this.#out += this.#way(y, x);
    this.#y = y;
    this.#x = x;
  }

  #way(y: number, x: number): string {
    if (this.#y !== y) return x === 0 ? `\x1b[${y === 0 ? '' : y + 1}H` : `\x1b[${y + 1};${x + 1}H`;
    if (x === 0) return '\r';
    const column = `\x1b[${x + 1}G`;
    if (this.#x === NOWHERE) return column;
    const by = x - this.#x;
    const relative = by > 0 ? sequence(by, 'C') : by >= -3 ? '\b'.repeat(-by) : sequence(-by, 'D');
    return relative.length <= column.length ? relative : column;
  }

  style(attribute: number): void {
    this.#out += sgr(this.#attribute, attribute);
    this.#attribute = attribute;
  }

  link(number: number, link: string | undefined): void {
    if (number === this.#link) return;
    this.#out += linkCommand(link, number);
    this.#link = number;
  }

  /** Cells of which every terminal knows the width. */
  write(text: string, width: number): void {
    this.#out += text;
    this.#ahead(width);
  }

  /**
   * A cluster about which terminals may disagree: its cells blanked, the cluster, and the cursor put where it belongs, so
   * that what stands behind it, borders first of all, is straight everywhere.
   */
  pin(text: string, x: number, width: number): void {
    this.#out += `${' '.repeat(width)}\x1b[${x + 1}G${text}`;
    if (x + width < this.#columns) this.#out += `\x1b[${x + width + 1}G`;
    this.#ahead(width);
  }

  #ahead(width: number): void {
    if (this.#x !== NOWHERE) this.#x += width;
    if (this.#x >= this.#columns) this.#x = NOWHERE;
  }

  /** Blanks up to the row's end (EL). */
  eraseRest(): void {
    this.#out += '\x1b[K';
  }

  /** All of the row (EL 2). */
  eraseRow(): void {
    this.#out += '\x1b[2K';
  }

  /** Whether the terminal goes on in the next row by itself (DECAWM). */
  wrap(on: boolean): void {
    this.#out += on ? '\x1b[?7h' : '\x1b[?7l';
  }

  /** Blanks from here on (ECH); the cursor stays. */
  erase(count: number): void {
    this.#out += sequence(count, 'X');
  }

  /**
   * The terminal moves rows by itself (DECSTBM, and LF or RI at its margin), and leaves blank ones: in the colours that are
   * set, where it does so.
   */
  scroll({ top, bottom, by }: Band, blank: number): void {
    this.link(0, undefined);
    this.style(blank);
    const at = by > 0 ? bottom : top;
    const step = by > 0 ? '\n' : '\x1bM';
    this.#out += `\x1b[${top + 1};${bottom + 1}r\x1b[${at + 1}H${step.repeat(Math.abs(by))}\x1b[r`;
    this.jumps += 1;
    this.lost();
  }

  /** Nothing is set, as others expect it. */
  rest(): void {
    this.link(0, undefined);
    this.style(DEFAULT_ATTRIBUTE);
  }

  take(): string {
    const out = this.#out;
    this.#out = '';
    return out;
  }
}
