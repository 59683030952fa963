import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram, POWERS_OF_TWO, SECONDS, Windows } from '../../../src/server/figures/histogram.ts';

test('bounds ascend, and are numbers that can be read', () => {
  for (const bounds of [SECONDS, POWERS_OF_TWO])
    for (const [i, bound] of bounds.entries()) expect(bound).toBeGreaterThan(bounds[i - 1] ?? 0);
  expect(SECONDS.every((bound) => String(bound).length <= 9)).toBe(true);
});

test('each value is in the first bucket whose bound it does not pass, and counts once', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1000, noNaN: true })), (values) => {
      const histogram = new Histogram(SECONDS);
      for (const value of values) histogram.record(value);
      const expected = SECONDS.map((bound, i) => values.filter((v) => v <= bound && v > (SECONDS[i - 1] ?? -1)).length);
      expect(histogram.counts.slice(0, -1)).toEqual(expected);
      expect(histogram.counts.at(-1)).toBe(values.filter((value) => value > 80).length);
      expect(histogram.count).toBe(values.length);
      expect(histogram.sum).toBeCloseTo(
        values.reduce((sum, value) => sum + value, 0),
        6,
      );
    }),
  );
});

describe('a window', () => {
  test('has what came since the last look, and nothing where nothing did', () => {
    const histogram = new Histogram(SECONDS);
    histogram.record(5);
    const windows = new Windows(histogram);
    expect(windows.take()).toBeUndefined();
    for (let i = 0; i < 99; i += 1) histogram.record(0.002);
    histogram.record(0.5);
    const { count, p50 = 0, p99 = 0 } = windows.take() ?? {};
    expect(count).toBe(100);
    expect(p50).toBeGreaterThan(0.0016);
    expect(p50).toBeLessThanOrEqual(0.002);
    // The worst of a hundred is left out.
    expect(p99).toBeLessThanOrEqual(0.002);
    expect(windows.take()).toBeUndefined();
  });

  test('knows its highest value exactly, and no percentile is above it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1 }), (values) => {
        const histogram = new Histogram(SECONDS);
        const windows = new Windows(histogram);
        for (const value of values) histogram.record(value);
        const spread = windows.take();
        expect(spread?.max).toBe(Math.max(...values));
        expect(spread?.p50).toBeLessThanOrEqual(spread?.p99 ?? 0);
        expect(spread?.p99).toBeLessThanOrEqual(spread?.max ?? 0);
      }),
    );
  });

  test('is within a quarter of the true percentile', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.0001, max: 10, noNaN: true }), { minLength: 50 }), (values) => {
        const histogram = new Histogram(SECONDS);
        const windows = new Windows(histogram);
        for (const value of values) histogram.record(value);
        const sorted = values.toSorted((a, b) => a - b);
        const truth = sorted[Math.ceil(values.length / 2) - 1] ?? 0;
        const { p50 = 0 } = windows.take() ?? {};
        expect(p50 / truth).toBeGreaterThan(0.75);
        expect(p50 / truth).toBeLessThan(1.3);
      }),
    );
  });
});
