/** State -> what the screen shows. */
import { shortDuration } from '../../../base/duration.ts';
import { sanitizeLine } from '../../../base/text/sanitize.ts';
import { textWidth } from '../../../base/text/width.ts';
import { padEnd, padStart, truncate } from '../../../base/text/wrap.ts';
import { MAX_BUFFERED_BYTES } from '../../outbox/limits.ts';
import { axisTop, shortBytes, shortCount, shortMs, uptime } from './figures.ts';
import { type Chart, type Frame, type Panel, type Row, run, type Style } from './frame.ts';
import { helpPanel } from './help.ts';
import { inputRow } from './input-row.ts';
import { insideOf, LEAST, layoutOf, type Rect, type Size } from './layout.ts';
import { logRows } from './log-rows.ts';
import type { PersonFigure, RoomFigure } from './snapshot.ts';
import type { State } from './state.ts';

/** Milliseconds by which the event loop may come late before people notice. */
const LATE_LOOP_MS = 100;
/** Milliseconds for a commit, likewise. */
const LATE_COMMIT_MS = 250;

export function frameOf(state: State): Frame {
  const { size } = state;
  const layout = layoutOf(size);
  if (layout === undefined) return tooSmall(size);
  const { chart, health, people, rooms, log } = layout;
  const panels: Panel[] = [];
  if (chart !== undefined) panels.push({ rect: chart, title: chartTitle(state), rows: [] });
  if (health !== undefined)
    panels.push({ rect: health, title: 'health', rows: healthRows(state, insideOf(health).width) });
  if (people !== undefined) panels.push(peoplePanel(state, people));
  if (rooms !== undefined) panels.push(roomsPanel(state, rooms));
  panels.push({ rect: log, title: logTitle(state), rows: logRows(state.log, insideOf(log)) });
  if (state.help) panels.push(helpPanel(size, state.line === undefined ? undefined : state.words));
  const { row, cursor } = bottom(state);
  return {
    size,
    bars: [
      { y: 0, row: title(state) },
      { y: size.rows - 1, row },
    ],
    panels,
    ...(chart === undefined || state.help ? {} : { chart: chartOf(state, insideOf(chart)) }),
    ...(cursor === undefined ? {} : { cursor: { x: cursor, y: size.rows - 1 } }),
  };
}

/** A row that is filled to the screen's end. */
const bar = (text: string, { columns }: Size): Row => [run(padEnd(truncate(text, columns), columns), 'bar')];

function tooSmall(size: Size): Frame {
  const text = `too small: ${LEAST.columns}x${LEAST.rows} at least`;
  const bars = Array.from({ length: size.rows }, (_, y) => ({ y, row: y === 0 ? bar(text, size) : [run('')] }));
  return { size, bars, panels: [] };
}

function title({ started, now, health, home, size }: State): Row {
  const { columns } = size;
  if (started === undefined) return bar(' uchat server  starting', size);
  const address = started.host.includes(':') ? `[${started.host}]:${started.port}` : `${started.host}:${started.port}`;
  const before = ` uchat server  ${address}  up ${uptime(now - started.time)}`;
  const store = health.storeBytes === undefined ? '' : `  store ${shortBytes(health.storeBytes)}`;
  // Of a long path the end says most.
  const room = columns - textWidth(before) - textWidth(store) - textWidth('   data  ');
  const folder = room < LEAST_PATH ? '' : `   data ${fromEnd(shortPath(started.dataFolder, home), room)}`;
  return bar(sanitizeLine(before + folder + store), size);
}

/** Cells; less of a path says nothing. */
const LEAST_PATH = 6;

function shortPath(path: string, home: string | undefined): string {
  const text = sanitizeLine(path);
  return home !== undefined && home.length > 1 && text.startsWith(`${home}/`) ? `~${text.slice(home.length)}` : text;
}

function fromEnd(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const characters = Array.from(text);
  let kept = '';
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    if (textWidth(last + kept) > width - 1) break;
    kept = last + kept;
  }
  return `…${kept}`;
}

function chartTitle({ messages }: State): string {
  return `messages/s  now ${shortCount(messages.now)}  peak ${shortCount(messages.peak)}`;
}

function logTitle({ log: { below }, line }: State): string {
  if (below === 0) return 'log';
  // While something is being written, End is a key of its line.
  return `log · ${below} newer below${line === undefined || line.text === '' ? ', End goes there' : ''}`;
}

const chartOf = ({ messages }: State, rect: Rect): Chart => ({
  rect,
  values: messages.values,
  top: axisTop(Math.max(...messages.values)),
});

interface Item {
  readonly label: string;
  readonly value: string;
  /** More than is good. */
  readonly late?: boolean;
}

function healthRows({ health, figures, refused }: State, width: number): Row[] {
  const { loopP99, commitP99, rss } = health;
  const { connections, outboxMaxBytes, deliveries, locked } = figures;
  const items: Item[] = [
    { label: 'loop p99', value: known(loopP99, shortMs), late: (loopP99 ?? 0) > LATE_LOOP_MS },
    { label: 'commit p99', value: known(commitP99, shortMs), late: (commitP99 ?? 0) > LATE_COMMIT_MS },
    { label: 'memory', value: shortBytes(rss) },
    { label: 'connections', value: shortCount(connections) },
    { label: 'outbox max', value: shortBytes(outboxMaxBytes), late: outboxMaxBytes > MAX_BUFFERED_BYTES / 2 },
    { label: 'deliveries/s', value: known(deliveries, shortCount) },
    { label: 'refused', value: shortCount(refused) },
    { label: 'locked', value: shortCount(locked) },
  ];
  const half = Math.floor((width - GAP) / 2);
  const rows: Row[] = [];
  for (let i = 0; i < items.length; i += 2)
    rows.push([...cellOf(items[i], half), run(' '.repeat(GAP)), ...cellOf(items[i + 1], half)]);
  return rows;
}

/** Cells between two columns. */
const GAP = 3;

const known = (value: number | undefined, write: (value: number) => string): string =>
  value === undefined ? '-' : write(value);

function cellOf(item: Item | undefined, width: number): Row {
  if (item === undefined) return [];
  const { label, late } = item;
  const value = late === true ? `! ${item.value}` : item.value;
  const room = Math.max(0, width - textWidth(label));
  return [run(label), run(padStart(truncate(value, room), room), late === true ? 'bad' : 'strong')];
}

/** Cells of each but the first column, with the gap before it. */
const PERSON = { state: 8, since: 6 } as const;
/** Cells: `uid 1001`, and an IPv4 address at the most. */
const LEAST_FROM = 11;
const FROM_PART = 0.3;

function peoplePanel({ figures, now }: State, rect: Rect): Panel {
  const { width, height } = insideOf(rect);
  const from = Math.max(LEAST_FROM, Math.floor(width * FROM_PART));
  const name = Math.max(0, width - PERSON.state - PERSON.since - from);
  const row = (cells: readonly string[], styles: readonly Style[]): Row =>
    columns(cells, [name, PERSON.state, PERSON.since, from], styles);
  const { online, away } = figures;
  return {
    rect,
    title: `people  ${shortCount(online)} online  ${shortCount(away)} away`,
    rows: [
      row(['name', 'state', 'since', 'from'], ['strong', 'strong', 'strong', 'strong']),
      ...fitted(figures.people, online + away, height - 1, (person: PersonFigure) => {
        const style = person.state === 'online' ? 'good' : 'warn';
        const since = shortDuration(now - person.since);
        return row([person.name, person.state, since, person.from], ['plain', style, 'plain', 'plain']);
      }),
    ],
  };
}

const ROOM = { people: 7, messages: 9 } as const;
/** Of what the numbers leave. */
const ROOM_NAME_PART = 0.5;

function roomsPanel({ figures }: State, rect: Rect): Panel {
  const { width, height } = insideOf(rect);
  const rest = Math.max(0, width - ROOM.people - ROOM.messages);
  const name = Math.min(MAX_ROOM_NAME, Math.ceil(rest * ROOM_NAME_PART));
  const row = (cells: readonly string[], style: Style): Row =>
    columns(cells, [name, ROOM.people, ROOM.messages, rest - name], [style, style, style, style]);
  return {
    rect,
    title: `rooms  ${shortCount(figures.roomCount)}`,
    rows: [
      row(['room', 'people', 'messages', 'topic'], 'strong'),
      ...fitted(figures.rooms, figures.roomCount, height - 1, ({ name: room, members, last, topic }: RoomFigure) =>
        row([room, shortCount(members), shortCount(last), topic], 'plain'),
      ),
    ],
  };
}

/** Cells: the longest name with its sign and the gap. */
const MAX_ROOM_NAME = 34;

/** As many as fit; where some don't, the last row says how many. */
function fitted<T>(items: readonly T[], count: number, rows: number, row: (item: T) => Row): Row[] {
  if (count <= rows) return items.slice(0, Math.max(0, rows)).map(row);
  if (rows < 1) return [];
  const shown = items.slice(0, rows - 1);
  return [...shown.map(row), [run(`… and ${shortCount(count - shown.length)} more`)]];
}

/** Each column is cut off a cell before the next. */
function columns(cells: readonly string[], widths: readonly number[], styles: readonly Style[]): Row {
  return cells.map((cell, i) => {
    const width = widths[i] ?? 0;
    const isLast = i === cells.length - 1;
    const text = truncate(sanitizeLine(cell), Math.max(0, isLast ? width : width - 1));
    return run(padEnd(text, width), styles[i] ?? 'plain');
  });
}

/** The last row, and the cursor's column where there is one. */
function bottom({ stage, figures, size, line, help }: State): { readonly row: Row; readonly cursor?: number } {
  switch (stage.kind) {
    case 'running': {
      if (line === undefined) return { row: bar(' F1 help   PgUp PgDn log   ^C stop', size) };
      const { row, cursor } = inputRow(line, size.columns);
      return help ? { row } : { row, cursor };
    }
    case 'asking': {
      const here = figures.online + figures.away;
      const who = here === 0 ? 'Nobody is' : here === 1 ? '1 person is' : `${shortCount(here)} people are`;
      return { row: bar(` Stop the server? ${who} here.   ^C again: stop   any other key: go on`, size) };
    }
    case 'stopping': {
      const why = sanitizeLine(stage.why);
      return { row: bar(` stopping (${why}): stores what is under way, takes leave   ^C: at once`, size) };
    }
  }
}

/** Where the log's rows stand. */
export const logRect = (size: Size): Rect | undefined => {
  const layout = layoutOf(size);
  return layout === undefined ? undefined : insideOf(layout.log);
};
