import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  axisTop,
  CHART_SECONDS,
  firstOf,
  Rate,
  shortBytes,
  shortCount,
  shortMs,
  uptime,
} from '../../../../src/server/console/dashboard/figures.ts';
import { byPresence } from '../../../../src/server/console/dashboard/tables/people.ts';
import { byMembers, type RoomRow } from '../../../../src/server/console/dashboard/tables/rooms.ts';
import { person, room } from './scene.ts';

const HOUR = 3_600_000;

describe('the rate', () => {
  test('of 12 messages in 3 seconds is 4 in each of them', () => {
    const rate = new Rate();
    rate.add(12, 3);
    expect(rate.now).toBe(4);
    expect(rate.values.slice(-4)).toEqual([0, 4, 4, 4]);
  });

  test('covers the last five minutes, however late the ticks come', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1e6), fc.double({ min: 0, max: 1e6, noNaN: true }))), (ticks) => {
        const rate = new Rate();
        for (const [count, seconds] of ticks) rate.add(count, seconds);
        expect(rate.values).toHaveLength(CHART_SECONDS);
        expect(rate.values.every((value) => value >= 0 && value <= rate.peak)).toBe(true);
      }),
    );
  });

  test('of each few seconds is the highest in them; where they begin does not move with time', () => {
    const rate = new Rate();
    for (const count of [1, 9, 2, 0, 0, 5, 3]) rate.add(count, 1);
    // Seconds 0 to 3, and 4 to 6 of a step that has not ended.
    expect(rate.highest(4).slice(-2)).toEqual([9, 5]);
    rate.add(4, 1);
    expect(rate.highest(4).slice(-2)).toEqual([9, 5]);
    rate.add(1, 1);
    expect(rate.highest(4).slice(-3)).toEqual([9, 5, 1]);
  });

  test('of each few seconds never leaves out the highest of the last minutes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { maxLength: 700 }), fc.constantFrom(1, 2, 5, 12, 60), (counts, step) => {
        const rate = new Rate();
        for (const count of counts) rate.add(count, 1);
        const highest = rate.highest(step);
        expect(highest).toHaveLength(CHART_SECONDS / step);
        // The oldest, of a step that has begun before the chart, are the only ones that may be left out.
        const kept = rate.values.slice(step);
        expect(Math.max(...highest)).toBeGreaterThanOrEqual(Math.max(0, ...kept));
        expect(Math.max(...highest)).toBeLessThanOrEqual(Math.max(...rate.values));
      }),
    );
  });

  test('keeps its peak after it has left the chart', () => {
    const rate = new Rate();
    rate.add(212, 1);
    for (let i = 0; i < CHART_SECONDS; i += 1) rate.add(0, 1);
    expect(Math.max(...rate.values)).toBe(0);
    expect(rate.peak).toBe(212);
  });
});

test('the axis ends at or above the peak, at most twice as high, and at a multiple of four', () => {
  fc.assert(
    fc.property(fc.double({ min: 5, max: 1e9, noNaN: true }), (peak) => {
      const top = axisTop(peak);
      expect(top).toBeGreaterThanOrEqual(peak);
      expect(top).toBeLessThanOrEqual(2 * peak);
      expect(Math.abs(top / 4 - Math.round(top / 4))).toBeLessThan(1e-6);
    }),
  );
});

test('the axis of an idle server has a height', () => {
  expect(axisTop(0)).toBe(4);
});

test('the first few are those that sorting everything would give', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(30), (numbers, limit) => {
      const compare = (a: number, b: number): number => a - b;
      expect(firstOf(numbers, limit, compare)).toEqual(numbers.toSorted(compare).slice(0, limit));
    }),
  );
});

test('who is online stands before who is away, each by name; the fullest room first', () => {
  const people = [person('bob', { state: 'away' }), person('zoe'), person('al', { state: 'away' }), person('carol')];
  expect(firstOf(people, 9, byPresence).map(({ name }) => name)).toEqual(['carol', 'zoe', 'al', 'bob']);
  const quiet = (name: string, members: number): RoomRow => ({ ...room(name, { members }), rate: 0 });
  const rooms = [quiet('#a', 2), quiet('#c', 9), quiet('#b', 2)];
  expect(firstOf(rooms, 9, byMembers).map(({ name }) => name)).toEqual(['#c', '#a', '#b']);
});

test('numbers are short enough for their column', () => {
  expect([0, 4, 4.12, 9.96, 212.4, 9999, 12_345, 999_960, 7_300_000].map(shortCount)).toEqual([
    '0',
    '4',
    '4.1',
    '10',
    '212',
    '9999',
    '12.3k',
    '1.0M',
    '7.3M',
  ]);
  expect([0, 999, 4096, 41_000_000, 1_540_000_000].map(shortBytes)).toEqual([
    '0 B',
    '999 B',
    '4 kB',
    '41 MB',
    '1.5 GB',
  ]);
  expect([0.04, 1.23, 12.3, 999.4, 1500].map(shortMs)).toEqual(['0.0 ms', '1.2 ms', '12 ms', '999 ms', '1.5 s']);
  expect([0, 5 * 60_000, 3 * HOUR + 240_000, 76 * HOUR].map(uptime)).toEqual(['<1m', '5m', '3h 4m', '3d 4h']);
});
