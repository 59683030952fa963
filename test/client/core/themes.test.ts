import { expect, test } from 'vitest';
import { BUILT_IN_DARK } from '../../../src/client/theme/built-in.ts';
import type { ThemeAsk, ThemeFound } from '../../../src/client/theme/found.ts';
import { Drive } from './drive.ts';

const found = (name: string, more: Partial<ThemeFound> = {}): ThemeFound => ({
  name,
  own: false,
  theme: { ...BUILT_IN_DARK, name, title: `${name} itself` },
  faults: [],
  ...more,
});
const BROKEN = found('broken', { own: true, theme: undefined, faults: ['broken.toml:1:2: no TOML'] });
const FAULTY = found('faulty', { own: true, faults: ['faulty.toml:3:1: "x" is no role'] });
const ALL = [found('dark'), found('light'), found('nord'), BROKEN, FAULTY];
const NAMES = ALL.map(({ name }) => name);

/** A client whose shell has these themes. */
class Themes extends Drive {
  constructor() {
    super();
    this.login();
    this.state.themes = { shown: BUILT_IN_DARK, names: NAMES, preview: undefined };
  }

  /** What the shell was asked for since the last time. */
  asked(): ThemeAsk[] {
    const all = this.effects.flatMap((effect) => (effect.do === 'themes' ? [effect.ask] : []));
    this.forgetTold();
    return all;
  }

  answer(ask: ThemeAsk, all: readonly ThemeFound[] = ALL, names: readonly string[] = NAMES): void {
    this.event({ type: 'themes', ask, found: all, names });
  }

  /** `/theme` and its list. */
  list(): void {
    this.enter('/theme');
    this.answer({ kind: 'list' });
    this.forgetTold();
  }

  get shown(): string {
    return this.state.themes.shown.name;
  }

  get hint(): string {
    return this.state.hint?.text ?? '';
  }

  get isOpen(): boolean {
    return this.state.themes.preview !== undefined;
  }
}

test('/theme NAME is shown at once, and kept for the next start', () => {
  const client = new Themes();
  client.enter('/theme nord');
  expect(client.asked()).toEqual([{ kind: 'name', name: 'nord' }]);
  client.answer({ kind: 'name', name: 'nord' }, [found('nord')]);
  expect([client.shown, client.hint, client.state.memory.theme]).toEqual(['nord', 'nord itself', 'nord']);
});

test('a name that there is no theme of leaves the one that is shown, and says which there are', () => {
  const client = new Themes();
  client.answer({ kind: 'name', name: 'nrod' }, []);
  expect([client.shown, client.hint]).toEqual(['dark', `there is no theme nrod: ${NAMES.join(', ')}`]);
  expect(client.state.memory.theme).toBeUndefined();
});

test('a broken theme leaves the one that is shown, and its fault can be read', () => {
  const client = new Themes();
  client.answer({ kind: 'name', name: 'broken' }, [BROKEN]);
  expect([client.shown, client.hint]).toEqual(['dark', "broken can't be used; the theme stays as it is"]);
  expect(client.notices()).toEqual(['broken.toml:1:2: no TOML']);
  expect(client.state.memory.theme).toBeUndefined();
});

test('a theme with faults is shown without what is wrong, and each fault can be read', () => {
  const client = new Themes();
  client.answer({ kind: 'name', name: 'faulty' }, [FAULTY]);
  expect([client.shown, client.hint]).toEqual(['faulty', 'faulty itself, without what is wrong in its file']);
  expect(client.notices()).toEqual(['faulty.toml:3:1: "x" is no role']);
});

test('moving through the list shows each theme, and Esc goes back to the one before', () => {
  const client = new Themes();
  client.enter('/theme');
  expect(client.asked()).toEqual([{ kind: 'list' }]);
  client.answer({ kind: 'list' });
  expect([client.isOpen, client.shown]).toEqual([true, 'dark']);
  const seen = ['down', 'down', 'down', 'down', 'down', 'up'].map((key) => {
    client.key(key);
    return client.shown;
  });
  // On the broken one the screen is as before; behind the last comes the first.
  expect(seen).toEqual(['light', 'nord', 'dark', 'faulty', 'dark', 'faulty']);
  client.key('escape');
  expect([client.isOpen, client.shown, client.state.memory.theme]).toEqual([false, 'dark', undefined]);
});

test('Enter keeps what is shown', () => {
  const client = new Themes();
  client.list();
  client.key('down', 'down', 'enter');
  expect([client.isOpen, client.shown, client.state.memory.theme]).toEqual([false, 'nord', 'nord']);
  // The next list begins there.
  client.list();
  client.key('down', 'escape');
  expect(client.shown).toBe('nord');
});

test('on a broken one its fault is said, and Enter stays in the list', () => {
  const client = new Themes();
  client.list();
  client.key('down', 'down', 'down');
  expect(client.hint).toBe('broken.toml:1:2: no TOML');
  client.key('enter');
  expect([client.isOpen, client.shown, client.state.memory.theme]).toEqual([true, 'dark', undefined]);
});

test('PgDn, End, Home, Tab and letters move, too', () => {
  const client = new Themes();
  client.list();
  const at = (...keys: string[]): string => {
    client.key(...keys);
    return NAMES[client.state.themes.preview?.at ?? -1] ?? '';
  };
  expect([at('pagedown'), at('home'), at('end'), at('pageup'), at('tab'), at('shift-tab')]).toEqual([
    'faulty',
    'dark',
    'faulty',
    'dark',
    'light',
    'dark',
  ]);
  client.type('n');
  expect(client.shown).toBe('nord');
  client.type('z');
  expect([client.shown, client.hint]).toEqual(['nord', 'no theme begins with z']);
});

test('while the list is open nothing is written or sent, but other tabs can be looked at', () => {
  const client = new Themes();
  client.list();
  client.type('x');
  client.paste('a whole text');
  expect(client.input()).toBe('');
  client.key('alt-2', 'ctrl-l', 'f7');
  expect(client.isOpen).toBe(true);
});

test('what opens something else closes the list, and the theme is the one before', () => {
  const client = new Themes();
  client.list();
  client.key('down', 'f1');
  expect([client.isOpen, client.shown, client.state.overlay?.kind]).toEqual([false, 'dark', 'keys']);
});

test('Ctrl-C closes the list, and no more', () => {
  const client = new Themes();
  client.list();
  client.key('down', 'ctrl-c');
  expect([client.isOpen, client.shown]).toEqual([false, 'dark']);
  expect(client.effects.some((effect) => effect.do === 'quit')).toBe(false);
});

test('/theme reload reads the file of the theme that is shown', () => {
  const client = new Themes();
  client.answer({ kind: 'name', name: 'nord' }, [found('nord')]);
  client.enter('/theme reload');
  expect(client.asked()).toEqual([{ kind: 'reload', name: 'nord' }]);
  const fresh = found('nord', { theme: { ...BUILT_IN_DARK, name: 'nord', title: 'changed' } });
  client.answer({ kind: 'reload', name: 'nord' }, [fresh]);
  expect([client.state.themes.shown.title, client.hint]).toEqual(['changed', 'nord was read again']);
  // Broken by now: what is shown stays.
  client.answer({ kind: 'reload', name: 'nord' }, [found('nord', { theme: undefined, faults: ['nord.toml:1:1: no'] })]);
  expect(client.state.themes.shown.title).toBe('changed');
  client.answer({ kind: 'reload', name: 'nord' }, []);
  expect(client.hint).toBe('the file of nord is gone; it stays as it is');
});

test('/theme auto forgets what was chosen', () => {
  const client = new Themes();
  client.answer({ kind: 'name', name: 'nord' }, [found('nord')]);
  client.enter('/theme auto');
  expect(client.asked()).toEqual([{ kind: 'auto' }]);
  client.answer({ kind: 'auto' }, [found('light')]);
  expect([client.shown, client.state.memory.theme]).toEqual(['light', 'auto']);
});

test('what the terminal says of its ground changes the theme without a word, and nothing is kept', () => {
  const client = new Themes();
  client.answer({ kind: 'start' }, [found('light')]);
  expect([client.shown, client.hint, client.state.memory.theme]).toEqual(['light', '', undefined]);
  client.list();
  client.answer({ kind: 'start' }, [found('dark')]);
  expect(client.shown).toBe('light');
});

test('Tab completes the names, those of a new file as soon as they are known', () => {
  const client = new Themes();
  client.type('/theme n');
  client.key('tab');
  expect(client.input()).toBe('/theme nord ');
  client.key('ctrl-u');
  client.answer({ kind: 'start' }, [], [...NAMES, 'mine']);
  client.type('/theme m');
  client.key('tab');
  expect(client.input()).toBe('/theme mine ');
});
