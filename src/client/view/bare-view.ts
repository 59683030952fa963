/** The bare view: no list, no borders, no padding; a line that is longer than the screen goes on at its left edge. */
import { graphemes } from '../../base/text/graphemes.ts';
import { sanitizeLine, sanitizeText } from '../../base/text/sanitize.ts';
import { clockTime, dayOf, dayTitle } from '../../base/text/time.ts';
import { clusterWidth, textWidth } from '../../base/text/width.ts';
import { keyFor, tabName } from '../core/lookup.ts';
import type { LogEntry } from '../core/message-log.ts';
import type { Bare, State } from '../core/state.ts';
import type { Frame, Row, Run } from './cells.ts';
import { type EventEntry, foldAround, foldedText } from './events.ts';
import { entryLines } from './message-lines.ts';
import { clip, fit, rowWidth, run } from './runs.ts';
import type { Signs } from './signs.ts';

/** Cells that no line has: it is broken at the screen's edge and nowhere else. */
const ENDLESS = 1_000_000;

interface BareRow {
  readonly row: Row;
  /** The line that it is a row of, or stands above as a title. */
  readonly line: number;
  /** The next row goes on with the same line. */
  readonly goesOn: boolean;
  /** Of the entry that it belongs to; undefined for what is not in the log. */
  readonly key: number | undefined;
}

interface Cached {
  readonly width: number;
  readonly times: boolean;
  readonly own: string | undefined;
  readonly rows: readonly BareRow[];
}

/** It stands still, so it is laid out once. */
const cache = new WeakMap<Bare['entries'], Cached>();

/** Rows of text: all but the line that says how to leave. */
export const bareHeight = ({ size: { rows } }: Pick<State, 'size'>): number => Math.max(1, rows - 1);

/** All of its rows, oldest first. */
function bareRows(state: State, bare: Bare): readonly BareRow[] {
  const width = Math.max(2, state.size.columns);
  const { times } = bare;
  const own = state.self?.name;
  const cached = cache.get(bare.entries);
  if (cached?.width === width && cached.times === times && cached.own === own) return cached.rows;
  let line = 0;
  const rows = linesOf(bare, own).flatMap(({ row, key, isTitle }) => {
    const parts = broken(row, width).map((part, index, all): BareRow => {
      return { row: part, key, line, goesOn: index < all.length - 1 };
    });
    if (isTitle !== true) line += 1;
    return parts;
  });
  cache.set(bare.entries, { width, times, own, rows });
  return rows;
}

/** How many rows lie below the screen. */
function rowsBelow(rows: readonly BareRow[], { bottom }: Bare): number {
  if (bottom === undefined) return 0;
  const last = rows.findLastIndex(({ line }) => line === bottom.line);
  const first = rows.findIndex(({ line }) => line === bottom.line);
  return rows.length - 1 - Math.max(first, last - bottom.hidden);
}

/** With so many rows below it, at most so many that the screen is full. */
function withBelow(state: State, bare: Bare, below: number): Bare {
  const rows = bareRows(state, bare);
  const index = rows.length - 1 - Math.max(0, Math.min(rows.length - bareHeight(state), below));
  const line = rows[index]?.line;
  if (line === undefined || index >= rows.length - 1) return { ...bare, bottom: undefined };
  return { ...bare, bottom: { line, hidden: rows.findLastIndex((row) => row.line === line) - index } };
}

/** @param by towards what is older; negative: towards what is newer. */
export const scrolledBare = (state: State, bare: Bare, by: number): Bare =>
  withBelow(state, bare, rowsBelow(bareRows(state, bare), bare) + by);

/** The end of an entry is at the screen's lower edge. */
export function bareAt(state: State, bare: Bare, key: number): Bare {
  const rows = bareRows(state, bare);
  return withBelow(state, bare, rows.length - rows.findLastIndex((row) => row.key !== undefined && row.key <= key) - 1);
}

interface Line {
  readonly row: Row;
  readonly isTitle?: true;
  readonly key: number | undefined;
}

function linesOf({ entries, pending, times }: Bare, own: string | undefined): Line[] {
  const lines: Line[] = [];
  let day: string | undefined;
  for (let index = 0; index < entries.length; ) {
    const entry = entries[index];
    const { last } = foldAround(entries, index);
    if (entry === undefined) break;
    if (times && dayOf(entry.time) !== day)
      lines.push({ row: [run(dayTitle(entry.time), 'day')], key: entry.key, isTitle: true });
    day = dayOf(entry.time);
    const clock = times ? [run(`${clockTime(entry.time)} `, 'time')] : [];
    const key = entries[last]?.key;
    const rows = textOf(entry, entries.slice(index, last + 1), own);
    lines.push(...rows.map((row, i): Line => ({ row: i === 0 ? [...clock, ...row] : row, key })));
    index = last + 1;
  }
  for (const { text, state } of pending) {
    const rows = sanitizeText(`${own ?? ''} (${state.kind === 'refused' ? 'not sent' : 'unsent'}): ${text}`).split(
      '\n',
    );
    lines.push(...rows.map((row): Line => ({ row: [run(row, 'pending')], key: undefined })));
  }
  return lines;
}

/** @param all the entries that are one line together: comings and goings. */
function textOf(entry: LogEntry, all: readonly LogEntry[], own: string | undefined): readonly Row[] {
  if (entry.kind !== 'event') return entryLines(entry, { width: ENDLESS, own, inline: true });
  return [[run(foldedText(all.filter((each): each is EventEntry => each.kind === 'event')), 'event')]];
}

/** At the edge, between characters: so the terminal knows the rows as one line, and copies it as one. */
function broken(row: Row, width: number): Row[] {
  if (rowWidth(row) <= width) return [row];
  const rows: Row[] = [];
  let current: Run[] = [];
  let left = width;
  const next = (): void => {
    rows.push(current);
    current = [];
    left = width;
  };
  for (const piece of row) {
    let text = '';
    const flush = (): void => {
      if (text !== '') current.push({ ...piece, text, width: textWidth(text) });
      text = '';
    };
    for (const cluster of graphemes(piece.text)) {
      const cells = clusterWidth(cluster);
      if (cells > left) {
        flush();
        next();
      }
      text += cluster;
      left -= cells;
    }
    flush();
  }
  rows.push(current);
  return rows;
}

/** What leads back, and what has come meanwhile: the first that fits. */
function noteRow(state: State, bare: Bare, width: number, signs: Signs): Row {
  const here = bare.tab.unread;
  const elsewhere = state.tabs.reduce((sum, tab) => sum + (tab === bare.tab ? 0 : tab.unread), 0);
  const calls = state.tabs.some((tab) => tab.mentioned) ? '*' : '';
  const news = [
    ...(here > 0 ? [`${here} new here`] : []),
    ...(elsewhere > 0 ? [`${elsewhere} new elsewhere${calls}`] : []),
  ].join(', ');
  const count = here + elsewhere > 0 ? `${signs.down} ${news}` : '';
  const name = sanitizeLine(tabName(bare.tab));
  const leave = keyFor(state, 'cancel');
  const back = `${leave} or ${keyFor(state, 'bare-view')} goes back`;
  const pages = `${keyFor(state, 'page-up')} ${keyFor(state, 'page-down')}`;
  const words = [
    ` ${name}, bare, as it was: ${back}   ${pages}   t ${bare.times ? 'no times' : 'times'}   ${count}`,
    ` bare: ${back}   ${count}`,
    ` ${leave}: back ${count}`,
  ];
  const text = words.find((each) => textWidth(each.trimEnd()) <= width) ?? words.at(-1) ?? '';
  return fit([run(text.trimEnd(), 'status')], width, 'status');
}

export function bareView(state: State, bare: Bare, signs: Signs): Omit<Frame, 'title'> {
  const { columns, rows: height } = state.size;
  const room = bareHeight(state);
  const all = bareRows(state, bare);
  const up = Math.min(rowsBelow(all, bare), Math.max(0, all.length - room));
  const shown = all.slice(Math.max(0, all.length - up - room), all.length - up);
  const rows = shown.map(({ row }) => clip(row, columns));
  const joined = new Set(shown.flatMap(({ goesOn }, y) => (goesOn && y < shown.length - 1 ? [y] : [])));
  while (rows.length < room) rows.push([]);
  return {
    columns,
    rows: height > 1 ? [...rows, noteRow(state, bare, columns, signs)] : rows,
    joined,
    // Nothing can be written here.
    cursor: undefined,
  };
}
