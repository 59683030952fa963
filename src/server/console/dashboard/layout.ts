/** Where everything stands, by the terminal's size. The parts cover every cell, and none lies over another. */

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** In cells, its border included. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const TABLES = ['people', 'rooms', 'connections'] as const;
export type TableName = (typeof TABLES)[number];
/** What can be chosen, scrolled, and seen by itself. */
export type Pane = TableName | 'log';

export interface Layout {
  readonly charts?: { readonly messages: Rect; readonly deliveries: Rect };
  readonly health?: Rect;
  readonly panes: Readonly<Partial<Record<Pane, Rect>>>;
}

/** What the operator has chosen. */
export interface Choice {
  /** Which one the keys scroll; where there is room for one alone, it is this one. */
  readonly focus: Pane;
  /** The one of the tables that is shown where there is room for one. */
  readonly table: TableName;
  /** The pane has the whole screen. */
  readonly zoomed: boolean;
}

/** Cells: below, not even the log can be read. */
export const LEAST: Size = { columns: 16, rows: 4 };
/** Cells from which on there is room for borders. */
const FRAMED: Size = { columns: 24, rows: 6 };
/** Cells from which on there is room for the charts, the numbers, a table and the log. */
const FULL: Size = { columns: 68, rows: 22 };
/** Cells from which on the three tables stand side by side. */
const WIDE: Size = { columns: 140, rows: 34 };
/** Six rows of numbers and the border. */
const HEALTH_ROWS = 8;
/** Rows from which on the numbers stand above a pane of a screen that is narrow or low. */
const ROWS_WITH_HEALTH = 18;
const LEAST_LOG_ROWS = 8;
/** The log's part of a tall terminal. */
const LOG_PART = 0.36;
/** Rows of the charts and the numbers above three tables. */
const BAND_ROWS = 12;
/** Parts of a wide terminal: of the people, the rooms; the rest is the connections'. */
const PEOPLE_PART = 0.3;
const ROOMS_PART = 0.32;

/** @returns undefined where no pane fits. The first row is the title's, the last the keys'. */
export function layoutOf(size: Size, choice: Choice): Layout | undefined {
  const { columns, rows } = size;
  if (columns < FRAMED.columns || rows < FRAMED.rows) return undefined;
  const all = { x: 0, y: 1, width: columns, height: rows - 2 };
  if (choice.zoomed) return { panes: { [choice.focus]: all } };
  if (columns < FULL.columns || rows < FULL.rows) return small(all, choice.focus);
  return columns < WIDE.columns || rows < WIDE.rows ? middle(all, choice.table) : wide(all);
}

function small(all: Rect, focus: Pane): Layout {
  if (all.height + 2 < ROWS_WITH_HEALTH) return { panes: { [focus]: all } };
  const [health, rest] = above(all, HEALTH_ROWS);
  return { health, panes: { [focus]: rest } };
}

function middle(all: Rect, table: TableName): Layout {
  const [top, log] = above(all, all.height - logRows(all));
  const [left, right] = before(top, Math.ceil(top.width / 2) + 1);
  const [charts, health] = above(left, left.height - HEALTH_ROWS);
  return { charts: chartsIn(charts), health, panes: { [table]: right, log } };
}

function wide(all: Rect): Layout {
  const [top, log] = above(all, all.height - logRows(all));
  const [band, tables] = above(top, BAND_ROWS);
  const [people, others] = before(tables, Math.round(tables.width * PEOPLE_PART));
  const [rooms, connections] = before(others, Math.round(tables.width * ROOMS_PART));
  // The numbers stand above the connections.
  const [charts, health] = before(band, people.width + rooms.width);
  return { charts: chartsIn(charts), health, panes: { people, rooms, connections, log } };
}

const logRows = ({ height }: Rect): number => Math.max(LEAST_LOG_ROWS, Math.round(height * LOG_PART));

function chartsIn(rect: Rect): NonNullable<Layout['charts']> {
  const [messages, deliveries] = before(rect, Math.floor(rect.width / 2));
  return { messages, deliveries };
}

/** The upper rows, and the rest. */
const above = ({ x, y, width, height }: Rect, rows: number): [Rect, Rect] => [
  { x, y, width, height: rows },
  { x, y: y + rows, width, height: height - rows },
];

/** The left columns, and the rest. */
const before = ({ x, y, width, height }: Rect, columns: number): [Rect, Rect] => [
  { x, y, width: columns, height },
  { x: x + columns, y, width: width - columns, height },
];

/** Without the border. */
export const insideOf = ({ x, y, width, height }: Rect): Rect => ({
  x: x + 1,
  y: y + 1,
  width: Math.max(0, width - 2),
  height: Math.max(0, height - 2),
});

/** In the middle of the screen, no larger than it. */
export function centered({ columns, rows }: Size, width: number, height: number): Rect {
  const [w, h] = [Math.min(columns, width), Math.min(rows, height)];
  return { x: Math.floor((columns - w) / 2), y: Math.floor((rows - h) / 2), width: w, height: h };
}
