/** Themes: what was found of them is shown, gone through, and kept. */

import type { Action } from '../keys/action.ts';
import type { ThemeAsk, ThemeFound, ThemePreview } from '../theme/found.ts';
import type { Effect, Env } from './event.ts';
import { listSteps, stepIn } from './list-steps.ts';
import { activeTab, hint, notice } from './lookup.ts';
import { keep } from './memory.ts';
import type { State } from './state.ts';

/** Themes that PgUp and PgDn pass over. */
const STEPS = listSteps(5);

interface Answer {
  readonly ask: ThemeAsk;
  readonly found: readonly ThemeFound[];
  readonly names: readonly string[];
}

/** What the shell has found. */
export function themesFound(state: State, env: Env, { ask, found, names }: Answer): readonly Effect[] {
  state.themes = { ...state.themes, names };
  const [first] = found;
  switch (ask.kind) {
    case 'list':
      openList(state, found);
      return [];
    case 'name':
      if (first === undefined) hint(state, `there is no theme ${ask.name}: ${names.join(', ')}`, true);
      else if (show(state, env, first)) keep(state, { theme: ask.name });
      return [];
    case 'reload':
      if (first === undefined) hint(state, `the file of ${ask.name} is gone; it stays as it is`, true);
      else if (show(state, env, first)) hint(state, `${ask.name} was read again`);
      return [];
    case 'auto':
      if (first === undefined || !show(state, env, first)) return [];
      keep(state, { theme: 'auto' });
      hint(state, `${first.name}: by your settings, or else by your terminal`);
      return [];
    case 'start':
      if (first?.theme !== undefined && state.themes.preview === undefined)
        state.themes = { ...state.themes, shown: first.theme };
      return [];
  }
}

/** @returns false where nothing can be made of it: then the screen stays as it is. */
function show(state: State, env: Env, { name, theme, faults }: ThemeFound): boolean {
  for (const fault of faults) notice(activeTab(state), env, fault, true);
  if (theme === undefined) {
    hint(state, `${name} can't be used; the theme stays as it is`, true);
    return false;
  }
  state.themes = { ...state.themes, shown: theme, preview: undefined };
  hint(state, faults.length === 0 ? theme.title : `${theme.title}, without what is wrong in its file`);
  return true;
}

function openList(state: State, found: readonly ThemeFound[]): void {
  const { shown, preview } = state.themes;
  const before = preview?.before ?? shown;
  const at = found.findIndex(({ name }) => name === before.name);
  state.themes = { ...state.themes, preview: { found, at: Math.max(0, at), before } };
  // Nothing else takes the keys.
  state.overlay = undefined;
  state.selected = undefined;
}

/** The list is closed, and the screen as it was before. */
function back(state: State, { before }: ThemePreview): void {
  state.themes = { ...state.themes, shown: before, preview: undefined };
}

/** A place in the list: it is shown at once. */
export function lookAt(state: State, at: number): void {
  const { preview } = state.themes;
  const found = preview?.found[at];
  if (preview === undefined || found === undefined) return;
  const shown = found.theme ?? preview.before;
  state.themes = { ...state.themes, shown, preview: { ...preview, at } };
  const [fault] = found.faults;
  if (fault !== undefined) hint(state, fault, true);
}

function move(state: State, { found, at }: ThemePreview, by: number): void {
  const count = found.length;
  const to = Math.abs(by) === 1 ? (at + by + count) % count : Math.max(0, Math.min(count - 1, at + by));
  lookAt(state, to);
}

/** The next that begins with a letter. */
function jump(state: State, { found, at }: ThemePreview, letter: string): void {
  const order = found.map((_, index) => (at + 1 + index) % found.length);
  const next = order.find((index) => found[index]?.name.toLowerCase().startsWith(letter.toLowerCase()) === true);
  if (next === undefined) hint(state, `no theme begins with ${letter}`);
  else lookAt(state, next);
}

function choose(state: State, env: Env, preview: ThemePreview): void {
  const found = preview.found[preview.at];
  if (found !== undefined && show(state, env, found)) keep(state, { theme: found.name });
}

/** What one may want to see in a theme, so the list stays. */
const ELSEWHERE: ReadonlySet<Action['kind']> = new Set([
  'goTo',
  'nextTab',
  'previousTab',
  'nextActivity',
  'lastTab',
  'toggleList',
  'redraw',
  'focusPane',
  'zoomPane',
  'suspend',
]);

/** What would be written means nothing here. */
const WRITES: ReadonlySet<Action['kind']> = new Set(['insert', 'paste', 'edit']);
const CLOSES: ReadonlySet<Action['kind']> = new Set(['cancel', 'quit', 'deleteOrQuit']);

/** @returns undefined where there is no list, or the key has its own work to do. */
export function themeKey(state: State, env: Env, action: Action): readonly Effect[] | undefined {
  const { preview } = state.themes;
  if (preview === undefined || ELSEWHERE.has(action.kind)) return undefined;
  const step = stepIn(STEPS, action);
  if (step !== undefined) {
    move(state, preview, step);
    return [];
  }
  if (action.kind === 'insert' && action.text.length === 1) jump(state, preview, action.text);
  else if (action.kind === 'complete') move(state, preview, action.back ? -1 : 1);
  else if (action.kind === 'submit') choose(state, env, preview);
  else if (!WRITES.has(action.kind)) {
    back(state, preview);
    // What opens something else goes on to do so.
    return CLOSES.has(action.kind) ? [] : undefined;
  }
  return [];
}
