/** The input line as rows: wrapped by cells, not by words, so that the cursor is where one expects it. */
import { graphemes } from '../../base/text/graphemes.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import { truncate } from '../../base/text/wrap.ts';
import type { InputLine } from '../core/input-line.ts';

export interface InputBox {
  readonly rows: readonly string[];
  /** Cells from the left of its row, always less than the width. */
  readonly cursor: { readonly x: number; readonly y: number };
}

interface Cached {
  readonly width: number;
  readonly box: InputBox;
}

/** A line is laid out once per width, however often it is drawn; every edit makes a new one. */
const cache = new WeakMap<InputLine, Cached>();

/** All rows of the line, at least one. `width` is in cells, at least 1. */
export function inputBox(line: InputLine, width: number): InputBox {
  const cached = cache.get(line);
  if (cached?.width === width) return cached.box;
  const box = layOut(line, Math.max(1, width));
  cache.set(line, { width, box });
  return box;
}

function layOut({ text, cursor }: InputLine, width: number): InputBox {
  const rows: string[] = [];
  let row = '';
  let cells = 0;
  let at: { x: number; y: number } | undefined;
  let index = 0;
  const next = (): void => {
    rows.push(row);
    row = '';
    cells = 0;
  };
  for (const cluster of graphemes(text)) {
    // One at a time, so that each keeps its place: what is hidden as a whole would move the cursor away from it.
    const shown = cluster === '\n' ? '' : truncate(sanitizeLine(cluster), width, '');
    const add = textWidth(shown);
    // The cursor needs a cell of its own behind the last character.
    if (cells + add > width) next();
    if (index === cursor) {
      if (cells >= width) next();
      at = { x: cells, y: rows.length };
    }
    index += cluster.length;
    row += shown;
    cells += add;
    if (cluster === '\n') next();
  }
  if (at === undefined) {
    if (cells >= width) next();
    at = { x: cells, y: rows.length };
  }
  rows.push(row);
  return { rows, cursor: at };
}

/** The `height` rows around the cursor. */
export function windowOf(box: InputBox, height: number): InputBox {
  if (box.rows.length <= height) return box;
  const top = Math.max(0, Math.min(box.cursor.y - height + 1, box.rows.length - height));
  return { rows: box.rows.slice(top, top + height), cursor: { x: box.cursor.x, y: box.cursor.y - top } };
}
