import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  contrast,
  contrast16,
  distance,
  isDark,
  labOf,
  looks16,
  nearest16,
  nearest256,
  paletteRgb,
} from '../../../src/client/theme/color.ts';

const rgb = fc.integer({ min: 0, max: 0xffffff });
const hex = (value: number): string => value.toString(16).padStart(6, '0');

test("contrast is WCAG's: its own examples, and the same both ways", () => {
  expect(contrast(0x000000, 0xffffff)).toBeCloseTo(21, 5);
  // The lightest grey that is legible on white, as every checker says.
  expect(contrast(0x767676, 0xffffff)).toBeCloseTo(4.54, 2);
  expect(contrast(0xff0000, 0xffffff)).toBeCloseTo(3.998, 2);
  fc.assert(fc.property(rgb, rgb, (a, b) => contrast(a, b) === contrast(b, a) && contrast(a, b) >= 1));
});

test("OKLab is Ottosson's: white, and the examples of his table", () => {
  const shown = (value: number): number[] => Object.values(labOf(value)).map((each) => Math.round(each * 1000) / 1000);
  expect(shown(0xffffff).map(Math.abs)).toEqual([1, 0, 0]);
  expect(shown(0xff0000)).toEqual([0.628, 0.225, 0.126]);
  expect(shown(0x0000ff)).toEqual([0.452, -0.032, -0.312]);
});

test("xterm's cube and its greys", () => {
  expect([16, 21, 75, 196, 231, 232, 255].map((index) => hex(paletteRgb(index)))).toEqual([
    '000000',
    '0000ff',
    '5fafff',
    'ff0000',
    'ffffff',
    '080808',
    'eeeeee',
  ]);
});

test('each of the 240 becomes itself, but where two look the same', () => {
  for (let index = 16; index < 256; index += 1) {
    expect(hex(paletteRgb(nearest256(labOf(paletteRgb(index)))))).toBe(hex(paletteRgb(index)));
  }
});

test('a grey stays a grey', () => {
  // A library that draws for us made yellow of these two.
  for (const grey of [0x7f7f7f, 0x808080]) expect(paletteRgb(nearest256(labOf(grey)))).toBe(0x808080);
});

test('the nearest is never one of the sixteen, and no other is nearer', () => {
  fc.assert(
    fc.property(rgb, (value) => {
      const index = nearest256(labOf(value));
      expect(index).toBeGreaterThanOrEqual(16);
      const far = distance(labOf(value), labOf(paletteRgb(index)));
      for (let other = 16; other < 256; other += 1) {
        expect(distance(labOf(value), labOf(paletteRgb(other)))).toBeGreaterThanOrEqual(far);
      }
    }),
    { numRuns: 50 },
  );
});

test('what has to be legible is, wherever that is possible', () => {
  fc.assert(
    fc.property(rgb, rgb, fc.double({ min: 1, max: 7, noNaN: true }), (value, on, least) => {
      const found = contrast(paletteRgb(nearest256(labOf(value), { on, least })), on);
      const most = Math.max(contrast(0x000000, on), contrast(0xffffff, on));
      expect(found).toBeGreaterThanOrEqual(Math.min(least, most) - 1e-9);
    }),
    { numRuns: 100 },
  );
});

test('of the sixteen, a colour becomes one of its hue, or none', () => {
  const all = Array.from({ length: 16 }, (_, index) => index);
  const black = looks16(0);
  const white = looks16(15);
  const named = (value: number, on: readonly [number, number], least = 3): number | undefined =>
    nearest16(labOf(value), all, on, least);
  expect(named(0xbf616a, black)).toBe(9);
  expect(named(0x88c0d0, black)).toBe(6);
  expect(named(0xa3be8c, black)).toBe(2);
  expect(named(0xd8dee9, black)).toBe(7);
  // Blue is the Linux console's worst on black.
  expect(named(0x268bd2, black)).toBe(12);
  // Green, on white, is legible in neither of its forms: better black than red.
  expect(named(0x008700, white)).toBeUndefined();
  expect(named(0x005faf, white)).toBe(4);
});

test('contrast of one of the sixteen is the worse of two palettes', () => {
  expect(contrast16(3, looks16(0))).toBeCloseTo(contrast(0xaa5500, 0x000000), 5);
  expect(contrast16(2, looks16(15))).toBeCloseTo(contrast(0x00cd00, 0xffffff), 5);
});

test('dark is what white is better written on', () => {
  expect([0x000000, 0x002b36, 0x767676, 0xfdf6e3, 0xffffff].map(isDark)).toEqual([true, true, false, false, false]);
});
