/**
 * Finds what has moved: rows of the screen that stand, unchanged, some rows higher or lower than before. A terminal moves
 * them by itself (a scroll region), which costs a dozen bytes instead of all their text.
 */

/** Rows `top` to `bottom` of the screen, both included, move up by `by` rows; or down, where that is below 0. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
  readonly by: number;
}

/** Bytes of setting the region, moving the cursor into it, and resetting it. */
const COST = 22;
/** Rows that look alike and vote: a screen full of equal rows says nothing about where they came from. */
const MAX_ALIKE = 4;

/** By how many rows most of the text has moved; 0: by none. */
function shiftOf(before: readonly string[], after: readonly string[]): number {
  const places = new Map<string, number[]>();
  for (const [y, key] of before.entries()) {
    if (key === '') continue;
    const list = places.get(key);
    if (list === undefined) places.set(key, [y]);
    else list.push(y);
  }
  const votes = new Map<number, number>();
  let best = 0;
  for (const [y, key] of after.entries()) {
    if (key === before[y]) continue;
    const found = places.get(key);
    if (found === undefined || found.length > MAX_ALIKE) continue;
    for (const was of found) votes.set(was - y, (votes.get(was - y) ?? 0) + key.length);
  }
  for (const [by, count] of votes) if (count > (votes.get(best) ?? 0)) best = by;
  return best;
}

/** How many cells of row `y` would have to be written if row `was` stood there now; undefined is a blank row. */
export type Difference = (y: number, was: number | undefined) => number;

/**
 * The band that saves most, judged by the cells that need not be written.
 * @param before each row's content as it is shown, as a key; the empty one is a blank row.
 */
export function bandOf(before: readonly string[], after: readonly string[], difference: Difference): Band | undefined {
  const by = shiftOf(before, after);
  if (by === 0) return undefined;
  // The longest stretch of rows that have moved so, and among them changed.
  let [from, to, most] = [0, -1, 0];
  for (let y = 0; y < after.length; y += 1) {
    const start = y;
    let text = 0;
    while (y < after.length && after[y] !== undefined && after[y] === before[y + by]) {
      if (after[y] !== before[y]) text += after[y]?.length ?? 0;
      y += 1;
    }
    if (text > most) [from, to, most] = [start, y - 1, text];
  }
  if (to < from) return undefined;
  // The row at its edge may say a little more or less than it did where it was: the time, and who has written it. More of
  // them have something beside them that stays.
  const isEdge = (y: number, beyond: number): boolean =>
    before[y] !== undefined &&
    before[y + by] !== undefined &&
    after[beyond] === before[beyond] &&
    difference(y, y + by) < difference(y, y);
  if (isEdge(from - 1, from - 2)) from -= 1;
  if (isEdge(to + 1, to + 2)) to += 1;
  const [top, bottom] = by > 0 ? [from, to + by] : [from + by, to];
  let cost = COST;
  for (let y = top; y <= bottom; y += 1) {
    if (y < from || y > to) cost += difference(y, undefined);
    else if (after[y] !== before[y + by]) cost += difference(y, y + by);
  }
  for (let y = top; y <= bottom && cost >= 0; y += 1) if (after[y] !== before[y]) cost -= difference(y, y);
  return cost < 0 ? { top, bottom, by } : undefined;
}
