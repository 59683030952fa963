/** Rows of runs -> blessed's cells. blessed's own way of content miscounts emoji and reads tags out of text. */
import { graphemes } from '../../../base/text/graphemes.ts';
import { clusterWidth } from '../../../base/text/width.ts';
import type { Row, Style } from './frame.ts';

/** Attribute and character; a character may be any string that is to be written for the cell. */
type Cell = [number, string];

/** What is to be shown, and what the terminal shows as far as we know. */
export interface Cells {
  readonly lines: readonly (Cell[] & { dirty: boolean })[];
  readonly olines: readonly Cell[][];
}

export type Paint = (y: number, from: number, to: number, row: Row) => void;

export interface PainterOptions {
  readonly cells: Cells;
  readonly color: boolean;
  readonly unicode: boolean;
}

/** blessed's packing: 9 bits of background, 9 of foreground, above them flags. */
const DEFAULT = 0x1ff;
const BOLD = 1;
const INVERSE = 8;
const packed = (flags: number, foreground: number = DEFAULT): number => (flags << 18) | (foreground << 9) | DEFAULT;

const RED = 1;
const GREEN = 2;
const YELLOW = 3;
/** The terminal's own colours, so that they suit its background. */
const COLORED: Readonly<Record<Style, number>> = {
  plain: packed(0),
  strong: packed(BOLD),
  good: packed(0, GREEN),
  warn: packed(0, YELLOW),
  bad: packed(BOLD, RED),
  bar: packed(INVERSE),
};
const PLAIN: Readonly<Record<Style, number>> = {
  ...COLORED,
  good: packed(0),
  warn: packed(0),
  bad: packed(BOLD),
};

const ASCII = /^[\x20-\x7e]*$/;
/** What we write ourselves beyond ASCII. */
const IN_ASCII: Readonly<Record<string, string>> = { '…': '~', '·': '-', '─': '-', '▸': '>', '↓': 'v', '↑': '^' };
/** Cells behind a cluster that a terminal may have drawn over by thinking it wider: a family of four is 8 to some. */
const OVERDRAW = 8;
/** What no cell shows: makes blessed write the cell again. */
const UNKNOWN = '\0';

/** Whether terminals agree about the width: one code unit that is narrow, or a wide one of East Asian text. */
function isCertain(cluster: string, width: number): boolean {
  if (cluster.length > 1) return false;
  const code = cluster.charCodeAt(0);
  return width === 1 ? code < 0x2600 || (code >= 0x2c00 && code < 0xe000) : code >= 0x2e80 && code < 0xffe7;
}

/**
 * Where terminals may disagree: blanks, the first picture of those that only some terminals join to one, and the cursor
 * put where it belongs, so that what stands behind, the border first of all, is straight everywhere. CHA: ECMA-48 8.3.9.
 */
function pinned(cluster: string, x: number, width: number): string {
  const base = width === 1 ? cluster : cluster.replace(/[\u200d\p{EMod}].*$/su, '') || cluster;
  return `${' '.repeat(width)}\x1b[${x + 1}G${base}\x1b[${x + width + 1}G`;
}

/** @returns what writes a row into the cells from `from` to before `to`, and blanks behind it. */
export function createPainter({ cells, color, unicode }: PainterOptions): Paint {
  const attributes = color ? COLORED : PLAIN;
  return (y, from, until, row) => {
    const line = cells.lines[y];
    const shown = cells.olines[y];
    if (line === undefined || shown === undefined) return;
    // A frame may be larger than the buffers, for a moment, when the terminal has changed its size.
    const to = Math.min(until, line.length, shown.length);
    let x = from;
    let overdrawn = 0;

    const put = (attribute: number, text: string, uncertain = false): void => {
      const cell = line[x];
      const old = shown[x];
      x += 1;
      if (cell === undefined || old === undefined) return;
      cell[0] = attribute;
      cell[1] = text;
      if (overdrawn > 0) {
        overdrawn -= 1;
        old[1] = UNKNOWN;
      }
      if (old[0] !== attribute || old[1] !== text) {
        line.dirty = true;
        if (uncertain) overdrawn = OVERDRAW;
      }
    };
    const putCluster = (attribute: number, cluster: string): void => {
      const width = clusterWidth(cluster);
      if (width === 0) return;
      if (x + width > to) {
        while (x < to) put(attribute, ' ');
        return;
      }
      if (!unicode && !ASCII.test(cluster)) {
        for (let i = 0; i < width; i += 1) put(attribute, IN_ASCII[cluster] ?? '?');
        return;
      }
      const isSure = isCertain(cluster, width);
      const text = isSure ? cluster : pinned(cluster, x, width);
      const old = shown[x];
      const changed = overdrawn > 0 || old?.[0] !== attribute || old[1] !== text;
      put(attribute, text, !isSure);
      if (width === 1) return;
      // The cell behind is empty; it is written whenever the first is, or blessed would count it twice.
      const behind = shown[x];
      if (changed && behind !== undefined) behind[1] = UNKNOWN;
      put(attribute, '');
    };

    for (const { text, style } of row) {
      const attribute = attributes[style];
      for (const cluster of ASCII.test(text) ? text : graphemes(text)) if (x < to) putCluster(attribute, cluster);
    }
    while (x < to) put(DEFAULT_ATTRIBUTE, ' ');
  };
}

const DEFAULT_ATTRIBUTE = packed(0);
