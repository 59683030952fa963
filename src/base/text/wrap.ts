/** Text laid out in cells. All of it expects sanitised text. */
import { graphemes } from './graphemes.ts';
import { clusterWidth, textWidth } from './width.ts';

const PLAIN = /^[\x20-\x7e]*$/;
/** What must not begin a line in Chinese and Japanese (the closing part of kinsoku), and small kana. */
const CLOSING = /^[、。，．：；？！）」』】〕〉》〗〙〛…‥ーぁぃぅぇぉっゃゅょァィゥェォッャュョ]/u;

/** Text that is not broken, and the spaces before it. */
interface Unit {
  readonly spaces: number;
  readonly text: string;
  readonly width: number;
}

const isAddress = (word: string): boolean => word.includes('://');

/** The folders of a path, each with the slash behind it. */
const foldersOf = (word: string): string[] => (isAddress(word) ? [word] : word.split(/(?<=\/)(?!\/)/));

/** Breaks lie at spaces and beside wide characters; an address keeps even those together. */
function units(text: string): Unit[] {
  const found: Unit[] = [];
  for (const [, gap = '', word = ''] of text.matchAll(/( *)([^ ]*)/g)) {
    if (gap === '' && word === '') continue;
    const width = textWidth(word);
    if (width === word.length || isAddress(word)) {
      found.push({ spaces: gap.length, text: word, width });
      continue;
    }
    let spaces = gap.length;
    let part = '';
    let cells = 0;
    const flush = () => {
      if (part !== '' || spaces > 0) found.push({ spaces, text: part, width: cells });
      spaces = 0;
      part = '';
      cells = 0;
    };
    let previous = 0;
    for (const cluster of graphemes(word)) {
      const add = clusterWidth(cluster);
      if (part !== '' && (add === 2 || previous === 2) && !CLOSING.test(cluster)) flush();
      part += cluster;
      cells += add;
      previous = add;
    }
    flush();
  }
  return found;
}

/** Rows being filled, one after the other. */
class Rows {
  readonly done: string[] = [];
  #row = '';
  #cells = 0;
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  get left(): number {
    return this.#width - this.#cells;
  }

  get empty(): boolean {
    return this.#row === '';
  }

  add(text: string, cells: number): void {
    this.#row += text;
    this.#cells += cells;
  }

  next(): void {
    this.done.push(this.#row);
    this.#row = '';
    this.#cells = 0;
  }

  /** Text that is wider than a row, from here on, cut between characters. */
  cut(text: string): void {
    for (const cluster of graphemes(text)) {
      const cells = clusterWidth(cluster);
      if (cells > this.left && !this.empty) this.next();
      this.add(cluster, cells);
    }
  }

  /** The same, cut before a part that has no room, where the parts have room at all. */
  cutAt(parts: readonly string[]): void {
    for (const part of parts) {
      const cells = textWidth(part);
      if (cells > this.left && cells <= this.#width && !this.empty) this.next();
      if (cells <= this.left) this.add(part, cells);
      else this.cut(part);
    }
  }
}

/**
 * Wraps one paragraph (no newline inside) to rows of at most `width` cells, at least 2. Spaces at a break are lost, those
 * at the start of the paragraph stay. A word that no row holds is cut between characters, a path behind a slash.
 * @returns at least one row; joined they are the text without the spaces at the breaks.
 */
export function wrap(text: string, width: number): string[] {
  if (text.length <= width && PLAIN.test(text)) return [text];
  const rows = new Rows(Math.max(1, width));
  let first = true;
  for (const unit of units(text)) {
    const whole = unit.spaces + unit.width;
    if (whole <= rows.left) {
      rows.add(' '.repeat(unit.spaces) + unit.text, whole);
    } else if (unit.width <= width) {
      // Spaces at the end that don't fit; where there is nothing else, a row of them.
      if (unit.text === '') {
        if (first) rows.add(' '.repeat(rows.left), rows.left);
        continue;
      }
      // Indentation that leaves no room for the first word is lost too: it would only make an empty row.
      if (!rows.empty) rows.next();
      rows.add(unit.text, unit.width);
    } else {
      // An address begins a row: it is in fewer pieces then, and often only the punctuation behind it is cut off.
      const folders = foldersOf(unit.text);
      const head = folders.length > 1 ? textWidth(folders[0] ?? '') : 1;
      const begins = isAddress(unit.text) && !first;
      const fits = unit.spaces + Math.min(head, width) <= rows.left;
      if (fits && !begins) rows.add(' '.repeat(unit.spaces), unit.spaces);
      else if (!rows.empty) rows.next();
      if (folders.length > 1) rows.cutAt(folders);
      else rows.cut(unit.text);
    }
    first = false;
  }
  rows.next();
  return rows.done;
}

/** Text of at most `width` cells; where something is cut off, `ellipsis` stands for it. */
export function truncate(text: string, width: number, ellipsis = '…'): string {
  if (textWidth(text) <= width) return text;
  const room = width - textWidth(ellipsis);
  if (room < 0) return '';
  let kept = '';
  let cells = 0;
  for (const cluster of graphemes(text)) {
    cells += clusterWidth(cluster);
    if (cells > room) break;
    kept += cluster;
  }
  return kept + ellipsis;
}

/** Text with spaces behind it up to `width` cells; wider text stays as it is. */
export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - textWidth(text)));

/** Text with spaces before it up to `width` cells; wider text stays as it is. */
export const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - textWidth(text))) + text;
