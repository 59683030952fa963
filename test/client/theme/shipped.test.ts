/** Every theme that comes with the program, looked at with every number of colours. */
import { describe, expect, test } from 'vitest';
import { BUILT_IN_DARK, BUILT_IN_MONOCHROME } from '../../../src/client/theme/built-in.ts';
import { contrast, contrast16, distance, labOf, looks16, paletteRgb } from '../../../src/client/theme/color.ts';
import { reduceTo16 } from '../../../src/client/theme/reduce-16.ts';
import { reduceTo256 } from '../../../src/client/theme/reduce-256.ts';
import type { CellStyle, Reduced } from '../../../src/client/theme/reduced.ts';
import { LEAST_CONTRAST, NAMED_ROLES, NICK_ROLES, roleInfo } from '../../../src/client/theme/roles.ts';
import { isColourless, SHIPPED, THEME_NAME } from '../../../src/client/theme/theme.ts';
import { NAMES, shipped } from './themes-folder.ts';

const COLOURED = NAMES.filter((name) => !isColourless(shipped(name).theme));
/** Of black and white, which the theme leaves to the terminal. */
const own = (dark: boolean): number => (dark ? 0x000000 : 0xffffff);

/** What of a theme is hard to read: `dim 2.9`. */
function faint(reduced: Reduced, dark: boolean, measure: (style: CellStyle) => number, share = 1): string[] {
  const ground = own(dark);
  return NAMED_ROLES.flatMap((role) => {
    const style = reduced.style(role);
    const isOwn = style.fg === undefined && style.bg === undefined;
    const has = isOwn ? contrast(own(!dark), ground) : measure(style);
    return has >= LEAST_CONTRAST[roleInfo(role).kind] * share ? [] : [`${role} ${has.toFixed(2)}`];
  });
}

test('are those that the program knows of', () => {
  expect([...SHIPPED].toSorted()).toEqual([...NAMES].toSorted());
  for (const name of NAMES) expect(name).toMatch(THEME_NAME);
});

test('the two that are in the code are what their files come to', () => {
  expect(shipped('dark').theme).toEqual(BUILT_IN_DARK);
  expect(shipped('monochrome').theme).toEqual(BUILT_IN_MONOCHROME);
});

describe.each(NAMES)('%s', (name) => {
  const { theme, wrong } = shipped(name);

  test('has no fault, and says what it is', () => {
    expect(wrong).toEqual([]);
    expect(theme.title).not.toBe(name);
  });

  test('with 256 colours all text has 4.5 to 1, and what is quiet 3 to 1', () => {
    const rgb = (index: number | undefined, otherwise: number): number =>
      index === undefined ? otherwise : paletteRgb(index);
    const measure = ({ fg, bg }: CellStyle): number => contrast(rgb(fg, own(!theme.dark)), rgb(bg, own(theme.dark)));
    expect(faint(reduceTo256(theme, theme.dark), theme.dark, measure)).toEqual([]);
    // On a terminal of the other kind it brings its own ground.
    expect(faint(reduceTo256(theme, !theme.dark), theme.dark, measure)).toEqual([]);
  });

  test.each([16, 8] as const)('with %i colours nothing is hard to read in either palette', (level) => {
    for (const terminalDark of [true, false]) {
      const reduced = reduceTo16(theme, level, terminalDark);
      const measure = (style: CellStyle): number => {
        const { fg, bg, bold = false, neverBold = false } = style;
        const on = bg === undefined ? ([own(theme.dark), own(theme.dark)] as const) : looks16(bg);
        if (fg === undefined) return contrast(own(!theme.dark), on[0]);
        expect(fg).toBeLessThan(level);
        expect(fg).not.toBe(bg);
        // Bold is brighter to some terminals, and to others it isn't.
        const brighter = bold && !neverBold && fg < 8 ? contrast16(fg + 8, on) : 0;
        return Math.max(brighter, contrast16(fg, on));
      };
      expect(faint(reduced, theme.dark, measure, 0.6)).toEqual([]);
    }
  });

  test('colours stand on the ground of the theme, so that the whole screen has it', () => {
    for (const reduced of [reduceTo256(theme, theme.dark), reduceTo16(theme, 16, theme.dark)]) {
      const ground = reduced.style('text').bg;
      if (theme.ground !== undefined) expect(ground).toBeDefined();
      for (const nick of reduced.nicks()) expect(nick.bg).toBe(ground);
      expect(reduced.style('dim').bg).toBe(ground);
      expect(reduced.style('border').bg).toBe(ground);
    }
  });
});

describe.each(COLOURED)('the names in %s', (name) => {
  const { theme } = shipped(name);

  test('are twelve colours, each legible on its ground and none like another', () => {
    const nicks = reduceTo256(theme, theme.dark).nicks();
    expect(nicks.length).toBe(NICK_ROLES.length);
    for (const { fg = -1, bg } of nicks) {
      const ground = bg === undefined ? own(theme.dark) : paletteRgb(bg);
      expect(contrast(paletteRgb(fg), ground)).toBeGreaterThanOrEqual(4.5);
    }
    for (const [at, one] of nicks.entries()) {
      for (const other of nicks.slice(at + 1)) {
        const [a, b] = [one, other].map(({ fg = -1 }) => labOf(paletteRgb(fg)));
        // The least that one sees when two of them stand one above the other.
        expect(a === undefined || b === undefined ? 0 : distance(a, b)).toBeGreaterThan(0.03);
      }
    }
  });

  test.each([16, 8] as const)('with %i colours are as many as can be read', (level) => {
    const nicks = reduceTo16(theme, level, theme.dark).nicks();
    expect(new Set(nicks.map(({ fg }) => fg)).size).toBe(nicks.length);
    expect(nicks.length).toBeGreaterThanOrEqual(2);
    const on = nicks[0]?.bg === undefined ? ([own(theme.dark), own(theme.dark)] as const) : looks16(nicks[0].bg);
    for (const { fg = -1 } of nicks) expect(contrast16(fg, on)).toBeGreaterThanOrEqual(3);
  });
});

test('high contrast has 7 to 1 everywhere', () => {
  const { theme } = shipped('high-contrast');
  const reduced = reduceTo256(theme, true);
  for (const style of [...NAMED_ROLES.map(reduced.style), ...reduced.nicks()]) {
    expect(contrast(paletteRgb(style.fg ?? -1), paletteRgb(style.bg ?? -1))).toBeGreaterThanOrEqual(7);
  }
});

test('a bar stands out from the ground, and the open tab from the bar, with any number of colours', () => {
  for (const name of NAMES) {
    const { theme } = shipped(name);
    for (const reduced of [
      reduceTo256(theme, theme.dark),
      reduceTo16(theme, 16, theme.dark),
      reduceTo16(theme, 8, theme.dark),
    ]) {
      const look = ({ bg, bold, inverse }: CellStyle): string => JSON.stringify([bg, bold, inverse]);
      expect([name, look(reduced.style('tab'))]).not.toEqual([name, look(reduced.style('text'))]);
      expect([name, look(reduced.style('tabActive'))]).not.toEqual([name, look(reduced.style('tab'))]);
      expect([name, look(reduced.style('selection'))]).not.toEqual([name, look(reduced.style('text'))]);
      expect([name, look(reduced.style('alarm'))]).not.toEqual([name, look(reduced.style('text'))]);
    }
  }
});
