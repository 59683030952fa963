import { expect, test } from 'vitest';
import { type ColorLevel, DARK, DEFAULT_ATTRIBUTE, paletteOf } from '../../../src/client/terminal/theme.ts';
import type { Role } from '../../../src/client/view/cells.ts';

const ROLES = Object.keys(DARK) as Role[];
const INVERSE = 8;
const colors = (attribute: number): { fg: number; bg: number; flags: number } => ({
  fg: (attribute >> 9) & 0x1ff,
  bg: attribute & 0x1ff,
  flags: attribute >> 18,
});

test('no text is invisible, with however few colours', () => {
  for (const level of [256, 16, 8, 0] satisfies ColorLevel[]) {
    const palette = paletteOf(DARK, level);
    for (const role of ROLES) {
      const { fg, bg } = colors(palette({ role }));
      if (fg !== 0x1ff) expect(fg).toBeLessThan(level);
      if (bg !== 0x1ff) expect(bg).toBeLessThan(level);
      if (fg === bg) expect(fg).toBe(0x1ff);
      // Black on a background that may be black.
      if (bg === 0x1ff) expect(fg).not.toBe(0);
    }
  }
});

test('without colours what calls still differs from what does not', () => {
  const palette = paletteOf(DARK, 0);
  expect(palette({ role: 'text' })).toBe(DEFAULT_ATTRIBUTE);
  expect(palette({ role: 'mention' })).not.toBe(palette({ role: 'text' }));
  expect(palette({ role: 'error' })).not.toBe(palette({ role: 'notice' }));
  expect(palette({ role: 'tabActive' })).not.toBe(palette({ role: 'tab' }));
  expect(colors(palette({ role: 'statusWarn' })).flags & INVERSE).toBe(INVERSE);
});

test('bold and underline of a run are added to its role', () => {
  const palette = paletteOf(DARK, 256);
  expect(colors(palette({ role: 'text', bold: true })).flags).toBe(1);
  expect(colors(palette({ role: 'text', underline: true })).flags).toBe(2);
});
