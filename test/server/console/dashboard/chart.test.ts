import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiBars, headroom, secondsOfDot } from '../../../../src/server/console/dashboard/chart.ts';
import { CHART_SECONDS } from '../../../../src/server/console/dashboard/figures.ts';

test('a value stands for as many seconds as a dot has, and all of them together for the chart’s time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), (width) => {
      const step = secondsOfDot({ width });
      expect(CHART_SECONDS % step).toBe(0);
      // A cell of braille has two dots side by side.
      if (width >= 16) expect(CHART_SECONDS / step).toBeLessThanOrEqual(width * 2);
    }),
  );
  expect([18, 40, 300].map((width) => secondsOfDot({ width }))).toEqual([15, 5, 1]);
});

test('a low chart has more room above its highest value than a high one', () => {
  expect(headroom({ height: 4 })).toBeCloseTo(9 / 7);
  expect(headroom({ height: 10 })).toBeCloseTo(33 / 31);
  expect(headroom({ height: 1 })).toBe(1);
});

test('bars of ASCII are as high as what they stand for, and say where their axis ends', () => {
  const rect = { x: 0, y: 0, width: 8, height: 4 };
  expect(asciiBars({ rect, values: [0, 0, 0, 0, 1, 2, 3, 4], top: 4 })).toEqual([
    '4      #',
    '      ##',
    '     ###',
    '    ####',
  ]);
});
