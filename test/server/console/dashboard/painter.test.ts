import { expect, test } from 'vitest';
import { run } from '../../../../src/server/console/dashboard/frame.ts';
import { createPainter } from '../../../../src/server/console/dashboard/painter.ts';

type Line = [number, string][] & { dirty: boolean };
const line = (columns: number): Line =>
  Object.assign(
    Array.from({ length: columns }, (): [number, string] => [0, ' ']),
    { dirty: false },
  );

test('a row that is longer than the buffer ends where the buffer ends', () => {
  const cells = { lines: [line(5)], olines: [line(5)] };
  const paint = createPainter({ cells, color: true, unicode: true });
  paint(0, 3, 300, [run('abcdef')]);
  paint(0, 9, 300, [run('abcdef 你好')]);
  paint(7, 0, 300, [run('no such row')]);
  expect(cells.lines[0]?.map(([, text]) => text).join('')).toBe('   ab');
});

test('a wide character that only half fits is left out', () => {
  const cells = { lines: [line(4)], olines: [line(4)] };
  const paint = createPainter({ cells, color: true, unicode: true });
  paint(0, 0, 3, [run('你好')]);
  expect(cells.lines[0]?.map(([, text]) => text)).toEqual(['你', '', ' ', ' ']);
});
