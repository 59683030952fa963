import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longDuration, parseDuration, shortDuration } from '../../src/base/duration.ts';

describe('a duration that somebody typed', () => {
  test.each([
    ['90', 90_000],
    ['90s', 90_000],
    [' 15m ', 900_000],
    ['1h', 3_600_000],
    ['2d', 172_800_000],
    ['0', 0],
    ['3650d', 315_360_000_000],
  ])('%j is %i ms', (typed, ms) => expect(parseDuration(typed)).toEqual({ ok: true, value: ms }));

  test.each(['', 's', '-1', '1.5h', '1 h', '1w', '1H', '10000000000', '１'])(
    '%j is refused with an example',
    (typed) => {
      expect(parseDuration(typed)).toEqual({
        ok: false,
        error: `"${typed}" is not a duration: write 90, 90s, 15m, 1h or 2d`,
      });
    },
  );

  test('of more than ten years is refused', () => {
    expect(parseDuration('3651d')).toEqual({ ok: false, error: '"3651d" is longer than ten years' });
    expect(parseDuration('999999999d').ok).toBe(false);
  });

  test('is a safe whole number whenever it is taken', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,10}[smhd]?$/), (typed) => {
        const parsed = parseDuration(typed);
        if (parsed.ok) expect(Number.isSafeInteger(parsed.value)).toBe(true);
      }),
    );
  });
});

test.each([
  [0, '0s'],
  [-5, '0s'],
  [999, '0s'],
  [45_000, '45s'],
  [59_999, '59s'],
  [200_000, '3m'],
  [3_599_999, '59m'],
  [9_000_000, '2h'],
  [86_399_999, '23h'],
  [180_000_000, '2d'],
])('in a list %i ms are %s', (ms, shown) => expect(shortDuration(ms)).toBe(shown));

test.each([
  [0, '0 s'],
  [10_000, '10 s'],
  [90_000, '90 s'],
  [900_000, '15 min'],
  [5_400_000, '90 min'],
  [7_200_000, '2 h'],
  [86_400_000, '1 day'],
  [259_200_000, '3 days'],
])('in a sentence %i ms are %s', (ms, shown) => expect(longDuration(ms)).toBe(shown));

test('a duration in a sentence loses no second', () => {
  const MS = { s: 1000, min: 60_000, h: 3_600_000, day: 86_400_000, days: 86_400_000 } as const;
  fc.assert(
    fc.property(fc.nat(1_000_000), (seconds) => {
      const [count, unit] = longDuration(seconds * 1000).split(' ');
      expect(Number(count) * MS[unit as keyof typeof MS]).toBe(seconds * 1000);
    }),
  );
});
