/** The whole screen, from the state alone: what the terminal draws is exactly this. */

import { activeTab, tabName } from '../core/lookup.ts';
import type { State } from '../core/state.ts';
import { titleCount } from '../core/telling.ts';
import { bareView } from './bare-view.ts';
import type { Frame, Row } from './cells.ts';
import { type Geometry, geometryOf } from './geometry.ts';
import { headRow } from './head.ts';
import { type Layout, layoutFor } from './log-rows.ts';
import { overlayRows } from './overlay.ts';
import type { OverRows } from './palette.ts';
import { aboveRows, inputRows, type Look, messageRows } from './pane.ts';
import { paneLayout } from './pane-layout.ts';
import { clip, run } from './runs.ts';
import { ASCII_SIGNS, type Signs, UNICODE_SIGNS } from './signs.ts';
import { splitRows } from './split-view.ts';
import { statusBar } from './status-bar.ts';
import { tabBar } from './tab-bar.ts';
import { withThemeList } from './theme-list.ts';
import { typingRule, typingWords } from './typing-words.ts';
import { userList } from './user-list.ts';

export type { Look } from './pane.ts';

/** Head and messages, and beside them the list. */
function middle(layout: Layout, look: Look): OverRows {
  const { state, tab, geometry, signs } = layout;
  const { columns, listWidth, listHeight } = geometry;
  const head = geometry.topic ? [headRow(layout)] : [];
  const height = head.length + geometry.paneHeight + geometry.cardHeight;
  const over = overlayRows(state, look.now, columns, height, signs);
  if (over !== undefined) return over;
  const rows = [...head, ...messageRows(layout, look)];
  if (listWidth === 0) return { rows };
  const list = userList(state, tab, look.now, listWidth, listHeight, signs);
  // In private the head reaches over the list.
  const above = height - listHeight;
  return { rows: rows.map((row, y) => (y < above ? row : [...row, ...(list[y - above] ?? [])])) };
}

function ruleRow({ columns, listWidth, paneWidth }: Geometry, signs: Signs, hasList: boolean, words: string): Row {
  const line = signs.horizontal;
  if (listWidth === 0 || !hasList) return typingRule(words, columns, signs);
  return [...typingRule(words, paneWidth, signs), run(signs.foot + line.repeat(listWidth - 1), 'border')];
}

function title(state: State): string {
  const { count, calls } = titleCount(state);
  const news = count > 0 ? `(${count}${calls ? '*' : ''}) ` : '';
  return `${news}${tabName(activeTab(state))} - uchat`;
}

interface Body {
  readonly rows: readonly Row[];
  /** On the screen. */
  readonly cursor: { readonly x: number; readonly y: number };
}

/** Everything but the status bar, where one pane has all of it. */
function body(state: State, look: Look, signs: Signs): Body {
  const tab = activeTab(state);
  const geometry = geometryOf(state, tab);
  const layout = layoutFor(state, tab, geometry, signs);
  const input = inputRows(layout);
  const rows: Row[] = geometry.tabs ? [tabBar(state, geometry.columns, signs)] : [];
  const inMiddle = middle(layout, look);
  const over = inMiddle.cursor && { x: inMiddle.cursor.x, y: rows.length + inMiddle.cursor.y };
  rows.push(...inMiddle.rows);
  if (geometry.rule) rows.push(ruleRow(geometry, signs, state.overlay === undefined, typingWords(state, tab)));
  rows.push(...aboveRows(layout));
  const cursor = over ?? { x: input.cursor.x, y: rows.length + input.cursor.y };
  return { rows: [...rows, ...input.rows], cursor };
}

export function view(state: State, look: Look): Frame {
  const { columns, rows: height, status } = geometryOf(state);
  const signs = look.ascii === true ? ASCII_SIGNS : UNICODE_SIGNS;
  if (state.bare !== undefined) return { ...bareView(state, state.bare, signs), title: title(state) };
  const panes = paneLayout(state);
  const { rows, cursor } = panes === undefined ? body(state, look, signs) : splitRows(state, panes, look, signs);
  const all = status ? [...rows, statusBar(state, look.now, look.mono, columns, signs)] : rows;
  const frame: Frame = {
    columns,
    rows: all.slice(0, height).map((row) => clip(row, columns)),
    cursor: { x: Math.min(columns - 1, cursor.x), y: Math.min(height - 1, cursor.y) },
    title: title(state),
  };
  return withThemeList(state, frame, signs);
}
