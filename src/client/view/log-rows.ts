/**
 * The log as rows, one block at a time: a block is a message, a notice, or a fold of events, with the rules that stand
 * above it. Nothing here looks further than the neighbours of a block, so that a screen costs the same in any log.
 */
import type { Seq, UnixMs } from '../../base/ids.ts';
import { thousands } from '../../base/text/number.ts';
import { clockTime, dayOf } from '../../base/text/time.ts';
import { textWidth } from '../../base/text/width.ts';
import { padEnd, truncate } from '../../base/text/wrap.ts';
import { NO_LONGER_KEPT } from '../core/gone.ts';
import { logOf } from '../core/lookup.ts';
import type { LogEntry, MessageEntry, MessageLog } from '../core/message-log.ts';
import { hitIn } from '../core/search-hit.ts';
import type { Pending, State, Tab } from '../core/state.ts';
import type { Role, Row, Run } from './cells.ts';
import { dayAfter } from './day-words.ts';
import { type EventEntry, foldAround, foldedText } from './events.ts';
import type { Geometry } from './geometry.ts';
import { entryLines, isWideTable, wrapped } from './message-lines.ts';
import { nickRole } from './nick-color.ts';
import { quoteRow } from './quote.ts';
import { withReactions } from './reaction-row.ts';
import { fit, rowWidth, rule, run, spaces } from './runs.ts';
import { countAfter, firstUnread, shownEntries } from './shown.ts';
import type { Signs } from './signs.ts';

/** Lines of one person are a run, named once, while no more than this lies between two of them (ms). */
const RUN_GAP = 5 * 60_000;
/** Cells that the text of an unsent message keeps beside its label. */
const LABEL_BESIDE_FROM = 12;

export interface Layout {
  readonly state: State;
  readonly tab: Tab;
  readonly geometry: Geometry;
  readonly signs: Signs;
  /** What of the log is shown. */
  readonly entries: readonly LogEntry[];
  /** The message under the unread line. */
  readonly unread: Seq | undefined;
}

export function layoutFor(state: State, tab: Tab, geometry: Geometry, signs: Signs): Layout {
  const entries = shownEntries(state, tab);
  return { state, tab, geometry, signs, entries, unread: firstUnread(state, tab, entries) };
}

export interface Block {
  /** Indexes into the log's entries. */
  readonly first: number;
  readonly last: number;
  readonly rows: readonly Row[];
  /** Of the rows, from the top, those that are rules. */
  readonly rules: number;
}

interface Prefix {
  readonly time: UnixMs | undefined;
  readonly name: string;
  readonly role: Role;
}

/** The cells before the text of a block's first line; further lines have blanks. */
function prefixRow({ geometry, signs }: Layout, { time, name, role }: Prefix): Row {
  if (geometry.names === 0) return geometry.indent > 0 ? [spaces(geometry.indent)] : [];
  const { timeWidth } = geometry;
  const clock = timeWidth > 0 ? [run(padEnd(time === undefined ? '' : clockTime(time), timeWidth), 'time')] : [];
  const shown = truncate(name, geometry.names, signs.ellipsis);
  return [
    spaces(1),
    ...clock,
    // Underlined is the name, not the blanks before it.
    spaces(geometry.names - textWidth(shown)),
    run(shown, role, name !== '' && role !== 'notice' ? { bold: true } : {}),
    spaces(2),
  ];
}

function withPrefix(layout: Layout, prefix: Prefix, lines: readonly Row[]): Row[] {
  const { indent } = layout.geometry;
  return lines.map((line, index) =>
    index === 0 ? [...prefixRow(layout, prefix), ...line] : [spaces(indent), ...line],
  );
}

/** What the block before an index leaves behind: its time on the screen, and whose line it is. */
interface Before {
  readonly time: UnixMs | undefined;
  readonly from: string | undefined;
}

function beforeIndex(entries: readonly LogEntry[], index: number): Before {
  const entry = entries[index - 1];
  if (entry === undefined) return { time: undefined, from: undefined };
  if (entry.kind === 'message') return { time: entry.time, from: entry.from };
  if (entry.kind !== 'event') return { time: entry.time, from: undefined };
  return { time: entries[foldAround(entries, index - 1).first]?.time, from: undefined };
}

const sameMinute = (a: UnixMs | undefined, b: UnixMs): boolean =>
  a !== undefined && Math.floor(a / 60_000) === Math.floor(b / 60_000);

function isRun(before: Before, from: string, time: UnixMs): boolean {
  return before.from === from && before.time !== undefined && time - before.time <= RUN_GAP;
}

/** What it begins with isn't the first that was said in the room, and is the first that is still there. */
const beginsLate = ({ older, first }: MessageLog): boolean => older === 'none' && first > 1;

/** The rules above an entry: that what stood before is gone, a new day, what is unread. */
function rulesAbove(layout: Layout, entry: LogEntry, before: Before): Row[] {
  const { state, tab, geometry, signs, entries, unread } = layout;
  const rows: Row[] = [];
  if (entry === entries[0] && tab.kind === 'room' && !tab.sparse && beginsLate(logOf(tab)))
    rows.push(rule(NO_LONGER_KEPT, geometry.paneWidth, signs.horizontal, 'day'));
  if (before.time === undefined || dayOf(before.time) !== dayOf(entry.time)) {
    rows.push(rule(dayAfter(before.time, entry.time), geometry.paneWidth, signs.horizontal, 'day'));
  }
  if (entry.kind === 'message' && entry.seq === unread) {
    const count = countAfter(state, tab, entries, (tab.unreadFrom ?? entry.seq) - 1);
    // What we wrote in another terminal is no news.
    if (count > 0) rows.push(rule(`${thousands(count)} new`, geometry.paneWidth, signs.horizontal, 'unread'));
  }
  return rows;
}

export const nameRole = (state: State, name: string): Role => (name === state.self?.name ? 'self' : nickRole(name));

/** What a message answers, its text, and what it was answered with in signs. */
function messageLines({ state, tab, geometry, signs }: Layout, entry: MessageEntry): readonly Row[] {
  const width = geometry.textWidth;
  const search = hitIn(state, tab) === undefined ? undefined : state.search;
  const lines = entryLines(entry, {
    width,
    own: state.self?.name,
    words: state.telling.words,
    inline: geometry.names === 0,
    search,
  });
  const rows = withReactions(state, entry, lines, width, signs);
  if (entry.re === undefined || entry.deleted === true) return rows;
  return [quoteRow(state, tab, entry.re, width, signs), ...rows];
}

const isPicked = ({ tab: { pick } }: Layout, entry: LogEntry): boolean =>
  pick !== undefined && entry.kind === 'message' && entry.seq === pick.seq;

/** The keys stand on it: a sign at the left, where there is a blank for it, and a bar over all of it. */
function pickedRow(layout: Layout, row: Row): Row {
  const marked = pointedRow(layout, row);
  return fit(marked, layout.geometry.paneWidth).map((piece): Run => ({ ...piece, role: 'selection' }));
}

function pointedRow({ geometry, signs }: Layout, row: Row): Row {
  const [first, ...rest] = row;
  const blank = geometry.names > 0 && first?.text.startsWith(' ') === true;
  return blank ? [run(signs.selected, 'selection'), spaces(first.width - 1), ...rest] : row;
}

/** A message that the keys stand on, or that was searched for, where only the words are marked. */
function marked(layout: Layout, entry: MessageEntry, rows: readonly Row[]): readonly Row[] {
  if (isPicked(layout, entry)) return rows.map((row) => pickedRow(layout, row));
  if (hitIn(layout.state, layout.tab)?.seq !== entry.seq) return rows;
  return rows.map((row) => pointedRow(layout, row));
}

/** The block that the entry at `index` belongs to. */
export function blockAt(layout: Layout, index: number): Block | undefined {
  const { state, geometry, signs, entries } = layout;
  const at = entries[index];
  if (at === undefined) return undefined;
  const { first, last } = foldAround(entries, index);
  const entry = entries[first] ?? at;
  const before = beforeIndex(entries, first);
  const rules = rulesAbove(layout, entry, before);
  const time = sameMinute(before.time, entry.time) ? undefined : entry.time;
  switch (entry.kind) {
    case 'message': {
      const inRun = rules.length === 0 && isRun(before, entry.from, entry.time);
      const role = nameRole(state, entry.from);
      const prefix: Prefix = { time, name: inRun ? '' : entry.from, role };
      const said = withPrefix(layout, prefix, messageLines(layout, entry));
      return {
        first,
        last,
        rules: rules.length,
        rows: [...rules, ...marked(layout, entry, said)],
      };
    }
    case 'notice': {
      // A table, such as the answer of /help, needs the width more than the columns beside it.
      if (geometry.names > 0 && isWideTable(entry.text, geometry.textWidth)) {
        const lines = entryLines(entry, { width: geometry.paneWidth - 2 });
        return {
          first,
          last,
          rules: rules.length,
          rows: [...rules, ...lines.map((line): Row => [spaces(1), ...line])],
        };
      }
      const name = geometry.names === 0 ? '' : entry.bad ? signs.refused : signs.notice;
      const prefix: Prefix = { time, name, role: entry.bad ? 'error' : 'notice' };
      return {
        first,
        last,
        rules: rules.length,
        rows: [...rules, ...withPrefix(layout, prefix, entryLines(entry, { width: geometry.textWidth }))],
      };
    }
    case 'announcement': {
      const name = geometry.names === 0 ? '' : signs.announcement;
      const prefix: Prefix = { time, name, role: 'mention' };
      return {
        first,
        last,
        rules: rules.length,
        rows: [...rules, ...withPrefix(layout, prefix, entryLines(entry, { width: geometry.textWidth }))],
      };
    }
    case 'event': {
      const events = entries.slice(first, last + 1).filter((each): each is EventEntry => each.kind === 'event');
      const lines = wrapped(foldedText(events), geometry.textWidth).map((line): Row => [run(line, 'event')]);
      return {
        first,
        last,
        rules: rules.length,
        rows: [...rules, ...withPrefix(layout, { time, name: '', role: 'event' }, lines)],
      };
    }
  }
}

/** A row of a message with the time and the name before it, for the top of the pane: the row that says them is out of sight. */
export function restated(layout: Layout, { first }: Block, row: Row): Row {
  const { state, geometry, entries } = layout;
  const entry = entries[first];
  if (entry?.kind !== 'message' || geometry.names === 0) return row;
  let cells = 0;
  const text = row.filter(({ width }) => {
    cells += width;
    return cells > geometry.indent;
  });
  const prefix = { time: entry.time, name: entry.from, role: nameRole(state, entry.from) };
  const whole = [...prefixRow(layout, prefix), ...text];
  return isPicked(layout, entry) ? pickedRow(layout, whole) : whole;
}

/** The rows of what we wrote and nobody has acknowledged; they stand below the log's last entry. */
export function pendingRows(layout: Layout): Row[] {
  // They stand at the log's end, and a window never reaches it.
  if (layout.tab.far !== undefined) return [];
  const { state, tab, entries } = layout;
  const rows: Row[] = [];
  let before = beforeIndex(entries, entries.length);
  for (const pending of tab.pending) {
    rows.push(...onePending(layout, pending, before));
    before = { time: pending.time, from: state.self?.name };
  }
  return rows;
}

function onePending(layout: Layout, pending: Pending, before: Before): Row[] {
  const { state, tab, geometry, signs } = layout;
  const { kind } = pending.state;
  const label = run(
    `${kind === 'refused' ? signs.refused : signs.pending}${kind}`,
    kind === 'refused' ? 'error' : 'pending',
  );
  const name = state.self?.name ?? '';
  const prefix: Prefix = {
    time: sameMinute(before.time, pending.time) ? undefined : pending.time,
    name: isRun(before, name, pending.time) ? '' : name,
    role: 'self',
  };
  const beside = geometry.textWidth - label.width - 2;
  // Where the label would press the text together, it stands below it.
  const isBeside = beside >= LABEL_BESIDE_FROM;
  const width = isBeside ? beside : geometry.textWidth;
  const text = geometry.names === 0 ? `${name}: ${pending.text}` : pending.text;
  const lines = wrapped(text, width).map((line): Row => [run(line, 'pending')]);
  const quote = pending.re === undefined ? [] : [quoteRow(state, tab, pending.re, width, signs)];
  const bare = withPrefix(layout, prefix, [...quote, ...lines]);
  const marked = isBeside ? 0 : bare.push([]) - 1;
  const rows = bare.map((row, index) => {
    const gap = geometry.paneWidth - rowWidth(row) - label.width - 1;
    return index === marked ? [...row, spaces(gap), label, spaces(1)] : row;
  });
  if (pending.state.kind !== 'refused') return rows;
  const why = wrapped(`not sent: ${pending.state.text}`, geometry.textWidth).map((line) => [run(line, 'error')]);
  return [...rows, ...why.map((row) => [spaces(geometry.indent), ...row])];
}
