import { expect, test } from 'vitest';
import { DARK, DEFAULT_ATTRIBUTE, paletteOf } from '../../../src/client/terminal/theme.ts';
import { NAMED_ROLES, NICK_ROLES } from '../../../src/client/theme/roles.ts';
import type { Theme } from '../../../src/client/theme/theme.ts';
import { shipped } from '../theme/themes-folder.ts';

const DEFAULT = 0x1ff;
const BOLD = 1;
const UNDERLINE = 2;
const INVERSE = 8;
const parts = (attribute: number): { fg: number; bg: number; flags: number } => ({
  fg: (attribute >> 9) & 0x1ff,
  bg: attribute & 0x1ff,
  flags: attribute >> 18,
});
const solarized: Theme = shipped('solarized-dark').theme;

test('before anything is chosen, text and blanks are as the terminal has them', () => {
  for (const level of [256, 16, 8, 0] as const) {
    const palette = paletteOf(DARK, level);
    expect(palette({ role: 'text' })).toBe(DEFAULT_ATTRIBUTE);
    expect(palette({ role: 'blank' })).toBe(DEFAULT_ATTRIBUTE);
  }
});

test('bold and underline of a run are added to its role', () => {
  const palette = paletteOf(DARK, 256);
  expect(parts(palette({ role: 'text', bold: true })).flags).toBe(BOLD);
  expect(parts(palette({ role: 'text', underline: true })).flags).toBe(UNDERLINE);
  expect(palette({ role: 'mention', bold: true })).not.toBe(palette({ role: 'mention' }));
});

test('bold that could not be read is left out, whoever asks for it', () => {
  const warning = paletteOf(DARK, 16)({ role: 'statusWarn', bold: true });
  expect(parts(warning)).toEqual({ fg: 0, bg: 3, flags: 0 });
});

test('blank cells have the ground of the theme, and nothing of what is done to its text', () => {
  const shouting: Theme = { ...solarized, roles: { ...solarized.roles, text: { bold: true, underline: true } } };
  const blank = parts(paletteOf(shouting, 256)({ role: 'blank' }));
  expect(blank.bg).toBe(parts(paletteOf(shouting, 256)({ role: 'text' })).bg);
  expect(blank.bg).not.toBe(DEFAULT);
  expect(blank.flags).toBe(0);
});

test('without colours every theme has none, and what calls still differs from what does not', () => {
  for (const theme of [DARK, solarized, shipped('light').theme]) {
    for (const terminalDark of [true, false]) {
      const palette = paletteOf(theme, 0, terminalDark);
      for (const role of [...NAMED_ROLES, ...NICK_ROLES, 'blank'] as const) {
        expect(parts(palette({ role }))).toMatchObject({ fg: DEFAULT, bg: DEFAULT });
      }
      const flags = (role: (typeof NAMED_ROLES)[number]): number => parts(palette({ role })).flags;
      expect(flags('text')).toBe(0);
      expect(flags('mention')).toBe(BOLD | UNDERLINE);
      expect(flags('error')).toBe(BOLD);
      expect(flags('selection')).toBe(INVERSE);
      expect(flags('alarm')).toBe(BOLD | INVERSE);
      expect(flags('tabActive')).not.toBe(flags('tab'));
      expect(flags('tabActivity')).not.toBe(flags('tab'));
    }
  }
});

test('a theme of one that has no colours is its own, without colours as well', () => {
  const plain = { ...shipped('monochrome').theme, roles: { mention: { inverse: true } } };
  expect(parts(paletteOf(plain, 0)({ role: 'mention' })).flags).toBe(INVERSE);
});

test('names go round where a theme has fewer colours than there are roles of names', () => {
  const two: Theme = { ...DARK, nicks: { kind: 'list', list: [75, 209], contrast: 4.5 } };
  const palette = paletteOf(two, 256);
  expect(NICK_ROLES.map((role) => parts(palette({ role })).fg)).toEqual(NICK_ROLES.map((_, at) => [75, 209][at % 2]));
  const none: Theme = { ...DARK, nicks: undefined };
  expect(paletteOf(none, 256)({ role: 'nick3' })).toBe(DEFAULT_ATTRIBUTE);
});
