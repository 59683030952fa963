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

export interface Layout {
  readonly chart?: Rect;
  readonly health?: Rect;
  readonly people?: Rect;
  readonly rooms?: Rect;
  readonly log: Rect;
}

/** Cells: below, not even the log can be read. */
export const LEAST: Size = { columns: 24, rows: 6 };
/** Cells from which on there is room for everything. */
const FULL: Size = { columns: 68, rows: 20 };
/** Rows from which on the numbers stand above the log. */
const ROWS_WITH_HEALTH = 14;
/** Four rows of numbers and the border. */
const HEALTH_ROWS = 6;
const LEAST_LOG_ROWS = 8;
/** The log's part of a tall terminal. */
const LOG_PART = 0.36;
/** The rooms' part of what stands above the log: there are fewer of them than of people. */
const ROOMS_PART = 0.43;

/** @returns undefined where nothing fits. The first row is the title's, the last the keys'. */
export function layoutOf({ columns, rows }: Size): Layout | undefined {
  if (columns < LEAST.columns || rows < LEAST.rows) return undefined;
  const inside = rows - 2;
  if (columns < FULL.columns || rows < FULL.rows) {
    if (rows < ROWS_WITH_HEALTH) return { log: { x: 0, y: 1, width: columns, height: inside } };
    return {
      health: { x: 0, y: 1, width: columns, height: HEALTH_ROWS },
      log: { x: 0, y: 1 + HEALTH_ROWS, width: columns, height: inside - HEALTH_ROWS },
    };
  }
  const logRows = Math.max(LEAST_LOG_ROWS, Math.round(inside * LOG_PART));
  const above = inside - logRows;
  const left = Math.ceil(columns / 2) + 1;
  const right = columns - left;
  const roomsRows = Math.floor(above * ROOMS_PART);
  return {
    chart: { x: 0, y: 1, width: left, height: above - HEALTH_ROWS },
    health: { x: 0, y: 1 + above - HEALTH_ROWS, width: left, height: HEALTH_ROWS },
    people: { x: left, y: 1, width: right, height: above - roomsRows },
    rooms: { x: left, y: 1 + above - roomsRows, width: right, height: roomsRows },
    log: { x: 0, y: 1 + above, width: columns, height: logRows },
  };
}

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
