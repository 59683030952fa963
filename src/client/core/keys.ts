/** A key was pressed: what it means here. */
import type { Action } from '../keys/action.ts';
import type { Key } from '../keys/key.ts';
import { actionOf } from '../keys/keymap.ts';
import { pressed } from './activity.ts';
import { complete, endCompletion, takeBack } from './completion.ts';
import { connectNow } from './connection.ts';
import type { Effect, Env } from './event.ts';
import { next, previous } from './input-history.ts';
import { edit, insert, lineDown, lineUp } from './input-line.ts';
import { activeTab, hint } from './lookup.ts';
import { privateKey, walkPeople } from './people-walk.ts';
import { answerRequest } from './private-chat.ts';
import { tryToQuit } from './quit.ts';
import { scroll } from './scrolling.ts';
import { pressInPrompt } from './secret-prompt.ts';
import type { State, Tab } from './state.ts';
import { submit } from './submit.ts';
import { goTo, goToActivity, step } from './tabs.ts';
import { answerNumber, closeNumber } from './trust.ts';

export function pressKey(state: State, env: Env, key: Key): readonly Effect[] {
  const action = actionOf(key);
  const quits = action?.kind === 'quit' || (action?.kind === 'deleteOrQuit' && activeTab(state).draft.text === '');
  state.hint = undefined;
  // Whoever was logged off was away: the first key only says that they are back.
  if (state.connection.kind === 'loggedOff' && !quits) return connectNow(state, env);
  const report = pressed(state, env);
  if (action === undefined) return report;
  const { secret } = state.inner;
  if (secret !== undefined) return [...report, ...pressInPrompt(state, env, secret, action)];
  const asked = state.inner.quitAsked;
  if (action.kind === 'cancel' && takeBack(state)) return report;
  if (action.kind !== 'complete') endCompletion(state);
  const effects = act(state, env, action);
  // Asked twice means: twice in a row. A `/quit` takes several keys to write, and each of them is part of it.
  if (asked && !quits && !activeTab(state).draft.text.startsWith('/')) state.inner.quitAsked = false;
  return [...report, ...effects];
}

function act(state: State, env: Env, action: Action): readonly Effect[] {
  const tab = activeTab(state);
  if (forOverlay(state, env, action) || walkPeople(state, env, action)) return [];
  switch (action.kind) {
    case 'insert':
      if (answerRequest(state, env, tab, action.text)) return [];
      tab.draft = insert(tab.draft, action.text);
      return [];
    case 'paste':
      tab.draft = insert(tab.draft, action.text);
      return [];
    case 'edit':
      tab.draft = edit(tab.draft, action.edit);
      return [];
    case 'submit':
      return submit(state, env);
    case 'deleteOrQuit':
      if (tab.draft.text === '') return tryToQuit(state, env);
      tab.draft = edit(tab.draft, 'deleteForward');
      return [];
    case 'historyPrevious':
    case 'historyNext':
      walk(state, tab, action.kind);
      return [];
    case 'complete':
      complete(state, action.back);
      return [];
    case 'goTo':
      if (state.tabs[action.number - 1] === undefined) hint(state, `there is no tab ${action.number}`);
      goTo(state, action.number - 1);
      return [];
    case 'nextTab':
    case 'previousTab':
      step(state, action.kind === 'nextTab' ? 1 : -1);
      return [];
    case 'nextActivity':
      goToActivity(state);
      return [];
    case 'firstUnread':
    case 'pageUp':
    case 'pageDown':
    case 'top':
    case 'bottom':
      return scroll(state, env, tab, action.kind);
    case 'privateChat':
      privateKey(state, env);
      return [];
    case 'toggleList':
      state.showList = !state.showList;
      return [];
    case 'redraw':
      return [{ do: 'redraw' }];
    case 'help':
      state.overlay = { kind: 'keys' };
      return [];
    case 'cancel':
      tab.scroll = { kind: 'tail' };
      return [];
    case 'quit':
      return tryToQuit(state, env);
  }
}

/** Over the room lies the page of keys: what closes it does no more than that, any other key does its work. */
function forOverlay(state: State, env: Env, action: Action): boolean {
  if (state.overlay === undefined || action.kind === 'redraw') return false;
  if (state.overlay.kind === 'verify') return forNumber(state, env, action);
  state.overlay = undefined;
  return (
    action.kind === 'cancel' ||
    action.kind === 'help' ||
    (action.kind === 'submit' && activeTab(state).draft.text === '')
  );
}

/** Nothing is written while the numbers are compared; what leads elsewhere leaves them. */
function forNumber(state: State, env: Env, action: Action): boolean {
  if (action.kind === 'insert' || action.kind === 'paste') {
    answerNumber(state, env, action.text);
    return true;
  }
  closeNumber(state);
  return action.kind !== 'quit' && action.kind !== 'deleteOrQuit';
}

/** In a text of several lines the arrows move between them first. */
function walk(state: State, tab: Tab, kind: 'historyPrevious' | 'historyNext'): void {
  const moved = kind === 'historyPrevious' ? lineUp(tab.draft) : lineDown(tab.draft);
  if (moved !== undefined) tab.draft = moved;
  else if (kind === 'historyPrevious') previous(state, tab);
  else next(state, tab);
}
