/** Tab: finishes the word before the cursor; pressed again, takes the next candidate. */
import { candidatesAt, wordAt } from './completion-words.ts';
import { loadEmoji } from './emoji.ts';
import type { Effect, Env } from './event.ts';
import type { Candidate } from './inner.ts';
import { replacePart } from './input-line.ts';
import { activeTab, hint } from './lookup.ts';
import { askRooms } from './palette.ts';
import type { State, Tab } from './state.ts';

/** Candidates that are cycled through. */
const MAX_CANDIDATES = 100;

/** @returns what is asked for, where the candidates are still to come. */
export function complete(state: State, env: Env, back: boolean): readonly Effect[] {
  const tab = activeTab(state);
  const { cycle: going } = state.inner;
  const cycle = going ?? begin(state, tab);
  const needs = going === undefined ? needed(state, env, tab, cycle === undefined) : [];
  if (cycle === undefined) return needs;
  const count = cycle.candidates.length;
  const index = going === undefined ? (back ? count - 1 : 0) : cycle.index + (back ? -1 : 1);
  cycle.index = (index + count) % count;
  state.inner.cycle = cycle;
  state.completions = count > 1 ? cycle.candidates.map(({ shown }) => shown) : [];
  state.completed = cycle.index;
  const { before, start } = cycle;
  tab.draft = replacePart(before, start, before.cursor, cycle.candidates[cycle.index]?.text ?? '');
  cycle.line = tab.draft;
  return needs;
}

export function endCompletion(state: State): void {
  state.inner.cycle = undefined;
  state.completions = [];
}

/** Another tab has come to the front, or something else has changed the line. Called after every event. */
export function settleCompletion(state: State): void {
  const { cycle } = state.inner;
  if (cycle !== undefined && activeTab(state).draft !== cycle.line) endCompletion(state);
}

/** What was written before Tab was pressed. @returns false where nothing is being completed. */
export function takeBack(state: State): boolean {
  const { cycle } = state.inner;
  if (cycle === undefined) return false;
  activeTab(state).draft = cycle.before;
  endCompletion(state);
  return true;
}

function begin(state: State, tab: Tab) {
  const place = wordAt(tab.draft);
  const candidates: readonly Candidate[] = candidatesAt(state, tab, place).slice(0, MAX_CANDIDATES);
  return candidates.length === 0
    ? undefined
    : { start: place.start, before: tab.draft, candidates, index: 0, line: tab.draft };
}

/** What isn't here before it is asked for: the server's rooms, and the names of emoji. */
function needed(state: State, env: Env, tab: Tab, isStuck: boolean): readonly Effect[] {
  const { word, emoji } = wordAt(tab.draft);
  if (emoji !== undefined) {
    const effects = loadEmoji(state);
    if (isStuck && state.inner.emoji.kind === 'loading')
      hint(state, 'the names of emoji are being read: Tab once more');
    return effects;
  }
  if (!word.startsWith('#') && !/^\/j(oin)? $/.test(tab.draft.text.slice(0, tab.draft.cursor))) return [];
  const effects = askRooms(state, env);
  if (isStuck && effects.length > 0) hint(state, "the server's rooms are being asked for: Tab once more");
  return effects;
}
