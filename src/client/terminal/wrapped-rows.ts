/**
 * Rows whose line goes on in the next one. A terminal knows that only of lines that it has wrapped by itself: then it
 * selects and copies them as one. So the last cell of the one and the first of the other are written without a movement in
 * between, and just for these it may wrap; where a line no longer goes on, both rows are erased first, with which terminals
 * forget it.
 */
import type { Line } from './blessed-screen.ts';
import type { Pen } from './pen.ts';
import { DEFAULT_ATTRIBUTE } from './theme.ts';

export const NO_WRAPPED: ReadonlySet<number> = new Set();

/** Of what is longer, terminals know other widths. */
const isPlain = (text: string): boolean => text.length === 1;

/** @param rows row `y` and the one below it, which are on the screen already. */
export function wrapRow(pen: Pen, [row, below]: readonly [Line, Line], y: number): void {
  const wide = row.at(-1)?.[1] === '';
  const last = row.at(wide ? -2 : -1);
  const first = below[0];
  if (last === undefined || first === undefined || !isPlain(last[1]) || !isPlain(first[1])) return;
  pen.link(0, undefined);
  pen.moveTo(y, row.length - (wide ? 2 : 1));
  pen.wrap(true);
  pen.style(last[0]);
  pen.write(last[1], wide ? 2 : 1);
  pen.style(first[0]);
  pen.write(first[1], 1);
  pen.wrap(false);
  pen.lost();
}

/** The rows are blank, in the default colours. @param shown what the terminal shows, and is kept so. */
export function unwrapRows(pen: Pen, shown: readonly Line[], ys: Iterable<number>): void {
  pen.link(0, undefined);
  pen.style(DEFAULT_ATTRIBUTE);
  for (const y of ys) {
    pen.moveTo(y, 0);
    pen.eraseRow();
    for (const cell of shown[y] ?? []) {
      cell[0] = DEFAULT_ATTRIBUTE;
      cell[1] = ' ';
    }
  }
}
