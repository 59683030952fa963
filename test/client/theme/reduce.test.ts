import fc from 'fast-check';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { contrast, fromRgb, paletteRgb } from '../../../src/client/theme/color.ts';
import { readTheme } from '../../../src/client/theme/file.ts';
import { reduceTo16 } from '../../../src/client/theme/reduce-16.ts';
import { reduceTo256 } from '../../../src/client/theme/reduce-256.ts';
import { type Reduced, reduceToNone } from '../../../src/client/theme/reduced.ts';
import { resolveTheme } from '../../../src/client/theme/resolve.ts';
import { NAMED_ROLES } from '../../../src/client/theme/roles.ts';
import type { Theme } from '../../../src/client/theme/theme.ts';

const theme = (text: string): Theme => resolveTheme('x', [readTheme(parse(text)).file]).theme;
const rgb = fc.integer({ min: 0, max: 0xffffff }).map(fromRgb);
const color = fc.oneof(rgb, fc.integer({ min: 0, max: 255 }));
const style = fc.record({ fg: color, bg: color, bold: fc.boolean() }, { requiredKeys: [] });

const anyTheme = fc
  .record({
    dark: fc.boolean(),
    ground: fc.option(color, { nil: undefined }),
    text: style,
    dim: style,
    alarm: style,
    contrast: fc.double({ min: 3, max: 12, noNaN: true }),
    chroma: fc.double({ min: 0, max: 0.3, noNaN: true }),
  })
  .map(
    ({ dark, ground, text, dim, alarm, contrast: least, chroma }): Theme => ({
      name: 'any',
      title: 'any',
      dark,
      ground,
      roles: { text, dim, alarm },
      roles16: {},
      nicks: { kind: 'circle', light: 0.7, chroma, from: 0, contrast: least },
    }),
  );

const levels = (each: Theme, terminalDark: boolean): Reduced[] => [
  reduceTo256(each, terminalDark),
  reduceTo16(each, 16, terminalDark),
  reduceTo16(each, 8, terminalDark),
];

test('whatever a theme says, no text has the colour of what it stands on', () => {
  fc.assert(
    fc.property(anyTheme, fc.boolean(), (each, terminalDark) => {
      for (const reduced of levels(each, terminalDark)) {
        for (const { fg, bg } of [...NAMED_ROLES.map(reduced.style), ...reduced.nicks()]) {
          if (fg !== undefined) expect(fg).not.toBe(bg);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('whatever a theme says, names are legible where that is possible at all', () => {
  fc.assert(
    fc.property(anyTheme, (each) => {
      const nicks = reduceTo256(each, each.dark).nicks();
      expect(new Set(nicks.map(({ fg }) => fg)).size).toBe(nicks.length);
      const [first] = nicks;
      const on = first?.bg === undefined ? (each.dark ? 0x000000 : 0xffffff) : paletteRgb(first.bg);
      // On a middling grey hardly anything is.
      fc.pre(Math.max(contrast(0x000000, on), contrast(0xffffff, on)) >= 12);
      const least = Math.min(each.nicks?.contrast ?? 0, 4.5);
      for (const { fg = -1 } of nicks) expect(contrast(paletteRgb(fg), on)).toBeGreaterThanOrEqual(least);
    }),
    { numRuns: 100 },
  );
});

test('what was legible as it was written stays so', () => {
  fc.assert(
    fc.property(rgb, rgb, (fg, ground) => {
      const each = theme('');
      const made: Theme = { ...each, ground, roles: { error: { fg }, dim: { fg } } };
      const was = contrast(fg - fromRgb(0), ground - fromRgb(0));
      const reduced = reduceTo256(made, true);
      for (const [role, least] of [
        ['error', 4.5],
        ['dim', 3],
      ] as const) {
        const is = reduced.style(role);
        const on = paletteRgb(is.bg ?? -1);
        const most = Math.max(contrast(0x000000, on), contrast(0xffffff, on));
        expect(contrast(paletteRgb(is.fg ?? -1), on)).toBeGreaterThanOrEqual(Math.min(was, least, most) - 1e-9);
      }
    }),
    { numRuns: 200 },
  );
});

test('a number of the 256 is used as it is', () => {
  expect(reduceTo256(theme('[roles]\nerror = 236\naccent = 9'), true).style('error')).toEqual({ fg: 236 });
  expect(reduceTo256(theme('[roles]\nerror = 236\naccent = 9'), true).style('accent')).toEqual({ fg: 9 });
});

test('a ground of its own is behind all that has none', () => {
  const reduced = reduceTo256(theme('ground = 234\n[roles]\ndim = 245\ntab = { fg = 250, bg = 236 }'), true);
  expect(reduced.style('dim')).toEqual({ fg: 245, bg: 234 });
  expect(reduced.style('tab')).toEqual({ fg: 250, bg: 236 });
  expect(reduced.style('text')).toEqual({ fg: 252, bg: 234 });
});

test('a terminal of the other kind gets black or white, and one of the same kind keeps its own', () => {
  const dark = theme('dark = true\n[roles]\ndim = 246');
  expect(reduceTo256(dark, true).style('text')).toEqual({});
  expect(reduceTo256(dark, false).style('text')).toEqual({ fg: 252, bg: 16 });
  expect(reduceTo256(dark, false).style('dim')).toEqual({ fg: 246, bg: 16 });
  const light = theme('dark = false\n[roles]\ndim = 242');
  expect(reduceTo256(light, false).style('text')).toEqual({});
  expect(reduceTo256(light, true).style('text')).toEqual({ fg: 235, bg: 231 });
  expect(reduceTo16(light, 16, true).style('text')).toEqual({ fg: 0, bg: 15 });
  expect(reduceTo16(light, 8, true).style('text')).toEqual({ fg: 0, bg: 7 });
});

test('where a theme has no colours, a terminal of either kind keeps its own', () => {
  const plain = theme('nicks = "default"\n[roles]\nerror = { bold = true }');
  for (const reduced of levels(plain, false)) {
    expect(reduced.style('text')).toEqual({});
    expect(reduced.style('error')).toEqual({ bold: true });
    expect(reduced.nicks()).toEqual([]);
  }
});

test('light grounds are light with sixteen colours and with eight', () => {
  const light = theme('ground = "#fdf6e3"\n[roles]\ntext = "#586e75"\nerror = "#dc322f"\nonline = "#5a6800"');
  expect(reduceTo16(light, 16, false).style('text')).toEqual({ fg: 0, bg: 15 });
  expect(reduceTo16(light, 16, false).style('error')).toEqual({ fg: 1, bg: 15 });
  expect(reduceTo16(light, 8, false).style('text')).toEqual({ fg: 0, bg: 7 });
  // No green can be read on white.
  expect(reduceTo16(light, 16, false).style('online')).toEqual({ fg: 0, bg: 15 });
});

test('with eight colours the bright ones are bold, on dark grounds only, and never where they could not be seen', () => {
  const eight = (text: string, role: 'error' | 'dim' | 'self' | 'accent' | 'alarm') =>
    reduceTo16(theme(text), 8, true).style(role);
  expect(eight('[roles16]\nerror = "bright-red"', 'error')).toEqual({ fg: 1, bold: true });
  expect(eight('[roles16]\ndim = "bright-black"', 'dim')).toEqual({});
  expect(eight('[roles16]\nself = "bright-white"', 'self')).toEqual({ fg: 7 });
  // Where bold is no brighter, blue on black.
  expect(eight('[roles16]\naccent = "bright-blue"', 'accent')).toEqual({ fg: 6, bold: true });
  expect(eight('[roles16]\nalarm = { fg = "bright-red", bg = "white" }', 'alarm')).toEqual({ fg: 0, bg: 7 });
  // Of these two the one is the other in bold.
  expect(eight('[roles16]\nalarm = { fg = "bright-magenta", bg = "magenta" }', 'alarm').fg).not.toBe(5);
});

test('bold that would make text unreadable is left out', () => {
  const bar = reduceTo16(theme('[roles16]\nstatusWarn = { fg = "black", bg = "yellow", bold = true }'), 16, true);
  expect(bar.style('statusWarn')).toEqual({ fg: 0, bg: 3, bold: true, neverBold: true });
});

test('without colours bold, underline and inverse are left', () => {
  const reduced = reduceToNone(theme('ground = 234\n[roles]\nmention = { fg = 222, bold = true, underline = true }'));
  expect(reduced.style('mention')).toEqual({ bold: true, underline: true });
  expect(reduced.style('text')).toEqual({});
});
