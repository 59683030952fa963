/** One pane: its head, its messages, and where it has the keyboard, its input line. */
import type { UnixMs } from '../../base/ids.ts';
import { thousands } from '../../base/text/number.ts';
import { truncate } from '../../base/text/wrap.ts';
import { activeTab, logOf } from '../core/lookup.ts';
import type { Row } from './cells.ts';
import { dayReadAt } from './day-words.ts';
import { firstStartText, isFirstStart } from './first-start.ts';
import { PROMPT, shownInput } from './geometry.ts';
import { inputBox } from './input-box.ts';
import { blockAt, type Layout, restated } from './log-rows.ts';
import { wrapped } from './message-lines.ts';
import { cardLines } from './request-card.ts';
import { fit, rowWidth, run, spaces, spread } from './runs.ts';
import { newBelow, paneRows } from './scroll.ts';
import { writingRow } from './writing-row.ts';

/** Rows of the newest messages that stay below what is said at the first start. */
const NEWEST = 5;

export interface Look {
  /** Wall clock, for the clock and the ages in the list. */
  readonly now: UnixMs;
  /** Monotonic milliseconds, as in the state's connection. */
  readonly mono: number;
  /** Only signs of ASCII: on the Linux console, and without UTF-8. */
  readonly ascii?: boolean;
}

/** The rows of messages, and what is waited for, from the top, exactly as many as the pane has. */
export function messageRows(layout: Layout, look: Look): Row[] {
  const { state, tab, geometry, signs } = layout;
  const { paneHeight: height, paneWidth: width } = geometry;
  const shown = paneRows(layout);
  let rows: Row[] = [...shown.rows];
  const highest = blockAt(layout, shown.top);
  const [top] = rows;
  if (top !== undefined && highest !== undefined && shown.cut >= highest.rules)
    rows[0] = restated(layout, highest, top);
  if (isFirstStart(state, tab)) {
    const lines = welcome(layout, height, rows.length);
    rows = [...lines, ...rows.slice(Math.max(0, rows.length - (height - lines.length)))];
  } else if ((logOf(tab).older === 'loading' || tab.seeking !== undefined) && shown.top === 0 && rows.length < height) {
    rows.unshift([spaces(1), run(`${signs.pending} older messages are coming`, 'dim')]);
  }
  const card = cardLines(state, tab, width, geometry.cardHeight, look.mono, tab === activeTab(state));
  if (tab.scroll.kind === 'at' && height >= 2) {
    while (rows.length < height) rows.push([]);
    const count = newBelow(layout, shown);
    const words = count > 0 ? `${signs.down} ${thousands(count)} new below` : `${signs.down} more below`;
    const right = [run(words, 'unread', { bold: true }), spaces(1)];
    const day = run(` ${dayReadAt(layout.entries[shown.top]?.time, look.now)}`, 'day');
    rows[height - 1] = spread(day.width + rowWidth(right) < width ? [day] : [], right, width);
  }
  rows.splice(Math.min(rows.length, height), rows.length, ...card);
  const all = height + geometry.cardHeight;
  while (rows.length < all) rows.push([]);
  return rows.slice(0, all).map((row) => fit(row, width));
}

/** @param taken rows that have something in them: the oldest of them give way, as long as enough are left. */
function welcome({ state, geometry }: Layout, height: number, taken: number): Row[] {
  const room = Math.max(height - taken, height - NEWEST);
  const lines = firstStartText(state)
    .flatMap((line) => wrapped(line, Math.max(2, geometry.paneWidth - 4)))
    .map((line): Row => [spaces(3), run(line, 'notice')]);
  const airy = [[], ...lines, []];
  if (airy.length <= room) return airy;
  return lines.length <= room ? lines : lines.slice(0, Math.max(0, height - taken));
}

export function aboveRows({ state, geometry, signs }: Layout): Row[] {
  const width = geometry.prompt + geometry.inputWidth;
  const rows = geometry.above.map(({ text, after, role }): Row => {
    const words = after === undefined ? text : `${text}${signs.ellipsis}${after}`;
    return [spaces(1), run(truncate(words, width - 1, signs.ellipsis), role)];
  });
  return geometry.writing ? [...rows, writingRow(state, width, signs)] : rows;
}

export interface InputRows {
  readonly rows: readonly Row[];
  /** Cells from the left of its row, rows from the first. */
  readonly cursor: { readonly x: number; readonly y: number };
}

export function inputRows({ state, tab, geometry, signs }: Layout): InputRows {
  const { prompt } = geometry;
  const hits = tab.mode?.kind === 'search' ? tab.mode.hits : [];
  const box = inputBox(shownInput(state, tab, signs.mask), geometry.inputWidth, geometry.inputRows, hits);
  const rows = box.rows.map((line, index): Row => {
    const lead =
      prompt === 0 ? [] : [index === 0 ? run(PROMPT.padStart(prompt), 'prompt', { bold: true }) : spaces(prompt)];
    return [...lead, ...line];
  });
  return { rows, cursor: { x: prompt + box.cursor.x, y: box.cursor.y } };
}
