import { describe, expect, test } from 'vitest';
import { figureLine, number, type Row, table } from './table.ts';

const rows: Row[] = [
  { benchmark: 'idle', name: 'memory of each', value: 5249.4, unit: 'bytes', goal: { atMost: 15_000 } },
  { benchmark: 'logins', name: 'guests', value: 812, unit: '/s', goal: { atLeast: 1000 } },
  { benchmark: 'store', name: 'wait', value: 0.0421, unit: 'ms' },
];

describe('the table of figures', () => {
  test('stands in columns, numbers at their right, with the goal and whether it is met in words', () => {
    expect(table(rows, true)).toBe(
      [
        'BENCHMARK  FIGURE          VALUE  UNIT   GOAL            COMPARED',
        'idle       memory of each  5,249  bytes  at most 15,000  met, 0.35 of it',
        'logins     guests            812  /s     at least 1,000  missed, 0.81 of it',
        'store      wait            0.042  ms',
        '',
      ].join('\n'),
    );
  });

  test('holds nothing of a quick run against a goal', () => {
    expect(table(rows, false)).not.toMatch(/met|missed/);
    expect(table(rows, false)).toContain('at most 15,000');
  });

  test('has a figure that reaches its goal exactly as met', () => {
    const exact: Row[] = [
      { benchmark: 'a', name: 'b', value: 5, unit: 'ms', goal: { atMost: 5 } },
      { benchmark: 'a', name: 'c', value: 5, unit: 'ms', goal: { atLeast: 5 } },
    ];
    expect(table(exact, true).match(/met, 1\.00 of it/g)).toHaveLength(2);
  });
});

test('a number has the digits that count', () => {
  expect([0, 0.0123, 1.234, 12.34, 123.4, 1234.5, 9_876_543].map(number)).toEqual([
    '0',
    '0.012',
    '1.23',
    '12.3',
    '123',
    '1,235',
    '9,876,543',
  ]);
});

test('a figure by itself is a line, with its goal where there is one', () => {
  expect(figureLine(rows[1] ?? { name: '', value: 0, unit: '' })).toMatch(
    /^ {2}guests +812 \/s {3}goal at least 1,000: missed, 0\.81 of it$/,
  );
  expect(figureLine({ name: 'wait', value: 1, unit: 'ms' })).toMatch(/1\.00 ms$/);
});
