/**
 * Where the pane stands in its log, and what it shows of it. A place is kept by the key of an entry, so that it stays
 * where it is while others write, when older pages come, and when the window's width changes.
 */
import type { Seq } from '../../base/ids.ts';
import type { LogEntry } from '../core/message-log.ts';
import { hitIn } from '../core/search-hit.ts';
import type { Scroll, State, Tab } from '../core/state.ts';
import type { Row } from './cells.ts';
import { type Geometry, geometryOf } from './geometry.ts';
import { blockAt, type Layout, layoutFor, pendingRows } from './log-rows.ts';
import { countAfter } from './shown.ts';
import { UNICODE_SIGNS } from './signs.ts';

const TAIL: Scroll = { kind: 'tail' };
/** Rows of the page before that a page keeps, so that the eye finds its place. */
const PAGE_OVERLAP = 2;

/** The pane's lower edge: `hidden` rows above the end of the block at `index`; negative where it lies below the log. */
interface Edge {
  readonly index: number;
  readonly hidden: number;
}

/** The last index whose key is at most `key`, or -1. */
function indexOfKey(entries: readonly LogEntry[], key: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.key ?? Number.POSITIVE_INFINITY) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The index of a message, or of the first after it, or the number of entries. Walks from the end, where it nearly always is. */
function indexOfSeq(entries: readonly LogEntry[], seq: Seq): number {
  let found = entries.length;
  for (let i = entries.length - 1; i >= 0; i -= 1) {
    const entry = entries[i];
    if (entry?.kind !== 'message') continue;
    if (entry.seq < seq) break;
    found = i;
  }
  return found;
}

function layoutOf(state: State, tab: Tab, geometry: Geometry = geometryOf(state, tab)): Layout {
  return layoutFor(state, tab, geometry, UNICODE_SIGNS);
}

/** Rows that messages have: while scrolled, the lowest says what is below. */
function messageRows({ paneHeight }: Geometry, scroll: Scroll): number {
  return scroll.kind === 'at' && paneHeight >= 2 ? paneHeight - 1 : paneHeight;
}

/** Rows of one PgUp or PgDn. */
export function pageRows(state: State, tab: Tab): number {
  return Math.max(1, geometryOf(state, tab).paneHeight - PAGE_OVERLAP);
}

function edgeOf(layout: Layout): Edge {
  const { entries } = layout;
  const { scroll } = layout.tab;
  const newest = entries.length - 1;
  if (scroll.kind === 'tail') return { index: newest, hidden: -pendingRows(layout).length };
  const index = Math.min(newest, Math.max(0, indexOfKey(entries, scroll.bottom)));
  const rows = blockAt(layout, index)?.rows.length ?? 0;
  // Narrower or wider than when it was set, an entry has another number of rows; some of it stays in sight.
  const edge = { index, hidden: Math.min(scroll.hidden, Math.max(0, rows - 1)) };
  // What stood below the log's end may have come to stand in it.
  return edge.hidden < 0 ? moveDown(layout, edge, 0) : edge;
}

/** The edge moved up by `rows`, at most to the log's first row. */
function moveUp(layout: Layout, edge: Edge, rows: number): Edge {
  let { index } = edge;
  let hidden = edge.hidden + rows;
  for (;;) {
    const block = blockAt(layout, index);
    if (block === undefined) return { index, hidden: Math.min(hidden, 0) };
    if (hidden < block.rows.length) return { index, hidden };
    if (block.first === 0) return { index, hidden: block.rows.length };
    hidden -= block.rows.length;
    index = block.first - 1;
  }
}

function moveDown(layout: Layout, edge: Edge, rows: number): Edge {
  let { index } = edge;
  let hidden = edge.hidden - rows;
  for (;;) {
    const next = blockAt(layout, index)?.last ?? index;
    const block = hidden < 0 ? blockAt(layout, next + 1) : undefined;
    if (block === undefined) return { index: next, hidden };
    index = block.last;
    hidden += block.rows.length;
  }
}

/** How many rows there are above the edge, counted up to `enough`. */
function rowsAbove(layout: Layout, edge: Edge, enough: number): number {
  let rows = -edge.hidden;
  for (let index = edge.index; rows < enough; ) {
    const block = blockAt(layout, index);
    if (block === undefined) break;
    rows += block.rows.length;
    index = block.first - 1;
  }
  return rows;
}

function toScroll(layout: Layout, edge: Edge): Scroll {
  const { entries } = layout;
  const height = messageRows(layout.geometry, { kind: 'at', bottom: 0, hidden: 0 });
  // The top row is the log's first: no emptiness above it.
  const missing = height - rowsAbove(layout, edge, height);
  const { index, hidden } = missing > 0 ? moveDown(layout, edge, missing) : edge;
  const block = blockAt(layout, index);
  const isLast = block === undefined || block.last === entries.length - 1;
  if (isLast && hidden <= -pendingRows(layout).length) {
    const { far } = layout.tab;
    if (far === undefined || far.newer === 'none') return TAIL;
    return { kind: 'at', bottom: entries.at(-1)?.key ?? 0, hidden: 0 };
  }
  return { kind: 'at', bottom: entries[block?.last ?? index]?.key ?? 0, hidden };
}

/** @param rows towards older messages; negative towards newer ones. */
export function scrollBy(state: State, tab: Tab, rows: number): Scroll {
  const layout = layoutOf(state, tab);
  const edge = edgeOf(layout);
  return toScroll(layout, rows >= 0 ? moveUp(layout, edge, rows) : moveDown(layout, edge, -rows));
}

/** The oldest entry at the top. */
export function scrollToTop(state: State, tab: Tab): Scroll {
  const layout = layoutOf(state, tab);
  const rows = blockAt(layout, 0)?.rows.length;
  return rows === undefined ? TAIL : toScroll(layout, { index: 0, hidden: rows });
}

/** Of the pane, what stands above a hit of a search, so that one sees what it follows on. */
const CONTEXT = 1 / 3;

/**
 * A message, with the rules above it, at the top; the newest line where there is less than a screen below it. The hit of a
 * search stands lower.
 */
export function scrollToMessage(state: State, tab: Tab, seq: Seq): Scroll {
  const layout = layoutOf(state, tab);
  const block = blockAt(layout, indexOfSeq(layout.entries, seq));
  if (block === undefined) return TAIL;
  const height = messageRows(layout.geometry, { kind: 'at', bottom: 0, hidden: 0 });
  const above = hitIn(state, tab)?.seq === seq ? Math.min(height * CONTEXT, height - block.rows.length) : 0;
  const down = height - Math.max(0, Math.floor(above));
  return toScroll(layout, moveDown(layout, { index: block.last, hidden: block.rows.length }, down));
}

export interface PaneRows {
  /** From the top; at most as many as fit. */
  readonly rows: readonly Row[];
  /** Index of the oldest entry of which something shows; the number of entries if none does. */
  readonly top: number;
  /** Index of the newest one, or -1. */
  readonly bottom: number;
  /** Rows of the oldest one that are above the pane, out of sight. */
  readonly cut: number;
}

/** The rows of the pane: only what is seen is laid out. */
export function paneRows(layout: Layout): PaneRows {
  const { tab, geometry } = layout;
  const height = messageRows(geometry, tab.scroll);
  const edge = edgeOf(layout);
  const rows: Row[] = [];
  if (edge.hidden < 0) rows.push(...pendingRows(layout).slice(0, -edge.hidden).toReversed());
  let below = Math.max(0, edge.hidden);
  let top = layout.entries.length;
  let bottom = -1;
  for (let index = edge.index; rows.length < height; ) {
    const block = blockAt(layout, index);
    if (block === undefined) break;
    const shown = block.rows.slice(0, block.rows.length - below);
    if (shown.length > 0) {
      top = block.first;
      if (bottom < 0) bottom = block.last;
    }
    rows.push(...shown.toReversed());
    below = 0;
    index = block.first - 1;
  }
  return { rows: rows.slice(0, height).toReversed(), top, bottom, cut: Math.max(0, rows.length - height) };
}

export interface VisibleSpan {
  /** The oldest and the newest message of which a row is on the screen. */
  readonly first: Seq;
  readonly last: Seq;
  /** Entries of the log above the screen, and below it; few of them, and it is time to ask for another page. */
  readonly above: number;
  readonly below: number;
}

/** Undefined where no message is on the screen. */
export function visibleSpan(state: State, tab: Tab): VisibleSpan | undefined {
  const layout = layoutOf(state, tab);
  const { top, bottom } = paneRows(layout);
  const { entries } = layout;
  let first: Seq | undefined;
  let last: Seq | undefined;
  for (let i = top; i <= bottom; i += 1) {
    const entry = entries[i];
    if (entry?.kind !== 'message') continue;
    first ??= entry.seq;
    last = entry.seq;
  }
  return first === undefined || last === undefined
    ? undefined
    : { first, last, above: top, below: entries.length - 1 - bottom };
}

/** Unread messages below the screen, while it is scrolled: none that was on it when it stood at the end. */
export function newBelow({ state, tab, entries }: Layout, { bottom }: PaneRows): number {
  if (tab.far !== undefined || tab.unread === 0) return tab.unread;
  for (let i = bottom; i >= 0; i -= 1) {
    const entry = entries[i];
    if (entry?.kind === 'message') return Math.min(tab.unread, countAfter(state, tab, entries, entry.seq));
  }
  return tab.unread;
}
