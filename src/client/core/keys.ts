/** A key was pressed: what it means here. */
import type { Action } from '../keys/action.ts';
import { actionOf } from '../keys/bound.ts';
import type { Key } from '../keys/key.ts';
import { keysPages } from '../view/keys-overlay.ts';
import { pressed } from './activity.ts';
import { attend } from './attend.ts';
import { pressInBare, toggleBare } from './bare.ts';
import { runLine } from './command-line.ts';
import { endCompletion, takeBack } from './completion.ts';
import { connectNow } from './connection.ts';
import type { Effect, Env } from './event.ts';
import { pressInLine, pressInMode } from './line-keys.ts';
import { activeTab, hint } from './lookup.ts';
import { openPalette, paletteKey } from './palette.ts';
import { actOnPanes } from './panes/actions.ts';
import { goTo } from './panes/front.ts';
import { privateKey, walkPeople } from './people-walk.ts';
import { pickKey, startPicking } from './pick.ts';
import { meantBy } from './prefix.ts';
import { interruptLine } from './quit.ts';
import { goToLast } from './recent-tabs.ts';
import { stopWriting } from './reply.ts';
import { scroll } from './scrolling.ts';
import { searchKey } from './search.ts';
import { pressInPrompt } from './secret-prompt.ts';
import type { State } from './state.ts';
import { goToActivity, moveTab, step } from './tabs.ts';
import { themeKey } from './themes.ts';
import { answerNumber, closeNumber } from './trust.ts';
import { tellTyping } from './typing.ts';

/**
 * What lies in front of the room takes a key first, in this order. Undefined: it is nothing for it, and goes on to the
 * next, and at last to the line and the program.
 */
type InFront = (state: State, env: Env, action: Action) => readonly Effect[] | undefined;
const IN_FRONT: readonly InFront[] = [
  (state, _, action) => pressInBare(state, action),
  themeKey,
  paletteKey,
  searchKey,
  (state, env, action) => (forOverlay(state, env, action) ? [] : undefined),
  (state, env, action) => (walkPeople(state, env, action) ? [] : undefined),
  pressInMode,
  pickKey,
];

export function pressKey(state: State, env: Env, key: Key): readonly Effect[] {
  attend(state);
  const plain = actionOf(key, state.keymap);
  const quits = plain?.kind === 'quit' || (plain?.kind === 'deleteOrQuit' && activeTab(state).draft.text === '');
  state.hint = undefined;
  // Whoever was logged off was away: the first key only says that they are back.
  if (state.connection.kind === 'loggedOff' && !quits) return connectNow(state, env);
  const report = pressed(state, env);
  const { secret } = state.inner;
  if (secret !== undefined)
    return plain === undefined ? report : [...report, ...pressInPrompt(state, env, secret, plain)];
  const { action, rest } = meantBy(state, env, key);
  if (action === undefined) return report;
  const asked = state.inner.quitAsked;
  if (action.kind === 'cancel' && takeBack(state)) return report;
  if (action.kind !== 'complete') endCompletion(state);
  const tab = activeTab(state);
  const before = tab.draft;
  const effects = [...act(state, env, action), ...tellTyping(state, env, tab, before, action)];
  // Asked twice means: twice in a row. A `/quit` takes several keys to write, and each of them is part of it.
  if (asked && !quits && !writesCommand(state)) state.inner.quitAsked = false;
  return [...report, ...effects, ...(rest === undefined ? [] : pressKey(state, env, rest))];
}

/** In the palette it begins with a key that opens it. */
const writesCommand = (state: State): boolean =>
  state.overlay?.kind === 'palette'
    ? /^(\/|$)/.test(state.overlay.input.text)
    : activeTab(state).draft.text.startsWith('/');

function act(state: State, env: Env, action: Action): readonly Effect[] {
  for (const inFront of IN_FRONT) {
    const effects = inFront(state, env, action);
    if (effects !== undefined) return effects;
  }
  const tab = activeTab(state);
  switch (action.kind) {
    case 'insert':
    case 'paste':
    case 'edit':
    case 'submit':
    case 'deleteOrQuit':
    case 'historyPrevious':
    case 'historyNext':
    case 'searchInput':
    case 'editor':
    case 'complete':
      return pressInLine(state, env, tab, action);
    case 'goTo':
    case 'nextTab':
    case 'previousTab':
    case 'nextActivity':
    case 'lastTab':
      return toTab(state, action);
    case 'palette':
      return openPalette(state, env, action.find, action.text);
    case 'command':
      return command(state, env, action.line);
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
      if (!stopWriting(tab)) tab.scroll = { kind: 'tail' };
      return [];
    case 'pickMessage':
      startPicking(state, tab);
      return [];
    case 'suspend':
      return [{ do: 'suspend' }];
    case 'quit':
      return interruptLine(state, env);
    case 'splitPane':
    case 'focusPane':
    case 'swapPane':
    case 'movePane':
    case 'resizePane':
    case 'zoomPane':
    case 'closePane':
    case 'onlyPane':
    case 'evenPanes':
      actOnPanes(state, action);
      return [];
    case 'moveTab':
      moveTab(state, action.number);
      return [];
    case 'bareView':
      toggleBare(state);
      return [];
    // It never comes as far as this.
    case 'prefix':
      return [];
  }
}

type ToTab = Extract<Action, { kind: 'goTo' | 'nextTab' | 'previousTab' | 'nextActivity' | 'lastTab' }>;

/** Another tab comes to the front. */
function toTab(state: State, action: ToTab): readonly Effect[] {
  switch (action.kind) {
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
    case 'lastTab':
      goToLast(state);
      return [];
  }
}

/** By a key of its own, whatever is in the line. */
function command(state: State, env: Env, line: string): readonly Effect[] {
  const outcome = runLine(state, env, line);
  if (outcome.ok) return outcome.value;
  hint(state, outcome.error, true);
  return [];
}

/** Over the room lies the page of keys: what turns or closes it does no more than that, any other key does its work. */
function forOverlay(state: State, env: Env, action: Action): boolean {
  const { overlay } = state;
  if (overlay === undefined || action.kind === 'redraw') return false;
  if (overlay.kind === 'verify') return forNumber(state, env, action);
  if (overlay.kind === 'keys' && turnPage(state, overlay.page ?? 0, action)) return true;
  state.overlay = undefined;
  return (
    action.kind === 'cancel' ||
    action.kind === 'help' ||
    (action.kind === 'submit' && activeTab(state).draft.text === '')
  );
}

/** Where it has several. */
function turnPage(state: State, page: number, action: Action): boolean {
  const onwards = action.kind === 'pageDown' || action.kind === 'historyNext';
  const back = action.kind === 'pageUp' || action.kind === 'historyPrevious';
  const pages = keysPages(state);
  if ((!onwards && !back) || pages < 2) return false;
  // The window may have grown since.
  const at = Math.min(page, pages - 1);
  state.overlay = { kind: 'keys', page: Math.max(0, Math.min(pages - 1, at + (onwards ? 1 : -1))) };
  return true;
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
