import { expect, test } from 'vitest';
import type { RoomName, Seq } from '../../../../src/base/ids.ts';
import { RoomRates } from '../../../../src/server/console/dashboard/room-rates.ts';

const DEV = '#dev' as RoomName;
const at = (last: number) => [{ name: DEV, last: last as Seq }];

test('a steady room comes to its rate, and a quiet one to nothing', () => {
  const rates = new RoomRates();
  let last = 0;
  for (let second = 0; second < 600; second += 1) rates.look(at((last += 2)), 1);
  expect(rates.of(DEV)).toBeCloseTo(120, 0);
  for (let second = 0; second < 600; second += 1) rates.look(at(last), 1);
  expect(rates.of(DEV)).toBe(0);
});

test('what a room already had is no burst, and a room that is gone is forgotten', () => {
  const rates = new RoomRates();
  rates.look(at(1_000_000), 1);
  rates.look(at(1_000_000), 1);
  expect(rates.of(DEV)).toBe(0);
  rates.look(at(1_000_100), 1);
  rates.look([], 1);
  expect(rates.of(DEV)).toBe(0);
});
