import fc from 'fast-check';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { fromRgb } from '../../../src/client/theme/color.ts';
import { readTheme } from '../../../src/client/theme/file.ts';
import { resolveTheme } from '../../../src/client/theme/resolve.ts';

const read = (text: string) => readTheme(parse(text));
const faults = (text: string): string[] =>
  read(text).faults.map(({ path, at, says }) => `${path.join('.')} (${at}): ${says}`);

test('a colour is written in four ways', () => {
  const { file, faults: none } = read(`
    ground = 234
    [palette]
    sky = "#268BD2"
    [roles]
    dim = "sky"
    error = "#ff0000"
    event = 109
    text = "default"
    mention = { fg = "bright-red", bg = "default", bold = true }
  `);
  expect(none).toEqual([]);
  expect(file.palette.get('sky')).toBe(fromRgb(0x268bd2));
  const { theme } = resolveTheme('x', [file]);
  expect(theme.roles).toMatchObject({
    dim: { fg: fromRgb(0x268bd2) },
    error: { fg: fromRgb(0xff0000) },
    event: { fg: 109 },
    text: {},
    mention: { fg: 9, bold: true },
  });
  expect(theme.ground).toBe(234);
});

test('each mistake is told with its place, and the rest is read', () => {
  const text = `
    colour = "red"
    dark = "yes"
    extends = "../dark"
    name = ""
    [palette]
    "#fff" = "#ffffff"
    sky = "#26d"
    sea = "sky"
    [roles]
    mentoin = "red"
    hue = "red"
    error = 256
    unread = { fg = "red", blink = true, bold = "very" }
    [roles16]
    error = "#ff0000"
    [nicks]
    list = []
    contrast = 0.5
    hue = 7
  `;
  expect(faults(text)).toEqual([
    'colour (key): "colour" is no key here; known are name, extends, dark, ground, palette, roles, roles16, nicks',
    'name (value): write 1 to 40 characters in quotes',
    'extends (value): "../dark" is no name of a theme',
    'dark (value): "yes" is not true or false',
    'nicks.hue (key): "hue" is no key here; known are list, contrast, light, chroma, from',
    'nicks.list (value): write a list of 1 to 64 colours',
    'nicks.contrast (value): 0.5 is no number from 3 to 21',
    'palette.#fff (key): "#fff" can\'t be the name of a colour',
    'palette.sky (value): "#26d" is no colour: write "#rrggbb", 0 to 255, or a name of the palette',
    'palette.sea (value): "sky" is no colour: write "#rrggbb" or 0 to 255',
    'roles.mentoin (key): "mentoin" is no role: did you mean mention?',
    expect.stringMatching(/^roles\.hue \(key\): "hue" is no role; known are text, dim, /),
    'roles.error (value): 256 is no colour: write "#rrggbb", 0 to 255, or a name of the palette',
    'roles.unread.blink (key): "blink" is no key here; known are fg, bg, bold, underline, inverse',
    'roles.unread.bold (value): "very" is not true or false',
    'roles16.error (value): "#ff0000" is no colour: write 0 to 15, or a name such as "bright-red"',
  ]);
  expect(read(text).file.roles.get('unread')).toMatchObject({ fg: { named: 'red' } });
});

test('a table that is no table is told, whatever stands there', () => {
  expect(faults('palette = 3\nroles = ["red"]\nnicks = "red"')).toEqual([
    'nicks (value): "red" is no table',
    'palette (value): 3 is no table',
    'roles (value): a list is no table',
  ]);
});

test('whatever a file holds, it is a theme of some kind', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.anything(), (whole, roles, nicks) => {
      for (const value of [whole, { roles, nicks, palette: roles, ground: nicks, dark: whole, roles16: nicks }]) {
        const { file } = readTheme(value);
        expect(resolveTheme('x', [file]).theme.name).toBe('x');
      }
    }),
    { numRuns: 300 },
  );
});

test('names from the chain of prototypes are no roles', () => {
  expect(faults('[roles]\ntoString = "red"\nconstructor = "red"').map((each) => each.slice(0, 28))).toEqual([
    'roles.toString (key): "toStr',
    'roles.constructor (key): "co',
  ]);
});
