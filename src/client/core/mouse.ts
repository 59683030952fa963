/** What the mouse does: a tab comes to the front, somebody in the list is chosen, the log scrolls. */
import { tabAt } from '../view/tab-bar.ts';
import { personAt } from '../view/user-list.ts';
import { pressed } from './activity.ts';
import { endCompletion } from './completion.ts';
import type { Effect, Env } from './event.ts';
import { activeTab } from './lookup.ts';
import { choose } from './people-walk.ts';
import { askOrGo } from './private-chat.ts';
import { scrollLines } from './scrolling.ts';
import type { State } from './state.ts';
import { goTo } from './tabs.ts';

/** Rows of one notch of the wheel, as in terminals. */
const WHEEL_ROWS = 3;

/** Somebody is asked by the second click on their name: one is easily made by accident. */
export function click(state: State, env: Env, x: number, y: number): Effect[] {
  if (!isListening(state)) return [];
  const report = pressed(state, env);
  const tab = tabAt(state, x, y);
  if (tab !== undefined) {
    endCompletion(state);
    goTo(state, tab);
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

export function wheel(state: State, env: Env, up: boolean): Effect[] {
  if (!isListening(state) || state.overlay !== undefined) return [];
  const effects = scrollLines(state, env, activeTab(state), up ? WHEEL_ROWS : -WHEEL_ROWS);
  return [...pressed(state, env), ...effects];
}

/** Nothing is asked that only keys answer. */
const isListening = (state: State): boolean =>
  state.inner.secret === undefined && state.overlay?.kind !== 'verify' && state.connection.kind !== 'loggedOff';
