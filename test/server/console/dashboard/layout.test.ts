import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutOf, type Rect } from '../../../../src/server/console/dashboard/layout.ts';

const anySize = fc.record({ columns: fc.integer({ min: 1, max: 400 }), rows: fc.integer({ min: 1, max: 150 }) });

test('the parts cover every cell between the title and the keys once', () => {
  fc.assert(
    fc.property(anySize, (size) => {
      const layout = layoutOf(size);
      if (layout === undefined) return;
      const rects = Object.values(layout).filter((rect): rect is Rect => rect !== undefined);
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

test('80x24 has room for everything', () => {
  expect(Object.keys(layoutOf({ columns: 80, rows: 24 }) ?? {})).toEqual(['chart', 'health', 'people', 'rooms', 'log']);
});

test('a small terminal has the log, and the numbers above it where they fit', () => {
  expect(Object.keys(layoutOf({ columns: 40, rows: 10 }) ?? {})).toEqual(['log']);
  expect(Object.keys(layoutOf({ columns: 40, rows: 20 }) ?? {})).toEqual(['health', 'log']);
  expect(layoutOf({ columns: 10, rows: 3 })).toBeUndefined();
});
