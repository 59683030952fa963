/** What the mouse does: a tab or a pane comes to the front, a border moves, somebody in the list is chosen, a log scrolls. */
import { paneLayout } from '../view/pane-layout.ts';
import { tabAt } from '../view/tab-bar.ts';
import { themeAt } from '../view/theme-list.ts';
import { personAt } from '../view/user-list.ts';
import { pressed } from './activity.ts';
import { attend } from './attend.ts';
import { endCompletion } from './completion.ts';
import type { Effect, Env } from './event.ts';
import { activeTab } from './lookup.ts';
import { clickPalette, turnPalette } from './palette.ts';
import { dragBorder, holdBorder } from './panes/actions.ts';
import { paneAt } from './panes/arrange.ts';
import { bringTo, goTo } from './panes/front.ts';
import { tabOfPane } from './panes/panes.ts';
import { choose } from './people-walk.ts';
import { askOrGo } from './private-chat.ts';
import { scrollLines } from './scrolling.ts';
import { turnSearch } from './search.ts';
import type { State } from './state.ts';
import { lookAt } from './themes.ts';

/** Rows of one notch of the wheel, as in terminals. */
const WHEEL_ROWS = 3;

/** Somebody is asked by the second click on their name: one is easily made by accident. */
export function click(state: State, env: Env, x: number, y: number): Effect[] {
  attend(state);
  if (!isListening(state)) return [];
  const report = pressed(state, env);
  const theme = themeAt(state, x, y);
  if (theme !== undefined) {
    lookAt(state, theme);
    return report;
  }
  const tab = tabAt(state, x, y);
  if (state.overlay?.kind === 'palette' && tab === undefined) return [...report, ...clickPalette(state, env, y)];
  if (tab !== undefined) {
    if (state.overlay?.kind === 'palette') state.overlay = undefined;
    endCompletion(state);
    goTo(state, tab);
    return report;
  }
  const panes = paneLayout(state);
  if (panes !== undefined && holdBorder(state, panes, x, y)) return report;
  const pane = panes === undefined ? undefined : paneAt(panes, x, y);
  if (pane !== undefined && pane !== state.panes.focused) {
    endCompletion(state);
    bringTo(state, pane);
    return report;
  }
  const person = personAt(state, x, y);
  const before = state.selected;
  state.selected = undefined;
  if (person === undefined) return report;
  if (person === before) askOrGo(state, env, person);
  else choose(state, person);
  return report;
}

/** A border that was taken goes along. */
export function drag(state: State, x: number, y: number): Effect[] {
  if (isListening(state) && paneLayout(state) !== undefined) dragBorder(state, x, y);
  return [];
}

export function release(state: State): Effect[] {
  state.inner.drag = undefined;
  return [];
}

interface Turn {
  readonly up: boolean;
  readonly x: number;
  readonly y: number;
}

/** The pane under the pointer scrolls, whichever has the keyboard. */
export function wheel(state: State, env: Env, { up, x, y }: Turn): Effect[] {
  if (isListening(state)) turnPalette(state, up);
  if (isListening(state) && state.overlay?.kind === 'search')
    return [...pressed(state, env), ...turnSearch(state, env, up)];
  if (!isListening(state) || state.overlay !== undefined) return [];
  const panes = paneLayout(state);
  const pane = panes === undefined ? undefined : paneAt(panes, x, y);
  const tab = (pane === undefined ? undefined : tabOfPane(state, pane)) ?? activeTab(state);
  const effects = scrollLines(state, env, tab, up ? WHEEL_ROWS : -WHEEL_ROWS);
  return [...pressed(state, env), ...effects];
}

/** Nothing is asked that only keys answer. */
const isListening = (state: State): boolean =>
  state.inner.secret === undefined &&
  state.bare === undefined &&
  state.overlay?.kind !== 'verify' &&
  state.connection.kind !== 'loggedOff';
