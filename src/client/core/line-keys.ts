/** The keys of the line that is being written. */
import type { Action } from '../keys/action.ts';
import { complete } from './completion.ts';
import { openEditor } from './editor.ts';
import { typeText } from './emoji.ts';
import type { Effect, Env } from './event.ts';
import { next, previous } from './input-history.ts';
import { edit, killsOf, lineDown, lineUp, withKills } from './input-line.ts';
import { beginSearch, pressInSearch } from './input-search.ts';
import { activeTab } from './lookup.ts';
import { paste, pressInAsk } from './paste.ts';
import { answerRequest } from './private-chat.ts';
import { tryToQuit } from './quit.ts';
import type { State, Tab } from './state.ts';
import { submit } from './submit.ts';

type LineAction = Extract<
  Action,
  {
    kind:
      | 'insert'
      | 'paste'
      | 'edit'
      | 'submit'
      | 'deleteOrQuit'
      | 'historyPrevious'
      | 'historyNext'
      | 'searchInput'
      | 'editor'
      | 'complete';
  }
>;

export function pressInLine(state: State, env: Env, tab: Tab, action: LineAction): readonly Effect[] {
  switch (action.kind) {
    case 'insert':
      return answerRequest(state, env, tab, action.text) ? [] : typeText(state, tab, action.text);
    case 'paste':
      paste(state, env, tab, action.text);
      return [];
    case 'edit':
      // What was cut in one tab is yanked in the next.
      tab.draft = edit(withKills(tab.draft, state.inner.kills), action.edit);
      state.inner.kills = killsOf(tab.draft);
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
    case 'searchInput':
      beginSearch(tab);
      return [];
    case 'editor':
      return openEditor(state, tab, tab.draft.text);
    case 'complete':
      return complete(state, env, action.back);
  }
}

/** While the line is searched, or asks: undefined where the key does its own work all the same. */
export function pressInMode(state: State, env: Env, action: Action): readonly Effect[] | undefined {
  const tab = activeTab(state);
  const { mode } = tab;
  if (mode === undefined) return undefined;
  if (mode.kind === 'ask') return pressInAsk(state, env, tab, mode, action);
  return pressInSearch(state, tab, mode, action) ? [] : undefined;
}

/** In a text of several lines the arrows move between them first. */
function walk(state: State, tab: Tab, kind: 'historyPrevious' | 'historyNext'): void {
  const moved = kind === 'historyPrevious' ? lineUp(tab.draft) : lineDown(tab.draft);
  if (moved !== undefined) tab.draft = moved;
  else if (kind === 'historyPrevious') previous(state, tab);
  else next(state, tab);
}
