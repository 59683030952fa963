/** How the screen is divided, by its size alone and by what must be shown: everything else asks here. */
import type { InputLine } from '../core/input-line.ts';
import { activeTab } from '../core/lookup.ts';
import type { Rect } from '../core/panes/arrange.ts';
import { paneOf } from '../core/panes/panes.ts';
import type { State, Tab } from '../core/state.ts';
import { type Above, aboveInput } from './input-above.ts';
import { inputHeight } from './input-box.ts';
import { listWidthFor, type PaneLayout, paneLayout } from './pane-layout.ts';
import { cardAnswers, cardLines } from './request-card.ts';
import { shownEntries } from './shown.ts';
import { hasWritingRow } from './writing-row.ts';

/** Columns of a screen from which the pane beside a list has times, however narrow it is. */
const TIMES_BESIDE_LIST_FROM = 60;
/** Columns of a pane below which, one after the other, the times and the column of names give their room to the text. */
const TIMES_FROM = 46;
const NAMES_FROM = 34;
/** Cells of a pane from which a time stands clear of the names. */
const AIRY_FROM = 60;
/** Cells of `09:12`. */
const CLOCK = 5;
/** Rows from which, one after the other, the parts around the messages are shown. */
const STATUS_FROM = 3;
const WRITING_FROM = 4;
const TABS_FROM = 5;
const RULE_FROM = 7;
const TOPIC_FROM = 9;
/** In private the head comes first: it says who can read what is written here. */
const PRIVATE_FROM = { head: 3, status: 4, tabs: 6, rule: 8 } as const;
/** The input line grows to this many rows, and at most to a third of the screen. */
const MAX_INPUT_ROWS = 8;
/** A hint or an error above the input has at most this many rows: several screens of errors are nobody's hint. */
const MAX_HINT_ROWS = 3;
/** The same in a pane beside others, which is narrower. */
const MAX_HINT_ROWS_IN_PANE = 6;
/** Entries from the log's end whose names count for the width of their column, besides those of the people here. */
const NAMES_FROM_LOG = 100;

export const PROMPT = '> ';

export interface Geometry {
  readonly columns: number;
  readonly rows: number;
  readonly tabs: boolean;
  readonly topic: boolean;
  readonly rule: boolean;
  readonly status: boolean;
  /** The pane's first cell, its head's. */
  readonly left: number;
  readonly top: number;
  /** Rows of messages, at least 0. */
  readonly paneHeight: number;
  readonly paneWidth: number;
  /** Cells of the head: beside the list, and in private above it. */
  readonly headWidth: number;
  /** Cells of the list with its border, or 0. */
  readonly listWidth: number;
  /** Rows of the list, and above it. */
  readonly listHeight: number;
  readonly listTop: number;
  /** Rows at the pane's lower end that say what a private chat waits for. */
  readonly cardHeight: number;
  /** Cells of the time with the blanks behind it, or 0. */
  readonly timeWidth: number;
  /** Cells of the column of names; 0: names stand before the text. */
  readonly names: number;
  /** Cells before the text of a message, and of the text. */
  readonly indent: number;
  readonly textWidth: number;
  /** Rows above the input: the hint, or the candidates of a completion. */
  readonly above: readonly Above[];
  /** Below these, a row that says what the keys or the line are for now. */
  readonly writing: boolean;
  /** None in a pane beside others that hasn't the keyboard. */
  readonly inputRows: number;
  /** Cells of the prompt before it, and of the input. */
  readonly prompt: number;
  readonly inputWidth: number;
}

/** Cells of the prompt: narrow windows have none. */
const promptWidth = (columns: number): number => (columns >= 10 ? PROMPT.length : 0);

function nameColumn(state: State, tab: Tab, paneWidth: number): number {
  if (paneWidth < NAMES_FROM) return 0;
  const most = Math.max(6, Math.min(16, Math.floor(paneWidth / 6)));
  let longest = 5;
  const names = tab.kind === 'room' ? (tab.members ?? state.people.keys()) : [tab.person, state.self?.name ?? ''];
  for (const name of names) {
    if (name.length > longest) longest = name.length;
    if (longest >= most) return most;
  }
  const entries = shownEntries(state, tab);
  for (let i = Math.max(0, entries.length - NAMES_FROM_LOG); i < entries.length && longest < most; i += 1) {
    const entry = entries[i];
    if (entry?.kind === 'message' && entry.from.length > longest) longest = entry.from.length;
  }
  return Math.min(longest, most);
}

/** Signs of a password at most: its true length is nobody's business. */
const MAX_MASK = 40;

/** What stands in the input line: the draft, or a sign for each character of what isn't shown. */
export function shownInput({ prompt }: State, { draft, mode }: Tab, mask = '*'): InputLine {
  if (prompt === undefined) return mode === undefined ? draft : mode.kind === 'ask' ? mode.line : mode.shown;
  const text = mask.repeat(Math.min(prompt.length, MAX_MASK));
  return { text, cursor: text.length };
}

/** Of the pane that shows the tab; of one that no pane shows, as if the focused one did. */
export function geometryOf(state: State, tab: Tab = activeTab(state)): Geometry {
  const layout = paneLayout(state);
  const id = layout === undefined ? undefined : (paneOf(state, tab) ?? state.panes.focused);
  const rect = id === undefined ? undefined : layout?.panes.get(id);
  if (layout === undefined || rect === undefined) return whole(state, tab);
  return inPane(state, tab, layout, rect, id === state.panes.focused);
}

/** The columns of a pane's text. @param inset cells that keep it clear of a border, where names stand before it. */
function textColumns(state: State, tab: Tab, paneWidth: number, times: boolean, inset = 0) {
  const names = nameColumn(state, tab, paneWidth);
  const timeWidth = times ? CLOCK + (paneWidth >= AIRY_FROM ? 2 : 1) : 0;
  const indent = names === 0 ? inset : 1 + timeWidth + names + 2;
  return { timeWidth, names, indent, textWidth: Math.max(1, paneWidth - indent - (names === 0 ? inset : 1)) };
}

/** One of several panes. Its head comes first, then the messages; where it has the keyboard, the input is its last row. */
function inPane(state: State, tab: Tab, layout: PaneLayout, rect: Rect, focused: boolean): Geometry {
  const { width, height } = rect;
  const { columns, rows } = state.size;
  // Clear of the border, as the messages are.
  const prompt = promptWidth(width) + 1;
  const inputWidth = width - prompt;
  const wanted = inputHeight(shownInput(state, tab), inputWidth, MAX_INPUT_ROWS);
  const inputRows = focused ? Math.min(wanted, MAX_INPUT_ROWS, Math.max(1, Math.floor(height / 3))) : 0;
  const writing = focused && hasWritingRow(state) && height >= 3 + inputRows;
  // One row of messages stays.
  const room = height - 2 - inputRows - (writing ? 1 : 0);
  const words = focused ? aboveInput(state, width, Math.min(MAX_HINT_ROWS_IN_PANE, room)).slice(0, room) : [];
  const middle = height - 1 - inputRows - words.length - (writing ? 1 : 0);
  const cardHeight = Math.min(middle, cardLines(state, tab, width, middle, 0, focused).length);
  return {
    columns,
    rows,
    tabs: true,
    topic: true,
    rule: false,
    status: true,
    left: rect.x,
    top: rect.y,
    paneHeight: middle - cardHeight,
    paneWidth: width,
    headWidth: width,
    listWidth: layout.listWidth,
    listHeight: layout.area.height,
    listTop: layout.area.y,
    cardHeight,
    ...textColumns(state, tab, width, width >= TIMES_FROM, 1),
    above: words,
    writing,
    inputRows,
    prompt,
    inputWidth,
  };
}

/** The pane that has the whole screen. */
function whole(state: State, tab: Tab): Geometry {
  const columns = Math.max(1, Math.floor(state.size.columns));
  const rows = Math.max(1, Math.floor(state.size.rows));
  const prompt = promptWidth(columns);
  const inputWidth = columns - prompt;
  const wanted = inputHeight(shownInput(state, tab), inputWidth, MAX_INPUT_ROWS);
  const inputRows = Math.min(wanted, MAX_INPUT_ROWS, Math.max(1, Math.floor(rows / 3)));
  const isPrivate = tab.kind !== 'room';
  const status = rows >= (isPrivate ? PRIVATE_FROM.status : STATUS_FROM);
  const tabs = rows >= (isPrivate ? PRIVATE_FROM.tabs : TABS_FROM);
  const rule = rows >= (isPrivate ? PRIVATE_FROM.rule : RULE_FROM);
  const topic = rows >= (isPrivate ? PRIVATE_FROM.head : TOPIC_FROM);
  const writing = rows >= WRITING_FROM && hasWritingRow(state);
  const taken = [status, tabs, rule, topic, writing].filter(Boolean).length + inputRows;
  const words = aboveInput(state, columns, MAX_HINT_ROWS).slice(0, Math.max(0, rows - taken));
  const list = state.showList ? listWidthFor(columns) : 0;
  const paneWidth = columns - list;
  const times = paneWidth >= TIMES_FROM || (list > 0 && columns >= TIMES_BESIDE_LIST_FROM);
  const middle = Math.max(0, rows - taken - words.length);
  const cardHeight = Math.min(middle, cardLines(state, tab, paneWidth, middle).length);
  return {
    columns,
    rows,
    tabs,
    topic,
    rule,
    status,
    left: 0,
    top: tabs ? 1 : 0,
    paneHeight: middle - cardHeight,
    paneWidth,
    headWidth: isPrivate ? columns : paneWidth,
    listWidth: list,
    listHeight: middle + (topic && !isPrivate ? 1 : 0),
    listTop: (tabs ? 1 : 0) + (topic && isPrivate ? 1 : 0),
    cardHeight,
    ...textColumns(state, tab, paneWidth, times),
    above: words,
    writing,
    inputRows,
    prompt,
    inputWidth,
  };
}

/** Whether the keys that answer a request in the active tab are on the screen, with what they would give away. */
export function answersShown(state: State): boolean {
  const tab = activeTab(state);
  const { paneWidth, cardHeight } = geometryOf(state, tab);
  return cardAnswers(state, tab, paneWidth, cardHeight);
}
