import { afterEach, beforeEach, expect, test } from 'vitest';
import type { UnixMs } from '../../../src/base/ids.ts';
import { clockTime, dayOf, dayTitle } from '../../../src/base/text/time.ts';

const zone = process.env['TZ'];
beforeEach(() => {
  process.env['TZ'] = 'Europe/Berlin';
});
afterEach(() => {
  process.env['TZ'] = zone;
});

const at = (iso: string): UnixMs => Date.parse(iso) as UnixMs;

test('the clock shows hours and minutes of this place', () => {
  expect(clockTime(at('2026-11-20T08:05:59Z'))).toBe('09:05');
  expect(clockTime(at('2026-07-20T22:30:00Z'))).toBe('00:30');
});

test('a day begins at midnight of this place', () => {
  expect(dayOf(at('2026-11-20T22:59:59Z'))).toBe('2026-11-20');
  expect(dayOf(at('2026-11-20T23:00:00Z'))).toBe('2026-11-21');
  expect(dayOf(at('2027-01-01T12:00:00Z'))).toBe('2027-01-01');
});

test('a day is titled in English', () => {
  expect(dayTitle(at('2026-11-20T12:00:00Z'))).toBe('Friday 20 November');
  expect(dayTitle(at('2027-01-02T12:00:00Z'))).toBe('Saturday 2 January');
  for (let month = 0; month < 12; month++)
    expect(dayTitle(Date.UTC(2026, month, 15, 12) as UnixMs)).toContain(
      new Intl.DateTimeFormat('en', { month: 'long' }).format(Date.UTC(2026, month, 15, 12)),
    );
});
