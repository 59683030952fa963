import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { clientSettings } from '../../../src/client/shell/client-settings.ts';
import { ScreenThemes } from '../../../src/client/shell/screen-themes.ts';
import { builtInTheme, checkTheme, themeNames } from '../../../src/client/shell/theme-files.ts';
import { loadAll, loadTheme } from '../../../src/client/shell/themes.ts';
import { BUILT_IN_DARK } from '../../../src/client/theme/built-in.ts';
import { fromRgb } from '../../../src/client/theme/color.ts';
import { SHIPPED } from '../../../src/client/theme/theme.ts';
import { CLIENT, CLIENT_FILE, SCREEN } from '../../../src/usage/options.ts';

/** A folder of settings with these themes in it. */
function config(files: Readonly<Record<string, string>> = {}) {
  const XDG_CONFIG_HOME = mkdtempSync(join(tmpdir(), 'uchat-themes-'));
  onTestFinished(() => rmSync(XDG_CONFIG_HOME, { recursive: true }));
  const folder = join(XDG_CONFIG_HOME, 'uchat', 'themes');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.toml`), text);
  return { env: { XDG_CONFIG_HOME }, folder };
}

/** With the folder's name left out. */
const faultsOf = (name: string, { env, folder }: ReturnType<typeof config>): string[] =>
  (loadTheme(name, env)?.faults ?? []).map((fault) => fault.replaceAll(`${folder}/`, ''));

test('ours are there, wherever settings are', () => {
  const { env } = config();
  expect(themeNames(env)).toEqual(SHIPPED);
  expect(loadAll(env).map(({ name, own, theme, faults }) => [name, own, theme?.name, faults])).toEqual(
    SHIPPED.map((name) => [name, false, name, []]),
  );
});

test("one's own come after them, and one of the same name stands in place of ours", () => {
  const { env } = config({
    zebra: 'name = "Stripes"\nextends = "nord"',
    nord: 'name = "My north"\nextends = "nord"\nground = "#000000"',
  });
  expect(themeNames(env)).toEqual([...SHIPPED, 'zebra']);
  // Its own of that name is ours, which it extends; and of others it is the own one.
  expect(loadTheme('nord', env)).toMatchObject({
    own: true,
    faults: [],
    theme: { title: 'My north', ground: fromRgb(0), roles: { accent: { fg: fromRgb(0x88c0d0) } } },
  });
  expect(loadTheme('zebra', env)).toMatchObject({ own: true, theme: { title: 'Stripes', ground: fromRgb(0) } });
});

test('each fault has its file, line and column, and the rest of the theme is used', () => {
  const made = config({
    mine: [
      'extends = "dark"',
      'grond = "#000000"',
      '',
      '[palette]',
      'sky = "#12345"',
      '',
      '[roles]',
      'error = "nowhere"',
      '  mention = { fg = "sky", bold = "yes" }',
      'dim = 300',
      'unraed = "red"',
      'online = "#00ff00"',
    ].join('\n'),
  });
  const { theme } = loadTheme('mine', made.env) ?? {};
  expect(theme?.roles.online).toEqual({ fg: fromRgb(0x00ff00) });
  // What the extended theme calls so.
  expect(theme?.roles.mention).toEqual({ fg: 75 });
  expect(faultsOf('mine', made)).toEqual([
    'mine.toml:2:1: "grond" is no key here; known are name, extends, dark, ground, palette, roles, roles16, nicks',
    'mine.toml:5:7: "#12345" is no colour: write "#rrggbb", 0 to 255, or a name of the palette',
    'mine.toml:9:34: "yes" is not true or false',
    'mine.toml:10:7: 300 is no colour: write "#rrggbb", 0 to 255, or a name of the palette',
    'mine.toml:11:1: "unraed" is no role: did you mean unread?',
    'and 1 more',
  ]);
});

test('a fault of a list has the place of the list', () => {
  const made = config({ mine: '[nicks]\nlist = [\n  "red",\n  "#zzz",\n]' });
  expect(faultsOf('mine', made)).toEqual([
    'mine.toml:2:8: "#zzz" is no colour: write "#rrggbb", 0 to 255, or a name of the palette',
  ]);
});

test('a file that is no TOML is no theme, and says where it breaks', () => {
  const made = config({ broken: 'name = "x"\n[roles\nerror = 1', double: 'dark = true\ndark = false' });
  expect(loadTheme('broken', made.env)?.theme).toBeUndefined();
  expect(faultsOf('broken', made)).toEqual([expect.stringMatching(/^broken\.toml:2:\d+: /)]);
  // What is set twice costs no more than that.
  expect(loadTheme('double', made.env)?.theme?.dark).toBe(true);
  expect(faultsOf('double', made)).toEqual([expect.stringMatching(/^double\.toml:2:\d+: /)]);
  expect(loadAll(made.env).map(({ name }) => name)).toEqual([...SHIPPED, 'broken', 'double']);
});

test('a file that cannot be read, or is no theme by its size, says so', () => {
  const made = config({ huge: '#'.repeat(20_000) });
  mkdirSync(join(made.folder, 'folder.toml'));
  symlinkSync('loop.toml', join(made.folder, 'loop.toml'));
  expect(faultsOf('huge', made)).toEqual(['huge.toml: longer than 16384 bytes']);
  expect(faultsOf('folder', made)).toEqual([expect.stringMatching(/^folder\.toml: can't be read \(EISDIR/)]);
  expect(faultsOf('loop', made)).toEqual([expect.stringMatching(/^loop\.toml: can't be read \(ELOOP/)]);
});

test('a name leads nowhere but to the folder of themes', () => {
  const { env } = config();
  for (const name of ['../../config', 'a/b', '', '.', '..', 'x'.repeat(40), 'auto', 'a\0b'])
    expect([name, loadTheme(name, env)]).toEqual([name, undefined]);
});

test('themes that extend each other in a circle, or nothing that there is, are used as far as that goes', () => {
  const made = config({
    hen: 'extends = "egg"\n[roles]\nerror = 9',
    egg: 'extends = "hen"\n[roles]\ndim = 8',
    lost: '\nextends = "nowhere"',
    self: 'extends = "self"',
    child: 'extends = "bad"\n[roles]\nerror = 9',
    bad: 'extends = [',
  });
  expect(loadTheme('hen', made.env)?.theme?.roles).toMatchObject({ error: { fg: 9 }, dim: { fg: 8 } });
  expect(faultsOf('hen', made)).toEqual(['egg.toml:1:11: it extends itself']);
  expect(faultsOf('lost', made)).toEqual(['lost.toml:2:11: there is no theme nowhere']);
  expect(faultsOf('self', made)).toEqual(['self.toml:1:11: it extends itself']);
  expect(loadTheme('child', made.env)?.theme?.roles.error).toEqual({ fg: 9 });
  expect(faultsOf('child', made)).toEqual([expect.stringMatching(/^bad\.toml:1:/)]);
});

test('a row of themes that extend each other has an end', () => {
  const names = Array.from({ length: 20 }, (_, at) => `t${at}`);
  const made = config(Object.fromEntries(names.map((name, at) => [name, `extends = "t${at + 1}"`])));
  expect(faultsOf('t0', made)).toEqual(['t7.toml:1:11: it is the end of 8 themes that extend each other']);
});

test('the two that no file is needed for are not read, unless somebody has their own', () => {
  expect(builtInTheme('dark', config().env)).toBe(BUILT_IN_DARK);
  expect(builtInTheme('nord', config().env)).toBeUndefined();
  expect(builtInTheme('dark', config({ dark: '' }).env)).toBeUndefined();
});

interface Choice {
  readonly typed?: boolean;
  readonly remembered?: string;
  readonly dark?: boolean;
}

const themesOf = (env: Readonly<Record<string, string>>, wish: string | undefined, choice: Choice = {}): ScreenThemes =>
  new ScreenThemes(
    wish === undefined ? undefined : { name: wish, typed: choice.typed === true },
    choice.remembered,
    choice.dark,
    env,
  );

test('a start takes the option, else what was chosen last, else the settings, else what suits the terminal', async () => {
  const { env } = config({ mine: 'extends = "dark"' });
  const first = async (wish: string | undefined, choice: Choice = {}) =>
    (await themesOf(env, wish, choice).first()).theme.name;
  expect(await first('nord', { typed: true, remembered: 'mine', dark: false })).toBe('nord');
  expect(await first('nord', { remembered: 'mine', dark: false })).toBe('mine');
  expect(await first('nord', { remembered: 'auto', dark: false })).toBe('nord');
  expect(await first('nord', { dark: false })).toBe('nord');
  expect(await first(undefined, { dark: false })).toBe('light');
  expect(await first(undefined, { dark: true })).toBe('dark');
  expect(await first(undefined)).toBe('dark');
  expect(await first('auto', { typed: true, remembered: 'mine', dark: false })).toBe('light');
  expect(await first('auto', { remembered: 'mine' })).toBe('mine');
  expect((await themesOf({ ...env, COLORFGBG: '0;15' }, undefined).first()).theme.name).toBe('light');
});

test('where the theme of a start is gone or broken, it is dark, and that is said', async () => {
  const { env, folder } = config({ broken: '[', faulty: 'dark = 1\nextends = "nord"' });
  const first = (remembered: string) => themesOf(env, undefined, { remembered, dark: false }).first();
  expect(await first('gone')).toEqual({
    theme: BUILT_IN_DARK,
    warnings: ['there is no theme gone any more; see /theme'],
  });
  const broken = await first('broken');
  expect(broken.theme).toBe(BUILT_IN_DARK);
  expect(broken.warnings[0]).toContain(`${folder}/broken.toml:1:`);
  const faulty = await first('faulty');
  expect(faulty.theme.name).toBe('faulty');
  expect(faulty.warnings).toEqual([`${folder}/faulty.toml:1:8: 1 is not true or false`]);
});

test('what the terminal says of its ground counts where nobody has chosen, and only until somebody has', async () => {
  const { env } = config();
  const auto = themesOf(env, undefined);
  const { theme: dark } = await auto.first();
  const told = await auto.ground(false, dark);
  expect(told).toMatchObject({ type: 'themes', ask: { kind: 'start' }, found: [{ name: 'light' }] });
  // By now somebody has chosen another one.
  const nord = loadTheme('nord', env)?.theme ?? dark;
  expect(await auto.ground(true, nord)).toBeUndefined();
  const chosen = themesOf(env, 'nord');
  expect(await chosen.ground(false, (await chosen.first()).theme)).toBeUndefined();
});

test('without a choice from now on, the settings count again, and then the terminal', async () => {
  const { env } = config();
  const set = themesOf(env, 'gruvbox-dark', { remembered: 'nord', dark: false });
  expect((await set.first()).theme.name).toBe('nord');
  expect(await set.answer({ kind: 'auto' })).toMatchObject({ found: [{ name: 'gruvbox-dark' }] });
  const unset = themesOf(env, undefined, { remembered: 'nord', dark: false });
  expect(await unset.answer({ kind: 'auto' })).toMatchObject({ found: [{ name: 'light' }] });
  expect(await unset.answer({ kind: 'name', name: 'nrod' })).toMatchObject({ found: [], names: SHIPPED });
});

test('a name in the settings is one that there is', () => {
  const { env } = config({ mine: '[' });
  expect(checkTheme('auto', env).ok && checkTheme('nord', env).ok && checkTheme('mine', env).ok).toBe(true);
  expect(checkTheme('nrod', env)).toEqual({
    ok: false,
    error: `there is no theme "nrod"; there are auto, ${SHIPPED.join(', ')}, mine`,
  });
});

test('a theme in the settings that there is none of is a line with its place; as an option it ends the start', () => {
  const { env } = config();
  const file = join(env.XDG_CONFIG_HOME, 'uchat', 'config.toml');
  writeFileSync(file, 'mouse = true\ntheme = "nrod"\n');
  const table = { ...CLIENT_FILE, ...CLIENT, ...SCREEN };
  const home = { ...env, XDG_DATA_HOME: env.XDG_CONFIG_HOME };
  const read = clientSettings(table, {}, home);
  expect(read.ok && read.value.theme).toBeUndefined();
  expect(read.ok ? read.value.warnings : []).toEqual([
    `${file}:2:9: theme: there is no theme "nrod"; there are auto, ${SHIPPED.join(', ')}`,
  ]);
  expect(clientSettings(table, { theme: 'nrod' }, home)).toMatchObject({ ok: false, error: { status: 2 } });
  const typed = clientSettings(table, { theme: 'nord' }, home);
  expect(typed.ok && typed.value.theme).toEqual({ name: 'nord', typed: true });
  writeFileSync(file, 'theme = "light"\n');
  const set = clientSettings(table, {}, home);
  expect(set.ok && set.value.theme).toEqual({ name: 'light', typed: false });
});
