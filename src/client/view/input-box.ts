/**
 * The input line as rows: wrapped by cells, not by words, so that the cursor is where one expects it. Only what is on the
 * screen is laid out anew at a key: of a long text the rows before the change are known, and those behind the screen
 * nobody asks for.
 */
import { graphemes } from '../../base/text/graphemes.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import { truncate } from '../../base/text/wrap.ts';
import type { InputLine } from '../core/input-line.ts';
import type { Span } from '../core/input-mode.ts';
import { boundaryBefore } from '../core/input-words.ts';
import type { Row } from './cells.ts';
import { run } from './runs.ts';

export interface InputBox {
  readonly rows: readonly Row[];
  /** Cells from the left of its row, always less than the width. */
  readonly cursor: { readonly x: number; readonly y: number };
}

/** Where the rows of a text begin, as far as anybody has asked. */
interface Layout {
  readonly text: string;
  /** In cells, at least 1. */
  readonly width: number;
  /** UTF-16 indexes; the first is 0. */
  readonly starts: number[];
  /** All of them are known. */
  done: boolean;
}

/** Letters of one cell that join nothing, as nearly all text has them. */
const NARROW = /^[\x20-\x7e]+/;
/** UTF-16 units behind a row of as many cells that are looked at, for the character that doesn't fit. */
const AHEAD = 8;
/** Layouts that are remembered: one for each pane that one types in by turns. */
const MAX_LAYOUTS = 8;
/** UTF-16 units from which a text is laid out from the one before it; shorter ones are as quick anew. */
const LONG = 1024;
/** Rows before a change that may be others by it: a character that becomes narrower fits at the end of the row before. */
const UNSURE_ROWS = 3;
/** Characters whose look is remembered: those of one's own language, some times over. */
const MAX_LOOKS = 4096;

interface Look {
  readonly text: string;
  readonly cells: number;
}

const looks = new Map<string, Look>();

/** One at a time, so that each keeps its place: what is hidden as a whole would move the cursor away from it. */
function lookOf(cluster: string, width: number): Look {
  if (cluster === '\n') return { text: '', cells: 0 };
  let look = looks.get(cluster);
  if (look === undefined) {
    const text = sanitizeLine(cluster);
    look = { text, cells: textWidth(text) };
    if (looks.size >= MAX_LOOKS) looks.clear();
    looks.set(cluster, look);
  }
  if (look.cells <= width) return look;
  const text = truncate(look.text, width, '');
  return { text, cells: textWidth(text) };
}

/** Where the row that begins at `start` ends, and whether a newline ends it. */
function rowEnd(text: string, start: number, width: number): { readonly end: number; readonly newline: boolean } {
  const narrow = NARROW.exec(text.slice(start, start + width + 1))?.[0].length ?? 0;
  if (narrow > width) return { end: start + width, newline: false };
  for (let units = width + AHEAD; ; units *= 4) {
    const upTo = boundaryBefore(text, start + units);
    let cells = 0;
    let at = start;
    for (const cluster of graphemes(text.slice(start, upTo))) {
      cells += lookOf(cluster, width).cells;
      if (cells > width) return { end: at, newline: false };
      at += cluster.length;
      if (cluster === '\n') return { end: at, newline: true };
    }
    if (upTo === text.length) return { end: at, newline: false };
  }
}

/** One more row is laid out. */
function extend(layout: Layout): void {
  const { text, width, starts } = layout;
  const { end, newline } = rowEnd(text, starts.at(-1) ?? 0, width);
  if (end < text.length || newline) starts.push(end);
  else layout.done = true;
}

let layouts: Layout[] = [];

/** How far two texts are the same from their beginning. */
function sameUntil(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at + LONG <= most && a.slice(at, at + LONG) === b.slice(at, at + LONG)) at += LONG;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at;
}

function layoutOf(text: string, width: number): Layout {
  const known = layouts.find((each) => each.text === text && each.width === width);
  if (known !== undefined) return known;
  let starts = [0];
  if (text.length >= LONG) {
    // The newest first: the text before the last key.
    for (const before of layouts.filter((each) => each.width === width && each.text.length >= LONG)) {
      const same = sameUntil(before.text, text);
      const sure = before.starts.findLastIndex((start) => start <= same) + 1 - UNSURE_ROWS;
      if (sure > starts.length) starts = before.starts.slice(0, sure);
    }
  }
  const layout: Layout = { text, width, starts, done: false };
  layouts = [layout, ...layouts].slice(0, MAX_LAYOUTS);
  return layout;
}

/** The row that an index is in. */
function rowOf(layout: Layout, index: number): number {
  const { starts } = layout;
  while (!layout.done && (starts.at(-1) ?? 0) <= index) extend(layout);
  return starts.findLastIndex((start) => start <= index);
}

/** What the row shows, in runs; and how many cells are before an index in it. */
function drawRow(layout: Layout, y: number, marks: readonly Span[], index: number): { row: Row; cells: number } {
  const { text, width, starts } = layout;
  const start = starts[y] ?? 0;
  const end = starts[y + 1] ?? text.length;
  const near = marks.filter(({ from, to }) => from < end && start < to);
  const row: Row[number][] = [];
  let cells = 0;
  let at = start;
  let piece = '';
  let marked = false;
  const flush = (): void => {
    if (piece !== '') row.push(marked ? run(piece, 'selection', { underline: true }) : run(piece, 'input'));
    piece = '';
  };
  for (const cluster of graphemes(text.slice(start, end))) {
    const look = lookOf(cluster, width);
    if (at < index) cells += look.cells;
    const isMarked = near.some(({ from, to }) => from < at + cluster.length && at < to);
    if (isMarked !== marked) flush();
    marked = isMarked;
    piece += look.text;
    at += cluster.length;
  }
  flush();
  return { row, cells };
}

/** Whether the cursor stands behind a row that is full, and so needs a row of its own. */
const isBeyond = (layout: Layout, y: number, cursor: number): boolean =>
  drawRow(layout, y, [], cursor).cells >= layout.width;

/** Rows that the line takes, at least one, and `most` of them at most. `width` is in cells. */
export function inputHeight(line: InputLine, width: number, most: number): number {
  const layout = layoutOf(line.text, Math.max(1, width));
  while (!layout.done && layout.starts.length < most) extend(layout);
  const rows = Math.min(most, layout.starts.length);
  if (rows === most) return rows;
  return rows + (isBeyond(layout, rowOf(layout, line.cursor), line.cursor) ? 1 : 0);
}

/** The `height` rows of the line around the cursor, or all where it has fewer. @param marks what is highlighted. */
export function inputBox(line: InputLine, width: number, height: number, marks: readonly Span[] = []): InputBox {
  const layout = layoutOf(line.text, Math.max(1, width));
  const cursorRow = rowOf(layout, line.cursor);
  const beyond = isBeyond(layout, cursorRow, line.cursor);
  const last = cursorRow + (beyond ? 1 : 0);
  const top = Math.max(0, last - height + 1);
  // One more than is shown: where it begins, the last one ends.
  while (!layout.done && layout.starts.length <= top + height) extend(layout);
  const rows: Row[] = [];
  let x = 0;
  for (let at = top; rows.length < height; at += 1) {
    // The cursor's own row lies between the one that it stands behind and the next.
    const isOwn = beyond && at === last;
    const y = beyond && at > cursorRow ? at - 1 : at;
    if (!isOwn && y >= layout.starts.length) break;
    const { row, cells } = isOwn ? { row: [], cells: 0 } : drawRow(layout, y, marks, line.cursor);
    rows.push(row);
    if (at === last) x = cells;
  }
  return { rows, cursor: { x, y: last - top } };
}
