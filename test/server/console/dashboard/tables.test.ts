import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textWidth } from '../../../../src/base/text/width.ts';
import type { Row } from '../../../../src/server/console/dashboard/frame.ts';
import { byUser, CONNECTIONS } from '../../../../src/server/console/dashboard/tables/connections.ts';
import {
  type Column,
  itemsOn,
  NOTHING,
  ordersOf,
  tableRows,
} from '../../../../src/server/console/dashboard/tables/table.ts';
import { ago, connection, NOW } from './scene.ts';

interface Fruit {
  readonly name: string;
  readonly count: number;
}
const COLUMNS: readonly Column<Fruit>[] = [
  { title: 'fruit', width: 8, grows: true, matters: 2, cell: ({ name }) => ({ text: name }), compare: () => 0 },
  { title: 'count', width: 6, isNumber: true, matters: 1, cell: ({ count }) => ({ text: String(count) }) },
];
const fruits = (...names: readonly string[]): Fruit[] => names.map((name, count) => ({ name, count }));

const textOf = (row: Row): string => row.map(({ text }) => text).join('');
const linesOf = (items: readonly Fruit[], width: number, height: number, first = 0, count = items.length): string[] =>
  tableRows(
    { columns: COLUMNS, listing: { count, first, items }, order: 'fruit', empty: 'none' },
    { width, height },
    NOW,
  ).map((row) => textOf(row).trimEnd());

test('the sorted column is marked, numbers stand to the right, and the growing column takes the rest', () => {
  expect(linesOf(fruits('apple', 'pear'), 20, 5)).toEqual([
    'fruit↓        count',
    'apple             0',
    'pear              1',
  ]);
});

test('where some remain below, the last row says how many', () => {
  expect(linesOf(fruits('a', 'b', 'c', 'd'), 20, 4).slice(1)).toEqual([
    'a                 0',
    'b                 1',
    '… and 2 more',
  ]);
  expect(linesOf(fruits('a', 'b', 'c'), 20, 4).slice(1)).toHaveLength(3);
  expect(linesOf(fruits('c', 'd'), 20, 4, 2, 4).slice(1)).toHaveLength(2);
});

test('a narrow table loses the columns that matter least', () => {
  expect(linesOf(fruits('apple'), 13, 2)).toEqual(['fruit↓', 'apple']);
});

test('without items it says so', () => {
  expect(
    tableRows({ columns: COLUMNS, listing: NOTHING, order: '', empty: 'none' }, { width: 20, height: 3 }, NOW).map(
      textOf,
    ),
  ).toEqual(['fruit         count ', 'none']);
});

test('no row is wider or longer than its place, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ name: fc.string({ unit: 'binary' }), count: fc.nat() }), { maxLength: 12 }),
      fc.nat(40),
      fc.nat(10),
      fc.nat(12),
      (items, width, height, first) => {
        const rows = tableRows(
          { columns: COLUMNS, listing: { count: first + items.length, first, items }, order: 'fruit', empty: 'none' },
          { width, height },
          NOW,
        );
        expect(rows.length).toBeLessThanOrEqual(height);
        for (const row of rows) expect(textWidth(textOf(row))).toBeLessThanOrEqual(width);
        expect(itemsOn(height, first + items.length, first)).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

describe('connections', () => {
  const [slow, idle, unknown, slower] = [
    connection(1, 'zoe', { waiting: 5, behindSince: ago(1000) }),
    connection(2, 'alice'),
    connection(3, undefined, { from: '10.0.0.7' }),
    connection(4, 'bob', { waiting: 9000, behindSince: ago(60_000) }),
  ];
  const sorted = (title: string): number[] => {
    const compare = ordersOf(CONNECTIONS).find((column) => column.title === title)?.compare;
    return [slow, idle, unknown, slower].toSorted(compare).map(({ id }) => Number(id));
  };

  test('those who have said who they are come first', () => {
    expect([unknown, slow, idle].toSorted(byUser).map(({ id }) => Number(id))).toEqual([2, 1, 3]);
  });

  test('sort by what waits for them, and by how long it has', () => {
    expect(sorted('waits')).toEqual([4, 1, 2, 3]);
    expect(sorted('lag')).toEqual([4, 1, 2, 3]);
  });
});
