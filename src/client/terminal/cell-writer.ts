/** Rows of runs -> blessed's cells. */
import { graphemes } from '../../base/text/graphemes.ts';
import { clusterWidth } from '../../base/text/width.ts';
import type { Row } from '../view/cells.ts';
import type { BlessedScreen } from './blessed-screen.ts';
import { DEFAULT_ATTRIBUTE, type Palette } from './theme.ts';

/** Cells behind a cluster that a terminal may have drawn over by thinking it wider: a family of four is 8 to some. */
const OVERDRAW = 8;
/** What no cell shows: makes blessed write the cell again. */
export const UNKNOWN = '\0';
const ASCII = /^[\x20-\x7e]*$/;

/** Whether terminals agree about the width: one code unit that is narrow, or a wide one of East Asian text. */
function isCertain(cluster: string, width: number): boolean {
  if (cluster.length > 1) return false;
  const code = cluster.charCodeAt(0);
  return width === 1 ? code < 0x2600 || (code >= 0x2c00 && code < 0xe000) : code >= 0x2e80 && code < 0xffe7;
}

/**
 * What to write for a cluster about which terminals may disagree: its cells blanked, the cluster, and the cursor put
 * where it belongs, so that what stands behind it, borders first of all, is straight everywhere.
 */
function pinned(cluster: string, x: number, width: number): string {
  return `${' '.repeat(width)}\x1b[${x + 1}G${cluster}\x1b[${x + width + 1}G`;
}

export interface CellWriter {
  /** The row in the buffer; blessed writes what has changed. */
  write(y: number, row: Row): void;
}

/** Which sequences the terminal draws as one picture of two cells. */
export interface Joins {
  /** Several pictures with U+200D between them: a family. */
  readonly pictures: boolean;
  /** A picture and a skin tone. */
  readonly tones: boolean;
  /** A sign that U+FE0F makes a picture of: a heart. */
  readonly styles: boolean;
}

/**
 * A sequence without what the terminal doesn't join. Were it sent as it is, a program in between (tmux, GNU screen) that
 * counts its cells in another way than the terminal around it would lose count of its columns.
 */
function simplified(cluster: string, { pictures, tones, styles }: Joins): string {
  const first = String.fromCodePoint(cluster.codePointAt(0) ?? 0);
  // Of one cell by itself, so all that follows would stand on one cell or on two, as each likes.
  if (!styles && /^\p{ExtPict}\ufe0f/u.test(cluster) && clusterWidth(first) < 2) return first;
  let simple = styles ? cluster : cluster.replaceAll('\ufe0f', '');
  if (!tones) simple = simple.replaceAll(/\p{EMod}/gu, '') || simple;
  return pictures ? simple : simple.replace(/\u200d.*$/su, '');
}

export const JOINS_NOTHING: Joins = { pictures: false, tones: false, styles: false };

export interface WriterOptions {
  readonly screen: BlessedScreen;
  readonly palette: Palette;
  readonly unicode: boolean;
  /** What the terminal is known to join; asked only where it matters. */
  readonly joins: () => Joins;
}

export function cellWriter({ screen, palette, unicode, joins }: WriterOptions): CellWriter {
  const joined = (cluster: string): string => {
    const simplest = simplified(cluster, JOINS_NOTHING);
    return simplest === cluster ? cluster : simplified(cluster, joins());
  };
  return {
    write: (y, row) => {
      const line = screen.lines[y];
      const shown = screen.olines[y];
      if (line === undefined || shown === undefined) return;
      const columns = line.length;
      let x = 0;
      let overdrawn = 0;

      const put = (attribute: number, text: string, uncertain: boolean): void => {
        const cell = line[x];
        const old = shown[x];
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
        x += 1;
      };
      /** Behind a wide character: written whenever that is, or blessed would skip it and count it twice. */
      const putFiller = (attribute: number, changed: boolean): void => {
        const old = shown[x];
        if (changed && old !== undefined) old[1] = UNKNOWN;
        put(attribute, '', false);
      };
      const putCluster = (attribute: number, cluster: string): void => {
        const width = clusterWidth(cluster);
        if (width === 0) return;
        if (x + width > columns) {
          while (x < columns) put(attribute, ' ', false);
          return;
        }
        if (!unicode && !ASCII.test(cluster)) {
          for (let i = 0; i < width; i += 1) put(attribute, '?', false);
          return;
        }
        const isSure = isCertain(cluster, width);
        const text = isSure ? cluster : pinned(width === 1 ? cluster : joined(cluster), x, width);
        const old = shown[x];
        const changed = overdrawn > 0 || old?.[0] !== attribute || old[1] !== text;
        put(attribute, text, !isSure);
        if (width === 2) putFiller(attribute, changed);
      };

      for (const piece of row) {
        const attribute = palette(piece);
        if (ASCII.test(piece.text)) {
          for (let i = 0; i < piece.text.length && x < columns; i += 1) put(attribute, piece.text.charAt(i), false);
        } else {
          for (const cluster of graphemes(piece.text)) putCluster(attribute, cluster);
        }
      }
      while (x < columns) put(DEFAULT_ATTRIBUTE, ' ', false);
    },
  };
}
