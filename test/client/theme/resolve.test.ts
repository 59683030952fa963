import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { fromRgb } from '../../../src/client/theme/color.ts';
import { readTheme } from '../../../src/client/theme/file.ts';
import { resolveTheme } from '../../../src/client/theme/resolve.ts';

/** Themes from the own one to the one that is extended by all. */
const resolve = (...texts: readonly string[]) =>
  resolveTheme(
    'mine',
    texts.map((text) => readTheme(parse(text)).file),
  );

const BASE = `
  dark = true
  [palette]
  accent = 75
  paper = 231
  [roles]
  accent = "accent"
  prompt = "accent"
  error = { fg = "paper", bg = 160 }
  [roles16]
  error = "bright-red"
  [nicks]
  list = ["accent", 108]
`;

test('what a theme does not say is as in the one that it extends', () => {
  const { theme, faults } = resolve('name = "Mine"\n[roles]\naccent = 208', BASE);
  expect(faults).toEqual([]);
  expect(theme).toMatchObject({
    name: 'mine',
    title: 'Mine',
    dark: true,
    roles: { accent: { fg: 208 }, prompt: { fg: 75 }, error: { fg: 231, bg: 160 } },
    nicks: { kind: 'list', list: [75, 108], contrast: 4.5 },
  });
});

test('a colour of the palette that is another one changes what the extended theme makes of it', () => {
  const { theme } = resolve('[palette]\naccent = "#ff5fd7"', BASE);
  expect(theme.roles.accent).toEqual({ fg: fromRgb(0xff5fd7) });
  expect(theme.roles.prompt).toEqual({ fg: fromRgb(0xff5fd7) });
  expect(theme.nicks).toMatchObject({ list: [fromRgb(0xff5fd7), 108] });
});

test('what was said of sixteen colours is forgotten with the look that it was said of', () => {
  expect(resolve('', BASE).theme.roles16).toEqual({ error: { fg: 9 } });
  expect(resolve('[roles]\nerror = "#00ff00"', BASE).theme.roles16).toEqual({});
  expect(resolve('[roles]\nerror = "#00ff00"\n[roles16]\nerror = "green"', BASE).theme.roles16).toEqual({
    error: { fg: 2 },
  });
});

test('a role that nobody names looks like the one that it is like', () => {
  const { roles } = resolve('[roles]\ntext = 250\ndim = 240\nonline = 70\nselection = { inverse = true }').theme;
  expect(roles.border).toEqual({ fg: 240 });
  expect(roles.secure).toEqual({ fg: 70 });
  expect(roles.tabActive).toEqual({ inverse: true });
  expect(roles.error).toEqual({ fg: 250 });
});

test('a ground says by itself whether it is dark, unless that is said', () => {
  expect(resolve('ground = "#fdf6e3"').theme.dark).toBe(false);
  expect(resolve('ground = "#002b36"').theme.dark).toBe(true);
  expect(resolve('ground = "#fdf6e3"', BASE).theme.dark).toBe(false);
  expect(resolve('ground = "#777777"\ndark = true').theme.dark).toBe(true);
  expect(resolve('dark = false', 'ground = "#000000"').theme.dark).toBe(false);
  expect(resolve('').theme).toMatchObject({ dark: true, ground: undefined });
  expect(resolve('ground = "default"\ndark = true', 'ground = "#fdf6e3"').theme.ground).toBeUndefined();
});

test('a colour that no palette has is told with its place and its file', () => {
  const { theme, faults } = resolve('[roles]\naccent = "nowhere"', '[roles]\nerror = { bg = "gone", bold = true }');
  expect(faults.map(({ file, path, says }) => [file, path.join('.'), says])).toEqual([
    [0, 'roles.accent', '"nowhere" is no colour: neither the palette nor the sixteen have it'],
    [1, 'roles.error.bg', '"gone" is no colour: neither the palette nor the sixteen have it'],
  ]);
  expect(theme.roles).toMatchObject({ accent: {}, error: { bold: true } });
});

test('names may have no colours, whatever the extended theme says', () => {
  expect(resolve('nicks = "default"', BASE).theme.nicks).toBeUndefined();
});

test('a circle of hues is lighter on dark', () => {
  expect(resolve('[nicks]\nfrom = 30').theme.nicks).toMatchObject({ kind: 'circle', light: 0.78, from: 30 });
  expect(resolve('dark = false\n[nicks]\nchroma = 0.1').theme.nicks).toMatchObject({ light: 0.48, chroma: 0.1 });
});
