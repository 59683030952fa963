import { describe, expect, test } from 'vitest';
import { isSameKeep, keepText, keepWords, parseKeep } from '../../src/base/keep.ts';

const DAY = 86_400_000;

describe('what is kept', () => {
  test.each([
    ['90d', { age: 90 * DAY }, '90d', 'for 90 days'],
    ['12w', { age: 84 * DAY }, '84d', 'for 84 days'],
    ['1D', { age: DAY }, '1d', 'for 1 day'],
    ['36h', { age: 1.5 * DAY }, '36h', 'for 36 h'],
    ['90m', { age: 5_400_000 }, '90m', 'for 90 min'],
    ['90s', { age: 90_000 }, '90s', 'for 90 s'],
    ['1GB', { bytes: 1e9 }, '1GB', 'up to 1 GB'],
    ['1.5gb', { bytes: 1.5e9 }, '1.5GB', 'up to 1.5 GB'],
    ['500MB', { bytes: 5e8 }, '500MB', 'up to 500 MB'],
    ['64KiB', { bytes: 65_536 }, '65.536kB', 'up to 65.536 kB'],
    ['90d,1GB', { age: 90 * DAY, bytes: 1e9 }, '90d,1GB', 'for 90 days, and up to 1 GB'],
    [' 1GB, 90d ', { age: 90 * DAY, bytes: 1e9 }, '90d,1GB', 'for 90 days, and up to 1 GB'],
    ['1GB 90d', { age: 90 * DAY, bytes: 1e9 }, '90d,1GB', 'for 90 days, and up to 1 GB'],
    ['Forever', {}, 'forever', 'forever'],
  ])('%s', (typed, keep, text, words) => {
    expect(parseKeep(typed)).toEqual({ ok: true, value: keep });
    expect([keepText(keep), keepWords(keep)]).toEqual([text, words]);
    // What is written is read back as the same.
    expect(parseKeep(text)).toEqual({ ok: true, value: keep });
  });

  test.each([
    ['90', 'no age and no size'],
    ['', 'no age and no size'],
    ['90 d', 'no age and no size'],
    ['0d', 'too short'],
    ['59s', 'too short'],
    ['1kB', 'too little'],
    ['11y', 'no age and no size'],
    ['4000d', 'longer than ten years'],
    ['600w', 'longer than ten years'],
    ['20TB', 'more than any disk'],
    ['90d,10d', 'twice'],
    ['1GB,1MB', 'twice'],
    ['90d,forever', 'no age and no size'],
    ['-1d', 'no age and no size'],
  ])('%j is refused: %s', (typed, why) => {
    const parsed = parseKeep(typed);
    expect(parsed.ok ? '' : parsed.error).toContain(why);
  });

  test('is the same where both of its limits are', () => {
    expect(isSameKeep({ age: 1, bytes: 2 }, { bytes: 2, age: 1 })).toBe(true);
    expect(isSameKeep({ age: 1 }, { age: 1, bytes: 2 })).toBe(false);
    expect(isSameKeep({}, { age: 1 })).toBe(false);
  });
});
