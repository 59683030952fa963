/** A table: columns that say what they show, how wide they are, and how they sort. */
import { sanitizeLine } from '../../../../base/text/sanitize.ts';
import { textWidth } from '../../../../base/text/width.ts';
import { padEnd, padStart, truncate } from '../../../../base/text/wrap.ts';
import { shortCount } from '../figures.ts';
import { type Row, run, type Style } from '../frame.ts';

interface Cell {
  /** As it came: not yet sanitised. */
  readonly text: string;
  readonly style?: Style;
}

export interface Column<Item> {
  readonly title: string;
  /** Cells, with the gap behind it. */
  readonly width: number;
  /** Takes what the others leave, and is `width` wide at least. */
  readonly grows?: true;
  readonly isNumber?: true;
  /** Of those that don't all fit the one with the lowest goes first. */
  readonly matters: number;
  readonly cell: (item: Item, now: number) => Cell;
  /** Where the table can be sorted by it. */
  readonly compare?: (a: Item, b: Item) => number;
}

/** What there is of a list: a window of it. */
export interface Listing<Item> {
  /** How many there are in all. */
  readonly count: number;
  /** How many stand above the window. */
  readonly first: number;
  /** From there on, as many as the screen may show. */
  readonly items: readonly Item[];
}

export const NOTHING: Listing<never> = { count: 0, first: 0, items: [] };

/** The columns that a table can be sorted by, the usual one first. */
export const ordersOf = <Item>(columns: readonly Column<Item>[]): readonly Column<Item>[] =>
  columns.filter(({ compare }) => compare !== undefined);

/** Items that `height` rows show, of which one is the head; where some remain below, one more tells how many. */
export const itemsOn = (height: number, count: number, first: number): number =>
  count - first <= height - 1 ? Math.max(0, height - 1) : Math.max(0, height - 2);

export interface TableView<Item> {
  readonly columns: readonly Column<Item>[];
  readonly listing: Listing<Item>;
  /** The title of the column that it is sorted by. */
  readonly order: string;
  /** What stands there while there is nothing. */
  readonly empty: string;
}

export function tableRows<Item>(
  { columns, listing, order, empty }: TableView<Item>,
  { width, height }: { readonly width: number; readonly height: number },
  now: number,
): Row[] {
  if (height < 1) return [];
  const shown = fitting(columns, width);
  const head = shown.map(({ column, cells }) => {
    const title = column.title === order ? `${column.title}${SORTED}` : column.title;
    return cellRun({ text: title, style: 'strong' }, cells, column.isNumber);
  });
  const { count, first, items } = listing;
  if (count === 0) return [head, [run(truncate(empty, width))]].slice(0, height);
  const fits = itemsOn(height, count, first);
  const rows = items
    .slice(0, fits)
    .map((item) => shown.map(({ column, cells }) => cellRun(column.cell(item, now), cells, column.isNumber)));
  const below = count - first - rows.length;
  return [
    head,
    ...rows,
    ...(below > 0 && height > 1 ? [[run(truncate(`… and ${shortCount(below)} more`, width))]] : []),
  ];
}

const SORTED = '↓';

interface Placed<Item> {
  readonly column: Column<Item>;
  readonly cells: number;
}

function fitting<Item>(columns: readonly Column<Item>[], width: number): Placed<Item>[] {
  const kept = new Set(columns);
  const sum = (): number => [...kept].reduce((all, column) => all + column.width, 0);
  const least = columns.toSorted((a, b) => a.matters - b.matters);
  for (const column of least) if (sum() > width && kept.size > 1) kept.delete(column);
  const growing = [...kept].filter(({ grows }) => grows === true);
  let rest = Math.max(0, width - sum());
  return [...kept].map((column) => {
    if (column.grows !== true) return { column, cells: Math.min(width, column.width) };
    // The last of those that grow takes what is left of the division.
    const share = column === growing.at(-1) ? rest : Math.floor((width - sum()) / growing.length);
    rest -= share;
    return { column, cells: Math.min(width, column.width + share) };
  });
}

/** Cut off a cell before the next. */
function cellRun({ text, style = 'plain' }: Cell, cells: number, isNumber?: true): ReturnType<typeof run> {
  const cut = truncate(sanitizeLine(text), Math.max(0, cells - 1));
  const gap = ' '.repeat(Math.min(1, cells));
  const filled = isNumber === true ? padStart(cut, cells - gap.length) : padEnd(cut, cells - gap.length);
  return run(textWidth(filled) + gap.length > cells ? filled : filled + gap, style);
}
