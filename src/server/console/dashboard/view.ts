/** State -> what the screen shows. */
import { sanitizeLine } from '../../../base/text/sanitize.ts';
import { textWidth } from '../../../base/text/width.ts';
import { padEnd, truncate } from '../../../base/text/wrap.ts';
import { addressText } from '../../../link/address.ts';
import { headroom, secondsOfDot } from './chart.ts';
import { axisTop, type Rate, shortCount, uptime } from './figures.ts';
import { type Chart, type Frame, type Panel, type Row, run } from './frame.ts';
import { healthRows } from './health-rows.ts';
import { helpPanel } from './help.ts';
import { inputRow } from './input-row.ts';
import { insideOf, LEAST, layoutOf, type Pane, type Rect, type Size, TABLES, type TableName } from './layout.ts';
import { logRows } from './log-rows.ts';
import type { Figures, State } from './state.ts';
import { CONNECTIONS } from './tables/connections.ts';
import { PEOPLE } from './tables/people.ts';
import { ROOMS } from './tables/rooms.ts';
import { tableRows } from './tables/table.ts';

export function frameOf(state: State): Frame {
  const { size, figures } = state;
  const layout = layoutOf(size, state.choice);
  if (layout === undefined)
    return size.columns < LEAST.columns || size.rows < LEAST.rows ? tooSmall(size) : bare(state);
  const { charts, health, panes } = layout;
  const panels: Panel[] = [];
  if (charts !== undefined) {
    panels.push({ rect: charts.messages, title: rateTitle(MESSAGES, figures.messages, charts.messages), rows: [] });
    panels.push({
      rect: charts.deliveries,
      title: rateTitle(DELIVERIES, figures.deliveries, charts.deliveries),
      rows: [],
    });
  }
  if (health !== undefined)
    panels.push({ rect: health, title: 'health', rows: healthRows(figures, insideOf(health).width) });
  for (const [pane, rect] of panesOf(panes)) panels.push(panelOf(state, pane, rect));
  if (state.help > 0) panels.push(helpPanel(size, state.help, state.line === undefined ? undefined : state.words));
  const { row, cursor } = bottom(state);
  return {
    size,
    bars: [
      { y: 0, row: title(state) },
      { y: size.rows - 1, row },
    ],
    panels,
    charts:
      charts === undefined || state.help > 0
        ? []
        : [chartOf(figures.messages, charts.messages), chartOf(figures.deliveries, charts.deliveries)],
    ...(cursor === undefined ? {} : { cursor: { x: cursor, y: size.rows - 1 } }),
  };
}

function panelOf(state: State, pane: Pane, rect: Rect): Panel {
  const { figures, orders, now } = state;
  const { people, rooms, connections } = figures.lists;
  const inside = insideOf(rect);
  const title = paneTitle(state, pane);
  switch (pane) {
    case 'log':
      return { rect, title, rows: logRows(state.log, inside) };
    case 'people': {
      const view = { columns: PEOPLE, listing: people, order: orders.people, empty: 'nobody is here' };
      return { rect, title, rows: tableRows(view, inside, now) };
    }
    case 'rooms': {
      const view = { columns: ROOMS, listing: rooms, order: orders.rooms, empty: 'there is none' };
      return { rect, title, rows: tableRows(view, inside, now) };
    }
    case 'connections': {
      const view = { columns: CONNECTIONS, listing: connections, order: orders.connections, empty: 'there is none' };
      return { rect, title, rows: tableRows(view, inside, now) };
    }
  }
}

/** The one that the keys scroll is marked. */
function paneTitle(state: State, pane: Pane): string {
  const mark = state.choice.focus === pane ? '▸ ' : '';
  return mark + (pane === 'log' ? logTitle(state) : tableTitle(state.figures, pane));
}

function tableTitle({ online, away, behind, lists }: Figures, table: TableName): string {
  const { count, first } = lists[table];
  const above = first > 0 ? `  ↑${shortCount(first)}` : '';
  switch (table) {
    case 'people':
      return `people  ${shortCount(online)} online  ${shortCount(away)} away${above}`;
    case 'rooms':
      return `rooms  ${shortCount(count)}${above}`;
    case 'connections':
      return `connections  ${shortCount(count)}${behind > 0 ? `  ${shortCount(behind)} behind` : ''}${above}`;
  }
}

/** A row that is filled to the screen's end. */
const bar = (text: string, { columns }: Size): Row => [run(padEnd(truncate(text, columns), columns), 'bar')];

/** The first of some wordings that fits, or else the last: what one can do is not to be cut off. */
const widest = (texts: readonly string[], size: Size): Row =>
  bar(texts.find((text) => textWidth(text) <= size.columns) ?? texts.at(-1) ?? '', size);

/** The log alone, without a border. */
function bare(state: State): Frame {
  const { size, log } = state;
  const height = size.rows - 2;
  const rows = logRows(log, { width: size.columns, height });
  const { row, cursor } = bottom(state);
  return {
    size,
    bars: [
      { y: 0, row: title(state) },
      ...Array.from({ length: height }, (_, i) => ({ y: 1 + i, row: rows[i] ?? [run('')] })),
      { y: size.rows - 1, row },
    ],
    panels: [],
    charts: [],
    ...(cursor === undefined ? {} : { cursor: { x: cursor, y: size.rows - 1 } }),
  };
}

function tooSmall(size: Size): Frame {
  const text = `too small: ${LEAST.columns}x${LEAST.rows} at least`;
  const bars = Array.from({ length: size.rows }, (_, y) => ({ y, row: y === 0 ? bar(text, size) : [run('')] }));
  return { size, bars, panels: [], charts: [] };
}

function title({ started, now, figures, home, size }: State): Row {
  const { columns } = size;
  if (started === undefined) return bar(' uchat server  starting', size);
  const address = addressText(started);
  const here = `  ${shortCount(figures.online)} online ${shortCount(figures.away)} away`;
  const up = `  up ${uptime(now - started.time)}`;
  const name = ' uchat server  ';
  const short = ` uchat ${address}${here}`;
  const before = `${name}${address}${up}${here}`;
  if (textWidth(before) > columns) return bar(sanitizeLine(short + (textWidth(short + up) > columns ? '' : up)), size);
  // Of a long path the end says most.
  const room = columns - textWidth(before) - textWidth('  data ');
  const folder = room < LEAST_PATH ? '' : `  data ${fromEnd(shortPath(started.dataFolder, home), room)}`;
  return bar(sanitizeLine(before + folder), size);
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

/** What a chart is called, in full and where there is less room. */
const MESSAGES = ['messages/s', 'msgs/s'] as const;
const DELIVERIES = ['deliveries/s', 'deliv/s'] as const;

function rateTitle([name, short]: readonly [string, string], { now, peak }: Rate, { width }: Rect): string {
  const [current, highest] = [shortCount(now), shortCount(peak)];
  const titles = [
    `${name}  now ${current}  peak ${highest}`,
    `${name} ${current} peak ${highest}`,
    `${name} ${current}`,
    `${short} ${current}`,
  ];
  return titles.find((each) => each.length <= width - TITLE_CELLS) ?? short;
}

/** Cells of a border's row that are no title. */
const TITLE_CELLS = 5;

function logTitle({ log: { below, filter }, line, choice }: State): string {
  const only = filter === '' ? '' : ` · ${filter}`;
  if (below === 0) return `log${only}`;
  // While something is being written, End is a key of its line; and another pane's while that one is looked at.
  const goes = choice.focus === 'log' && (line === undefined || line.text === '');
  return `log${only} · ${below} newer below${goes ? ', End goes there' : ''}`;
}

function chartOf(rate: Rate, panel: Rect): Chart {
  const rect = insideOf(panel);
  const values = rate.highest(secondsOfDot(rect));
  return { rect, values, top: axisTop(Math.max(...values) * headroom(rect)) };
}

/** The last row, and the cursor's column where there is one. */
function bottom({ stage, figures, size, line, help }: State): { readonly row: Row; readonly cursor?: number } {
  switch (stage.kind) {
    case 'running': {
      if (line === undefined) return { row: bar(' F1 help   PgUp PgDn log   ^C stop', size) };
      const { row, cursor } = inputRow(line, size.columns);
      return help > 0 ? { row } : { row, cursor };
    }
    case 'asking': {
      const here = figures.online + figures.away;
      const who = here === 0 ? 'Nobody is' : here === 1 ? '1 person is' : `${shortCount(here)} people are`;
      const more = '   any other key: go on';
      const texts = [
        ` Stop the server? ${who} here.   ^C again: stop${more}`,
        ` Stop the server? ^C again: stop${more}`,
      ];
      return { row: widest([...texts, ' Stop the server?  ^C again: stop'], size) };
    }
    case 'stopping': {
      const why = sanitizeLine(stage.why);
      const texts = [': stores what is under way, takes leave   ', '   '].map(
        (does) => ` stopping (${why})${does}^C: at once`,
      );
      return { row: widest([...texts, ' stopping  ^C: at once'], size) };
    }
  }
}

/** Where a pane's rows stand; undefined where it isn't to be seen. */
export function paneRect({ size, choice }: Pick<State, 'size' | 'choice'>, pane: Pane): Rect | undefined {
  const rect = layoutOf(size, choice)?.panes[pane];
  return rect === undefined ? undefined : insideOf(rect);
}

const PANES: readonly Pane[] = [...TABLES, 'log'];

const panesOf = (panes: Readonly<Partial<Record<Pane, Rect>>>): [Pane, Rect][] =>
  PANES.flatMap((pane): [Pane, Rect][] => {
    const rect = panes[pane];
    return rect === undefined ? [] : [[pane, rect]];
  });
