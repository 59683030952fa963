/** What editing remembers of a line: the steps that lead back and forth again, and what was cut. */

/** One change: at `from`, `inserted` came in the place of `removed`; where the cursor was, and where it is since. */
export interface Step {
  readonly from: number;
  readonly removed: string;
  readonly inserted: string;
  readonly before: number;
  readonly after: number;
}

/** Cut texts, the newest last, and which of them is yanked next. */
export interface Kills {
  readonly entries: readonly string[];
  readonly at: number;
}

/** What the last key did, where the next one may go on with it. */
export type Last =
  | undefined
  /** Letters that are typed one after the other are undone together. */
  | { readonly kind: 'type' }
  /** Cuts in a row become one. */
  | { readonly kind: 'kill' }
  /** The yanked text, which another may take the place of. */
  | { readonly kind: 'yank'; readonly from: number; readonly to: number }
  /** Up and down, in a column of so many cells, however short the lines between are. */
  | { readonly kind: 'vertical'; readonly cells: number };

export interface Memory {
  /** Both the newest last. */
  readonly undo: readonly Step[];
  readonly redo: readonly Step[];
  readonly kills: Kills;
  readonly last: Last;
}

/** Steps that can be undone: nobody goes back further. */
export const MAX_UNDO = 100;
/** UTF-16 units in all these steps: the longest text twice over; beyond it the oldest are forgotten, but for the last. */
const MAX_UNDO_UNITS = 4 * 65_536;
/** Cut texts, as many as readline has; and UTF-16 units in all of them, of which the newest always stays. */
export const MAX_KILLS = 10;
const MAX_KILLED_UNITS = 2 * 65_536;

export const NO_KILLS: Kills = { entries: [], at: -1 };
export const BLANK: Memory = { undo: [], redo: [], kills: NO_KILLS, last: undefined };

/** The newest of them, at most so many with at most so many units, and at least one. */
function newest<T>(all: readonly T[], most: number, units: number, unitsOf: (one: T) => number): readonly T[] {
  let count = 0;
  let left = units;
  for (const one of all.toReversed()) {
    left -= unitsOf(one);
    if (count === most || (left < 0 && count > 0)) break;
    count += 1;
  }
  return count === all.length ? all : all.slice(all.length - count);
}

/** With one more step to undo; `joined`: it continues the one before, and both are undone together. */
export function withStep(undo: readonly Step[], step: Step, joined: boolean): readonly Step[] {
  const before = joined ? undo.at(-1) : undefined;
  const isNext = before !== undefined && step.removed === '' && before.from + before.inserted.length === step.from;
  const all = isNext
    ? [...undo.slice(0, -1), { ...before, inserted: before.inserted + step.inserted, after: step.after }]
    : [...undo, step];
  return newest(all, MAX_UNDO, MAX_UNDO_UNITS, ({ removed, inserted }) => removed.length + inserted.length);
}

/** With one more text that was cut; it is the one that is yanked next. */
export function withKill(kills: Kills, cut: string): Kills {
  const entries = newest([...kills.entries, cut], MAX_KILLS, MAX_KILLED_UNITS, (text) => text.length);
  return { entries, at: entries.length - 1 };
}

/** The last cut goes on: `cut` stood before what was cut already, or behind it. */
export function withMoreCut(kills: Kills, cut: string, where: 'before' | 'behind'): Kills {
  const last = kills.entries.at(-1) ?? '';
  const entries = [...kills.entries.slice(0, -1), where === 'before' ? cut + last : last + cut];
  return { entries, at: entries.length - 1 };
}

/** The one before comes next; after the oldest the newest. */
export const rotated = ({ entries, at }: Kills): Kills => ({
  entries,
  at: entries.length === 0 ? -1 : (at - 1 + entries.length) % entries.length,
});
