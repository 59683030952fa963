/** A tree of panes in an area of cells: where each pane lies, and the borders between them. */
import type { Axis, PaneId, PaneTree, Split } from './tree.ts';

/** Cells of a pane at least: a head, an input line, and some text that still reads as one. */
export const LEAST = { width: 20, height: 4 } as const;

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The line after a part of a split, one cell wide or high. */
export interface Border {
  readonly split: Split;
  /** Of the part before it. */
  readonly index: number;
  readonly rect: Rect;
}

export interface Arrangement {
  readonly area: Rect;
  readonly panes: ReadonlyMap<PaneId, Rect>;
  readonly borders: readonly Border[];
  /** Cells of each split's parts along its axis. */
  readonly sizes: ReadonlyMap<Split, readonly number[]>;
}

type Size = Pick<Rect, 'width' | 'height'>;

/** The smallest area that a tree fits in. */
export function leastSize(tree: PaneTree): Size {
  if (tree.kind === 'pane') return LEAST;
  const sizes = tree.parts.map(({ node }) => leastSize(node));
  const borders = sizes.length - 1;
  const sum = (of: (size: Size) => number): number => sizes.reduce((all, size) => all + of(size), borders);
  const most = (of: (size: Size) => number): number => Math.max(...sizes.map(of));
  return tree.axis === 'across'
    ? { width: sum(({ width }) => width), height: most(({ height }) => height) }
    : { width: most(({ width }) => width), height: sum(({ height }) => height) };
}

const along = (size: Size, axis: Axis): number => (axis === 'across' ? size.width : size.height);

const leastSizes = ({ parts, axis }: Split): number[] => parts.map(({ node }) => along(leastSize(node), axis));

/**
 * Whole cells by shares, none of them less than its least, all of them together exactly `room`, which is no less than
 * all the least sizes.
 */
function distribute(room: number, shares: readonly number[], least: readonly number[]): number[] {
  const sizes: (number | undefined)[] = shares.map(() => undefined);
  let left = room;
  let weight = shares.reduce((sum, each) => sum + each, 0);
  for (let changed = true; changed; ) {
    changed = false;
    const open = left;
    const all = weight;
    for (const [i, share] of shares.entries()) {
      const minimum = least[i] ?? 0;
      if (sizes[i] !== undefined || (open * share) / all >= minimum) continue;
      sizes[i] = minimum;
      left -= minimum;
      weight -= share;
      changed = true;
    }
  }
  // By their ends, so that what is rounded off one is given to the next.
  let end = 0;
  let given = 0;
  return sizes.map((size, i) => {
    if (size !== undefined) return size;
    end += (left * (shares[i] ?? 0)) / weight;
    const cells = Math.round(end) - given;
    given += cells;
    return cells;
  });
}

/** @returns undefined where some pane would be smaller than a pane may be. */
export function arrange(tree: PaneTree, area: Rect): Arrangement | undefined {
  const least = leastSize(tree);
  if (area.width < least.width || area.height < least.height) return undefined;
  const panes = new Map<PaneId, Rect>();
  const borders: Border[] = [];
  const sizes = new Map<Split, readonly number[]>();
  place(tree, area, panes, borders, sizes);
  return { area, panes, borders, sizes };
}

function place(
  tree: PaneTree,
  area: Rect,
  panes: Map<PaneId, Rect>,
  borders: Border[],
  sizes: Map<Split, readonly number[]>,
): void {
  if (tree.kind === 'pane') {
    panes.set(tree.id, area);
    return;
  }
  const { axis, parts } = tree;
  const room = along(area, axis) - (parts.length - 1);
  const cells = distribute(
    room,
    parts.map(({ share }) => share),
    leastSizes(tree),
  );
  sizes.set(tree, cells);
  let at = axis === 'across' ? area.x : area.y;
  for (const [index, { node }] of parts.entries()) {
    const size = cells[index] ?? 0;
    const rect = axis === 'across' ? { ...area, x: at, width: size } : { ...area, y: at, height: size };
    place(node, rect, panes, borders, sizes);
    at += size;
    if (index === parts.length - 1) break;
    const line = axis === 'across' ? { ...area, x: at, width: 1 } : { ...area, y: at, height: 1 };
    borders.push({ split: tree, index, rect: line });
    at += 1;
  }
}

/**
 * The sizes of a split's parts after the border behind part `index` has moved by so many cells (negative: back): as far
 * as those that become smaller allow, the nearest first.
 */
export function movedSizes(sizes: readonly number[], target: Split, index: number, by: number): number[] {
  const least = leastSizes(target);
  const moved = [...sizes];
  const grows = by > 0 ? index : index + 1;
  const step = by > 0 ? 1 : -1;
  let wanted = Math.abs(by);
  for (let i = by > 0 ? index + 1 : index; wanted > 0 && i >= 0 && i < moved.length; i += step) {
    const taken = Math.min(wanted, (moved[i] ?? 0) - (least[i] ?? 0));
    moved[i] = (moved[i] ?? 0) - taken;
    moved[grows] = (moved[grows] ?? 0) + taken;
    wanted -= taken;
  }
  return moved;
}

type Direction = 'left' | 'right' | 'up' | 'down';

const inside = ({ x, y, width, height }: Rect, atX: number, atY: number): boolean =>
  atX >= x && atX < x + width && atY >= y && atY < y + height;

export const paneAt = ({ panes }: Arrangement, x: number, y: number): PaneId | undefined =>
  [...panes].find(([, rect]) => inside(rect, x, y))?.[0];

export const borderAt = ({ borders }: Arrangement, x: number, y: number): Border | undefined =>
  borders.find(({ rect }) => inside(rect, x, y));

const overlaps = (from: number, size: number, otherFrom: number, otherSize: number): boolean =>
  from < otherFrom + otherSize && otherFrom < from + size;

/** The panes that touch one on that side; where it lies at the edge, those beside it at the opposite one. */
export function panesBeside({ panes, area }: Arrangement, id: PaneId, to: Direction): PaneId[] {
  const own = panes.get(id);
  if (own === undefined) return [];
  const beside = (starts: (rect: Rect) => boolean): PaneId[] =>
    [...panes].flatMap(([other, rect]) => {
      const level =
        to === 'left' || to === 'right'
          ? overlaps(rect.y, rect.height, own.y, own.height)
          : overlaps(rect.x, rect.width, own.x, own.width);
      return other !== id && level && starts(rect) ? [other] : [];
    });
  const [touching, opposite] = SIDES[to];
  const near = beside((rect) => touching(own, rect));
  return near.length > 0 ? near : beside((rect) => opposite(area, rect));
}

type Test = (from: Rect, rect: Rect) => boolean;

/** On each side, what touches a pane, and what lies at the other edge of the area. */
const SIDES: Readonly<Record<Direction, readonly [Test, Test]>> = {
  left: [(own, { x, width }) => x + width + 1 === own.x, (area, { x, width }) => x + width === area.x + area.width],
  right: [(own, { x }) => own.x + own.width + 1 === x, (area, { x }) => x === area.x],
  up: [(own, { y, height }) => y + height + 1 === own.y, (area, { y, height }) => y + height === area.y + area.height],
  down: [(own, { y }) => own.y + own.height + 1 === y, (area, { y }) => y === area.y],
};
