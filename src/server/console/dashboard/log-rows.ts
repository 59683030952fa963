/** The log's entries as rows, and how far a page goes. */
import { truncate, wrap } from '../../../base/text/wrap.ts';
import { INDENT, textOf } from './entry-text.ts';
import type { Entry, EventLog } from './event-log.ts';
import { type Row, run, type Style } from './frame.ts';
import type { Rect } from './layout.ts';

/** Rows of one entry: a message of 8 KiB must not fill the log. */
const MAX_ENTRY_ROWS = 4;
function styleOf({ event }: Entry): Style {
  switch (event.kind) {
    case 'store-failed':
    case 'fault':
      return 'bad';
    case 'warning':
    case 'refused':
      return 'warn';
    case 'online':
    case 'registered':
      return 'good';
    case 'typed':
      return 'strong';
    case 'answer':
      return event.text.startsWith('! ') ? 'warn' : 'plain';
    case 'started':
    case 'metrics':
    case 'stopping':
    case 'draining':
    case 'reloaded':
    case 'stopped':
    case 'offline':
    case 'away':
    case 'back':
    case 'joined':
    case 'left':
    case 'topic':
    case 'message':
    case 'edited':
    case 'deleted':
    case 'audit':
      return 'plain';
  }
}

function rowsOf(entry: Entry, width: number): Row[] {
  const style = styleOf(entry);
  const text = textOf(entry);
  const rest = Math.max(2, width - INDENT);
  const all = wrap(text.slice(INDENT), rest);
  const shown = all.slice(0, MAX_ENTRY_ROWS);
  const last = shown.length - 1;
  // What follows is one character at least, so the last row ends in a sign that it does.
  if (all.length > MAX_ENTRY_ROWS) shown[last] = truncate(`${shown[last] ?? ''}${' '.repeat(rest)}`, rest);
  return shown.map((row, i) => [run(i === 0 ? text.slice(0, INDENT) : ' '.repeat(INDENT)), run(row, style)]);
}

/** From the bottom up; where there are fewer than rows, they stand at the top. */
export function logRows(log: EventLog, { width, height }: Pick<Rect, 'width' | 'height'>): Row[] {
  const rows: Row[] = [];
  for (const entry of log.upwards()) {
    if (rows.length >= height) break;
    rows.unshift(...rowsOf(entry, width));
  }
  return rows.slice(-height);
}

/** Entries that a page up or down goes: those that fill the window, less one for the eye to hold on to. */
export function entriesOfPage(entries: Iterable<Entry>, { width, height }: Pick<Rect, 'width' | 'height'>): number {
  let rows = 0;
  let count = 0;
  for (const entry of entries) {
    rows += rowsOf(entry, width).length;
    if (rows > height) break;
    count += 1;
  }
  return Math.max(1, count - 1);
}
