/** How the screen is divided, by its size alone and by what must be shown: everything else asks here. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import { wrap } from '../../base/text/wrap.ts';
import type { InputLine } from '../core/input-line.ts';
import { activeTab } from '../core/lookup.ts';
import type { State, Tab } from '../core/state.ts';
import { inputBox } from './input-box.ts';
import { cardAnswers, cardLines } from './request-card.ts';
import { shownEntries } from './shown.ts';

/** Columns below which, one after the other, the list, the times and the column of names give their room to the text. */
const LIST_FROM = 60;
const TIMES_FROM = 46;
const NAMES_FROM = 34;
/** Cells of a pane from which a time stands clear of the names. */
const AIRY_FROM = 60;
/** Cells of `09:12`. */
const CLOCK = 5;
/** Rows from which, one after the other, the parts around the messages are shown. */
const STATUS_FROM = 3;
const TABS_FROM = 5;
const RULE_FROM = 7;
const TOPIC_FROM = 9;
/** In private the head comes first: it says who can read what is written here. */
const PRIVATE_FROM = { head: 3, status: 4, tabs: 6, rule: 8 } as const;
/** The input line grows to this many rows, and at most to a third of the screen. */
const MAX_INPUT_ROWS = 8;
/** A hint or an error above the input has at most this many rows: several screens of errors are nobody's hint. */
const MAX_HINT_ROWS = 3;
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
  readonly above: readonly string[];
  readonly inputRows: number;
  readonly inputWidth: number;
}

/** Cells of the prompt: narrow windows have none. */
export const promptWidth = (columns: number): number => (columns >= 10 ? PROMPT.length : 0);

function listWidth(columns: number): number {
  if (columns < LIST_FROM) return 0;
  if (columns < 72) return 16;
  if (columns < 100) return 18;
  return columns < 140 ? 22 : 28;
}

function nameColumn(state: State, tab: Tab, paneWidth: number): number {
  if (paneWidth < NAMES_FROM) return 0;
  const most = Math.max(6, Math.min(16, Math.floor(paneWidth / 6)));
  let longest = 5;
  const names = tab.kind === 'room' ? (tab.members ?? state.people.keys()) : [tab.person, state.self?.name ?? ''];
  for (const name of names) if (name.length > longest) longest = name.length;
  const entries = shownEntries(state, tab);
  for (let i = Math.max(0, entries.length - NAMES_FROM_LOG); i < entries.length && longest < most; i += 1) {
    const entry = entries[i];
    if (entry?.kind === 'message' && entry.from.length > longest) longest = entry.from.length;
  }
  return Math.min(longest, most);
}

function above(state: State, columns: number): string[] {
  if (state.prompt !== undefined) return wrap(state.prompt.text, Math.max(2, columns - 2)).slice(0, MAX_HINT_ROWS);
  if (state.hint !== undefined) {
    const lines = sanitizeLine(state.hint.text);
    return wrap(lines, Math.max(2, columns - 2)).slice(0, MAX_HINT_ROWS);
  }
  if (state.completions.length > 0) return [oneLine(state.completions, columns - 2)];
  return [];
}

/** As many candidates as fit, and how many don't. */
function oneLine(candidates: readonly string[], width: number): string {
  let line = '';
  for (const [index, candidate] of candidates.entries()) {
    const added = `${line === '' ? '' : '  '}${sanitizeLine(candidate)}`;
    const left = candidates.length - index - 1;
    const rest = left > 0 ? `  +${left} more` : '';
    if (textWidth(line + added + rest) > width) return `${line}  +${left + 1} more`;
    line += added;
  }
  return line;
}

/** Signs of a password at most: its true length is nobody's business. */
const MAX_MASK = 40;

/** What stands in the input line: the draft, or a sign for each character of what isn't shown. */
export function shownInput({ prompt }: State, { draft }: Tab, mask = '*'): InputLine {
  if (prompt === undefined) return draft;
  const text = mask.repeat(Math.min(prompt.length, MAX_MASK));
  return { text, cursor: text.length };
}

export function geometryOf(state: State, tab: Tab = activeTab(state)): Geometry {
  const columns = Math.max(1, Math.floor(state.size.columns));
  const rows = Math.max(1, Math.floor(state.size.rows));
  const inputWidth = columns - promptWidth(columns);
  const wanted = inputBox(shownInput(state, tab), inputWidth).rows.length;
  const inputRows = Math.min(wanted, MAX_INPUT_ROWS, Math.max(1, Math.floor(rows / 3)));
  const isPrivate = tab.kind !== 'room';
  const status = rows >= (isPrivate ? PRIVATE_FROM.status : STATUS_FROM);
  const tabs = rows >= (isPrivate ? PRIVATE_FROM.tabs : TABS_FROM);
  const rule = rows >= (isPrivate ? PRIVATE_FROM.rule : RULE_FROM);
  const topic = rows >= (isPrivate ? PRIVATE_FROM.head : TOPIC_FROM);
  const taken = [status, tabs, rule, topic].filter(Boolean).length + inputRows;
  const words = above(state, columns).slice(0, Math.max(0, rows - taken));
  const list = state.showList ? listWidth(columns) : 0;
  const paneWidth = columns - list;
  const times = paneWidth >= TIMES_FROM || (list > 0 && columns >= LIST_FROM);
  const names = nameColumn(state, tab, paneWidth);
  const timeWidth = times ? CLOCK + (paneWidth >= AIRY_FROM ? 2 : 1) : 0;
  const indent = names === 0 ? 0 : 1 + timeWidth + names + 2;
  const middle = Math.max(0, rows - taken - words.length);
  const cardHeight = Math.min(middle, cardLines(tab, paneWidth, middle).length);
  return {
    columns,
    rows,
    tabs,
    topic,
    rule,
    status,
    paneHeight: middle - cardHeight,
    paneWidth,
    headWidth: isPrivate ? columns : paneWidth,
    listWidth: list,
    listHeight: middle + (topic && !isPrivate ? 1 : 0),
    listTop: (tabs ? 1 : 0) + (topic && isPrivate ? 1 : 0),
    cardHeight,
    timeWidth,
    names,
    indent,
    textWidth: Math.max(1, paneWidth - indent - (names === 0 ? 0 : 1)),
    above: words,
    inputRows,
    inputWidth,
  };
}

/** Whether the keys that answer a request in the active tab are on the screen, with what they would give away. */
export function answersShown(state: State): boolean {
  const tab = activeTab(state);
  const { paneWidth, cardHeight } = geometryOf(state, tab);
  return cardAnswers(tab, paneWidth, cardHeight);
}
