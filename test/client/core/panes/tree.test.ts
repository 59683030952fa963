import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Arrangement,
  arrange,
  LEAST,
  leastSize,
  movedSizes,
  panesBeside,
} from '../../../../src/client/core/panes/arrange.ts';
import { savedTree, treeFrom } from '../../../../src/client/core/panes/saved.ts';
import {
  evenOut,
  leaf,
  movePane,
  type PaneTree,
  paneIds,
  removePane,
  type Split,
  splitAround,
  splitPane,
  swapPanes,
  withShares,
} from '../../../../src/client/core/panes/tree.ts';

const AREA = { x: 0, y: 1, width: 160, height: 46 };
const at = (width: number, height: number) => ({ ...AREA, width, height });

const arranged = (tree: PaneTree, area = AREA): Arrangement => {
  const made = arrange(tree, area);
  if (made === undefined) throw new Error('it has no room');
  return made;
};

/** The area as text: each pane's cells are its id, and those of borders lines. */
function drawn(tree: PaneTree, width: number, height: number): string[] {
  const { panes, borders } = arranged(tree, { x: 0, y: 0, width, height });
  const cells = Array.from({ length: height }, () => Array.from({ length: width }, () => '?'));
  const fill = (
    { x, y, width: w, height: h }: { x: number; y: number; width: number; height: number },
    sign: string,
  ) => {
    for (let row = y; row < y + h; row += 1)
      for (let column = x; column < x + w; column += 1) {
        if (cells[row]?.[column] !== '?') throw new Error('two things in one cell');
        (cells[row] ?? [])[column] = sign;
      }
  };
  for (const [id, rect] of panes) fill(rect, String(id % 10));
  for (const { rect, split } of borders) fill(rect, split.axis === 'across' ? '|' : '-');
  return cells.map((row) => row.join(''));
}

/** 0 on the left; on its right 1 above 2. */
const THREE = splitPane(splitPane(leaf(0), 0, 1, 'across'), 1, 2, 'down');

describe('a tree of panes', () => {
  test('a pane that is split shares its room with the new one', () => {
    const { panes } = arranged(THREE, { x: 0, y: 1, width: 81, height: 21 });
    expect([...panes]).toEqual([
      [0, { x: 0, y: 1, width: 40, height: 21 }],
      [1, { x: 41, y: 1, width: 40, height: 10 }],
      [2, { x: 41, y: 12, width: 40, height: 10 }],
    ]);
  });

  test('split again in the same direction, the panes are neighbours: a border moves no more than what is beside it', () => {
    const tree = splitPane(splitPane(leaf(0), 0, 1, 'across'), 1, 2, 'across');
    const { sizes } = arranged(tree, at(122, 20));
    const [[split, cells] = []] = [...sizes];
    expect(sizes.size).toBe(1);
    expect(cells).toEqual([60, 30, 30]);
    expect(movedSizes(cells ?? [], split as Split, 0, -10)).toEqual([50, 40, 30]);
  });

  test('a border that has no more room beside it pushes the next one; none becomes smaller than a pane may be', () => {
    const tree = splitPane(splitPane(leaf(0), 0, 1, 'across'), 1, 2, 'across') as Split;
    expect(movedSizes([60, 30, 30], tree, 0, 15)).toEqual([75, 20, 25]);
    expect(movedSizes([60, 30, 30], tree, 0, 1000)).toEqual([80, 20, 20]);
    expect(movedSizes([60, 30, 30], tree, 1, -1000)).toEqual([20, 20, 80]);
  });

  test('who takes the room of a pane that is closed is its neighbour, and nobody else', () => {
    const tree = splitPane(splitPane(leaf(0), 0, 1, 'across'), 1, 2, 'across');
    const left = removePane(tree, 1) ?? leaf(-1);
    expect([...arranged(left, at(121, 20)).panes.values()].map(({ width }) => width)).toEqual([90, 30]);
    expect(paneIds(removePane(THREE, 0) ?? leaf(-1))).toEqual([1, 2]);
    expect(removePane(leaf(0), 0)).toBeUndefined();
  });

  test('moved to an edge, a pane has all of it', () => {
    expect(drawn(movePane(THREE, 2, 'down', 'first'), 41, 9)).toEqual([
      ...Array.from({ length: 4 }, () => '2'.repeat(41)),
      '-'.repeat(41),
      ...Array.from({ length: 4 }, () => `${'0'.repeat(20)}|${'1'.repeat(20)}`),
    ]);
    expect(movePane(leaf(0), 0, 'down', 'first')).toEqual(leaf(0));
  });

  test('evened out, three in a row have a third each, and two above each other have half of theirs', () => {
    const row = splitPane(splitPane(leaf(0), 0, 1, 'across'), 1, 2, 'across');
    const tree = evenOut(splitPane(withShares(row, row as Split, [5, 1, 2]), 2, 3, 'down'));
    const sizes = [...arranged(tree, at(122, 21)).panes.values()].map(({ width, height }) => [width, height]);
    expect(sizes).toEqual([
      [40, 21],
      [40, 21],
      [40, 10],
      [40, 10],
    ]);
  });

  test('beside a pane is what touches it; at the edge it goes round', () => {
    const made = arranged(THREE);
    expect(panesBeside(made, 0, 'right')).toEqual([1, 2]);
    expect(panesBeside(made, 2, 'left')).toEqual([0]);
    expect(panesBeside(made, 0, 'left')).toEqual([1, 2]);
    expect(panesBeside(made, 2, 'up')).toEqual([1]);
    expect(panesBeside(made, 2, 'down')).toEqual([1]);
    expect(panesBeside(made, 0, 'up')).toEqual([]);
  });

  test('where it has no room, it is not arranged at all', () => {
    const { width, height } = leastSize(THREE);
    expect({ width, height }).toEqual({ width: 2 * LEAST.width + 1, height: 2 * LEAST.height + 1 });
    expect(arrange(THREE, at(width, height))).toBeDefined();
    expect(arrange(THREE, at(width - 1, height))).toBeUndefined();
    expect(arrange(THREE, at(width, height - 1))).toBeUndefined();
  });

  test('what a pane was left with in a small window it has back in a large one', () => {
    const tree = withShares(THREE, THREE as Split, [3, 1]);
    const widths = (width: number) => [...arranged(tree, at(width, 20)).panes.values()].map((rect) => rect.width);
    expect(widths(161)).toEqual([120, 40, 40]);
    expect(widths(45)).toEqual([24, 20, 20]);
    expect(widths(161)).toEqual([120, 40, 40]);
  });
});

/** What a person may do, by chance. */
const deed = fc.record({
  kind: fc.constantFrom('split', 'remove', 'swap', 'move', 'even', 'resize'),
  which: fc.nat(30),
  other: fc.nat(30),
  axis: fc.constantFrom('across' as const, 'down' as const),
  by: fc.integer({ min: -60, max: 60 }),
});
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

function done(tree: PaneTree, { kind, which, other, axis, by }: Deed, fresh: number): PaneTree {
  const ids = paneIds(tree);
  const id = ids[which % ids.length] ?? 0;
  switch (kind) {
    case 'split':
      return splitPane(tree, id, fresh, axis);
    case 'remove':
      return removePane(tree, id) ?? tree;
    case 'swap':
      return swapPanes(tree, id, ids[other % ids.length] ?? 0);
    case 'move':
      return movePane(tree, id, axis, by < 0 ? 'first' : 'last');
    case 'even':
      return evenOut(tree);
    case 'resize': {
      const around = splitAround(tree, id, axis);
      const sizes = around === undefined ? undefined : arrange(tree, AREA)?.sizes.get(around.split);
      if (around === undefined || sizes === undefined) return tree;
      const index = Math.min(around.index, sizes.length - 2);
      return withShares(tree, around.split, movedSizes(sizes, around.split, index, by));
    }
  }
}

describe('whatever is done to it', () => {
  const trees = fc.array(deed, { maxLength: 25 }).map((deeds) => {
    let tree: PaneTree = leaf(0);
    for (const [index, each] of deeds.entries()) tree = done(tree, each, index + 1);
    return tree;
  });

  test('panes and borders tile the area exactly, and no pane is too small', () => {
    fc.assert(
      fc.property(trees, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 60 }), (tree, width, height) => {
        const least = leastSize(tree);
        const fits = width >= least.width && height >= least.height;
        expect(arrange(tree, at(width, height)) !== undefined).toBe(fits);
        const size = { width: Math.max(width, least.width), height: Math.max(height, least.height) };
        const cells = drawn(tree, size.width, size.height);
        expect(cells.every((row) => !row.includes('?'))).toBe(true);
        for (const rect of arranged(tree, at(size.width, size.height)).panes.values()) {
          expect(rect.width).toBeGreaterThanOrEqual(LEAST.width);
          expect(rect.height).toBeGreaterThanOrEqual(LEAST.height);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('each pane is in it once, splits of one direction are never nested, and shares stay more than nothing', () => {
    const check = (tree: PaneTree, within?: Split['axis']): void => {
      if (tree.kind === 'pane') return;
      expect(tree.axis).not.toBe(within);
      expect(tree.parts.length).toBeGreaterThan(1);
      for (const { share, node } of tree.parts) {
        expect(share).toBeGreaterThan(0);
        check(node, tree.axis);
      }
    };
    fc.assert(
      fc.property(trees, (tree) => {
        const ids = paneIds(tree);
        expect(new Set(ids).size).toBe(ids.length);
        check(tree);
      }),
      { numRuns: 200 },
    );
  });

  test('a border that was moved stands where it was put, and its split is as large as before', () => {
    fc.assert(
      fc.property(trees, fc.integer({ min: -50, max: 50 }), (tree, by) => {
        for (const [split, sizes] of arrange(tree, AREA)?.sizes ?? []) {
          const moved = movedSizes(sizes, split, 0, by);
          expect(moved.reduce((sum, each) => sum + each, 0)).toBe(sizes.reduce((sum, each) => sum + each, 0));
          const again = arranged(withShares(tree, split, moved)).sizes;
          expect([...again.values()]).toContainEqual(moved);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('kept on the disk and read again, the panes lie where they lay, but for what is rounded off', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const read = treeFrom(
          savedTree(tree, (id) => `tab${id}`),
          (name) => Number(name.slice(3)),
        );
        expect(paneIds(read ?? leaf(-1))).toEqual(paneIds(tree));
        const before = arrange(tree, AREA);
        if (before === undefined || read === undefined) return;
        const { panes } = arranged(read);
        for (const [id, { x, y, width, height }] of before.panes) {
          const now = panes.get(id) ?? AREA;
          for (const off of [now.x - x, now.y - y, now.width - width, now.height - height]) {
            expect(Math.abs(off)).toBeLessThanOrEqual(2);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a tree from the disk', () => {
  test('what is no tree makes none, or a smaller one, and never fails', () => {
    const pane = fc.record({ kind: fc.constant('pane' as const), tab: fc.constantFrom('#a', '#b', '#c', '=gone') });
    const split = fc.record({
      kind: fc.constant('split' as const),
      axis: fc.constantFrom('across' as const, 'down' as const),
      shares: fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(pane, split), { maxLength: 30 }), (nodes) => {
        const ids = new Map<string, number>();
        const tree = treeFrom(nodes, (name) => {
          if (name.startsWith('=') || ids.has(name)) return undefined;
          ids.set(name, ids.size);
          return ids.size - 1;
        });
        const found = tree === undefined ? [] : paneIds(tree);
        expect(new Set(found).size).toBe(found.length);
        if (tree !== undefined) arranged(tree, { x: 0, y: 0, width: 1000, height: 500 });
      }),
    );
  });
});
