/** The pictures of the themes: one screen in each of them, and in fewer colours. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { State } from '../../src/client/core/state.ts';
import { loadAll } from '../../src/client/shell/themes.ts';
import type { Theme } from '../../src/client/theme/theme.ts';
import { view } from '../../src/client/view/view.ts';
import { Headless } from '../screen/headless.ts';
import { type Own, pngOf } from '../screen/picture.ts';
import { rich } from '../screen/rich-scene.ts';
import { addChat, NOW, OPEN } from '../screen/scene.ts';
import { terminfoWith } from '../screen/terminfo-entry.ts';

/** A terminal with a light ground, for the themes that leave it that. */
const LIGHT: Own = { background: '#ffffff', foreground: '#1f2328' };
const UTF8 = { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' };

/** Pixels per unit: there are many of them, and a picture of half the size has a third of the bytes. */
const SCALE = 1;

type Environment = Readonly<Record<string, string>>;

async function picture(theme: Theme, state: State, env: Environment): Promise<Buffer> {
  const isLight = !theme.dark && theme.ground === undefined;
  const screen = new Headless({ env: { ...UTF8, ...env, ...(isLight ? { COLORFGBG: '0;15' } : {}) } });
  screen.terminal.theme(theme);
  screen.terminal.draw(view(state, { now: NOW, mono: 0 }), true);
  await screen.settle();
  const png = pngOf(screen.xterm, SCALE, isLight ? LIGHT : undefined);
  screen.close();
  return png;
}

/** Somebody goes through the list. */
function choosing(name: string): State {
  const state = rich();
  state.selected = undefined;
  const found = loadAll({ XDG_CONFIG_HOME: '/nowhere' });
  const at = found.findIndex((each) => each.name === name);
  state.themes = { ...state.themes, preview: { found, at, before: state.themes.shown } };
  return state;
}

/** A private chat that others can read. */
function alarming(): State {
  const state = rich();
  // In plain text it is always so.
  addChat(state, 'bob', { plain: true, status: { ...OPEN, path: 'relayed' } });
  return state;
}

export async function drawThemes(write: (name: string, png: Buffer) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-pictures-'));
  try {
    const themes = new Map(
      loadAll({ XDG_CONFIG_HOME: folder }).flatMap(({ name, theme }) => (theme === undefined ? [] : [[name, theme]])),
    );
    const draw = async (file: string, name: string, state: State, env: Environment = {}): Promise<void> => {
      const theme = themes.get(name);
      if (theme === undefined) throw new Error(`no theme ${name}`);
      write(file, await picture(theme, state, env));
    };
    for (const name of themes.keys()) await draw(`theme-${name}`, name, rich());
    await draw('theme-list', 'solarized-light', choosing('solarized-light'));
    for (const colors of [16, 8]) {
      const env = terminfoWith(colors, folder);
      for (const name of ['dark', 'light', 'gruvbox-light']) await draw(`theme-${name}-${colors}`, name, rich(), env);
    }
    await draw('theme-no-color', 'nord', rich(), { NO_COLOR: '1' });
    await draw('theme-no-color-alarm', 'nord', alarming(), { NO_COLOR: '1' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
