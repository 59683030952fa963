/** The whole screen, from the state alone: what the terminal draws is exactly this. */
import type { UnixMs } from '../../base/ids.ts';
import { truncate } from '../../base/text/wrap.ts';
import { activeTab, tabName } from '../core/lookup.ts';
import type { State } from '../core/state.ts';
import type { Frame, Row } from './cells.ts';
import { firstStartText, isFirstStart } from './first-start.ts';
import { type Geometry, geometryOf, PROMPT, promptWidth, shownInput } from './geometry.ts';
import { headRow } from './head.ts';
import { inputBox, windowOf } from './input-box.ts';
import { keysOverlay } from './keys-overlay.ts';
import { blockAt, type Layout, layoutFor, restated } from './log-rows.ts';
import { wrapped } from './message-lines.ts';
import { cardLines } from './request-card.ts';
import { clip, fit, run, spaces, spread } from './runs.ts';
import { newBelow, paneRows } from './scroll.ts';
import { ASCII_SIGNS, type Signs, UNICODE_SIGNS } from './signs.ts';
import { statusBar } from './status-bar.ts';
import { tabBar } from './tab-bar.ts';
import { userList } from './user-list.ts';
import { verifyOverlay } from './verify-overlay.ts';

export interface Look {
  /** Wall clock, for the clock and the ages in the list. */
  readonly now: UnixMs;
  /** Monotonic milliseconds, as in the state's connection. */
  readonly mono: number;
  /** Only signs of ASCII: on the Linux console, and without UTF-8. */
  readonly ascii?: boolean;
}

/** The rows of messages, and what is waited for, from the top, exactly as many as the pane has. */
function pane(layout: Layout, look: Look): Row[] {
  const { state, tab, geometry, signs } = layout;
  const { paneHeight: height, paneWidth: width } = geometry;
  const shown = paneRows(layout);
  const rows: Row[] = [...shown.rows];
  const highest = blockAt(layout, shown.top);
  const [top] = rows;
  if (top !== undefined && highest !== undefined && shown.cut >= highest.rules)
    rows[0] = restated(layout, highest, top);
  if (isFirstStart(state, tab)) rows.unshift(...welcome(layout, height - rows.length));
  else if (tab.log.older === 'loading' && shown.top === 0 && rows.length < height) {
    rows.unshift([spaces(1), run(`${signs.pending} older messages are coming`, 'dim')]);
  }
  const card = cardLines(tab, width, geometry.cardHeight, look.mono);
  if (tab.scroll.kind === 'at' && height >= 2) {
    while (rows.length < height) rows.push([]);
    const count = newBelow(layout, shown);
    const words = count > 0 ? `${signs.down} ${count} new below` : `${signs.down} more below`;
    rows[height - 1] = spread([], [run(words, 'unread', { bold: true }), spaces(1)], width);
  }
  rows.splice(Math.min(rows.length, height), rows.length, ...card);
  const all = height + geometry.cardHeight;
  while (rows.length < all) rows.push([]);
  return rows.slice(0, all).map((row) => fit(row, width));
}

function welcome({ state, geometry }: Layout, room: number): Row[] {
  const lines = firstStartText(state)
    .flatMap((line) => wrapped(line, Math.max(2, geometry.paneWidth - 4)))
    .map((line): Row => [spaces(3), run(line, 'notice')]);
  const airy = [[], ...lines, []];
  return airy.length <= room ? airy : lines.slice(0, Math.max(0, room));
}

/** Head and messages, and beside them the list. */
function middle(layout: Layout, look: Look): Row[] {
  const { state, tab, geometry, signs } = layout;
  const { columns, listWidth, listHeight } = geometry;
  const head = geometry.topic ? [headRow(layout)] : [];
  const height = head.length + geometry.paneHeight + geometry.cardHeight;
  const { overlay } = state;
  if (overlay?.kind === 'keys') return keysOverlay(columns, height);
  if (overlay?.kind === 'verify') return verifyOverlay(overlay, columns, height);
  const rows = [...head, ...pane(layout, look)];
  if (listWidth === 0) return rows;
  const list = userList(state, tab, look.now, listWidth, listHeight, signs);
  // In private the head reaches over the list.
  const above = height - listHeight;
  return rows.map((row, y) => (y < above ? row : [...row, ...(list[y - above] ?? [])]));
}

function ruleRow({ columns, listWidth, paneWidth }: Geometry, signs: Signs, hasList: boolean): Row {
  const line = signs.horizontal;
  if (listWidth === 0 || !hasList) return [run(line.repeat(columns), 'border')];
  return [run(line.repeat(paneWidth) + signs.foot + line.repeat(listWidth - 1), 'border')];
}

function aboveRows({ state, geometry, signs }: Layout): Row[] {
  const words = state.prompt ?? state.hint;
  const role = words === undefined ? 'dim' : words.bad ? 'error' : 'notice';
  return geometry.above.map((line) => [spaces(1), run(truncate(line, geometry.columns - 1, signs.ellipsis), role)]);
}

function title(state: State): string {
  const unread = state.tabs.reduce((sum, tab) => sum + tab.unread, 0);
  return `${tabName(activeTab(state))}${unread > 0 ? ` (${unread})` : ''} - uchat`;
}

export function view(state: State, look: Look): Frame {
  const tab = activeTab(state);
  const geometry = geometryOf(state, tab);
  const signs = look.ascii === true ? ASCII_SIGNS : UNICODE_SIGNS;
  const layout = layoutFor(state, tab, geometry, signs);
  const { columns, rows: height } = geometry;
  const box = windowOf(inputBox(shownInput(state, tab, signs.mask), geometry.inputWidth), geometry.inputRows);
  const prompt = promptWidth(columns);
  const rows: Row[] = [];
  if (geometry.tabs) rows.push(tabBar(state, columns, signs));
  rows.push(...middle(layout, look));
  if (geometry.rule) rows.push(ruleRow(geometry, signs, state.overlay === undefined));
  rows.push(...aboveRows(layout));
  const top = rows.length;
  for (const [index, line] of box.rows.entries()) {
    const lead = prompt === 0 ? [] : [index === 0 ? run(PROMPT, 'prompt', { bold: true }) : spaces(prompt)];
    rows.push([...lead, run(line, 'input')]);
  }
  if (geometry.status) rows.push(statusBar(state, look.now, look.mono, columns, signs));
  return {
    columns,
    rows: rows.slice(0, height).map((row) => clip(row, columns)),
    cursor: { x: Math.min(columns - 1, prompt + box.cursor.x), y: Math.min(height - 1, top + box.cursor.y) },
    title: title(state),
  };
}
