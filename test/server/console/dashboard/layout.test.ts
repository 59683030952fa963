import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Choice,
  type Layout,
  layoutOf,
  type Rect,
  TABLES,
} from '../../../../src/server/console/dashboard/layout.ts';

const anySize = fc.record({ columns: fc.integer({ min: 1, max: 400 }), rows: fc.integer({ min: 1, max: 150 }) });
const anyChoice: fc.Arbitrary<Choice> = fc.record({
  focus: fc.constantFrom(...TABLES, 'log' as const),
  table: fc.constantFrom(...TABLES),
  zoomed: fc.boolean(),
});
const LOG: Choice = { focus: 'log', table: 'people', zoomed: false };

/** By their names. */
const partsOf = ({ charts, health, panes }: Layout): Record<string, Rect> => ({
  ...charts,
  ...(health === undefined ? {} : { health }),
  ...panes,
});
const namesOf = (columns: number, rows: number, choice: Choice = LOG): string[] =>
  Object.keys(partsOf(layoutOf({ columns, rows }, choice) ?? { panes: {} }));

test('the parts cover every cell between the title and the keys once', () => {
  fc.assert(
    fc.property(anySize, anyChoice, (size, choice) => {
      const layout = layoutOf(size, choice);
      if (layout === undefined) return;
      const rects = Object.values(partsOf(layout));
      const cells = rects.reduce((sum, { width, height }) => sum + width * height, 0);
      expect(cells).toBe(size.columns * (size.rows - 2));
      for (const [i, a] of rects.entries()) {
        expect(a.x >= 0 && a.y >= 1 && a.x + a.width <= size.columns && a.y + a.height <= size.rows - 1).toBe(true);
        expect(a.width >= 3 && a.height >= 3).toBe(true);
        for (const b of rects.slice(i + 1))
          expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(
            true,
          );
      }
    }),
  );
});

test('what is looked at is always to be seen', () => {
  fc.assert(
    fc.property(anySize, anyChoice, (size, choice) => {
      const shown = choice.focus === 'log' ? choice : { ...choice, table: choice.focus };
      const layout = layoutOf(size, shown);
      if (layout !== undefined) expect(layout.panes[choice.focus]).toBeDefined();
    }),
  );
});

test('80x24 has room for everything, and one table; 160x48 for all three', () => {
  const small = ['messages', 'deliveries', 'health'];
  expect(namesOf(80, 24)).toEqual([...small, 'people', 'log']);
  expect(namesOf(80, 24, { ...LOG, table: 'rooms' })).toEqual([...small, 'rooms', 'log']);
  expect(namesOf(160, 48)).toEqual([...small, 'people', 'rooms', 'connections', 'log']);
});

test('a small terminal has what is looked at, and the numbers above it where they fit', () => {
  expect(namesOf(40, 12)).toEqual(['log']);
  expect(namesOf(40, 12, { ...LOG, focus: 'connections' })).toEqual(['connections']);
  expect(namesOf(40, 20)).toEqual(['health', 'log']);
  expect(layoutOf({ columns: 10, rows: 3 }, LOG)).toBeUndefined();
});

test('what is looked at twice is alone', () => {
  expect(namesOf(160, 48, { ...LOG, focus: 'rooms', zoomed: true })).toEqual(['rooms']);
});
