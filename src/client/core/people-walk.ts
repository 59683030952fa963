/**
 * The keys walk the list of people: Alt-p begins it, and whoever they stand on can be asked for a private chat or written
 * to. Any key that means nothing here ends it, and does its own work.
 */

import type { UserName } from '../../base/ids.ts';
import type { Action } from '../keys/action.ts';
import { geometryOf } from '../view/geometry.ts';
import { personBeside } from '../view/user-list.ts';
import type { Env } from './event.ts';
import { insert, replaceText } from './input-line.ts';
import { listSteps, stepIn } from './list-steps.ts';
import { activeTab, hint, keyFor } from './lookup.ts';
import { askOrGo } from './private-chat.ts';
import type { State } from './state.ts';
import { goToTab, openPerson } from './tabs.ts';

/** People that PgUp and PgDn pass over. */
const STEPS = listSteps(10);

/** Alt-p: on somebody's tab it asks them, elsewhere the walk begins. */
export function privateKey(state: State, env: Env): void {
  const tab = activeTab(state);
  if (tab.kind !== 'room') {
    askOrGo(state, env, tab.person);
    return;
  }
  // Only a wide screen has the list.
  const shown = { ...state, showList: true };
  if (geometryOf(shown, tab).listWidth === 0) {
    if (tab.draft.text === '') tab.draft = insert(tab.draft, '/private ');
    hint(state, `with whom? Write /private and a name: ${keyFor(state, 'complete')} completes it`);
    return;
  }
  state.showList = true;
  walk(state, otherBeside(state, 0));
}

/** Somebody else so many rows further: nobody writes to themselves. */
function otherBeside(state: State, step: number): UserName | undefined {
  const person = personBeside(state, step);
  if (person === undefined || person !== state.self?.name) return person;
  const around = { ...state, selected: person };
  const onwards = step < 0 ? -1 : 1;
  const others = [personBeside(around, onwards), personBeside(around, -onwards)];
  return others.find((other) => other !== person);
}

/** Where the list has no room any more, nobody sees whom the keys stand on. */
export function endHiddenWalk(state: State): void {
  if (state.selected === undefined || geometryOf(state).listWidth > 0) return;
  state.selected = undefined;
  state.inner.walking = false;
  state.hint = undefined;
}

function walk(state: State, person: UserName | undefined): void {
  state.selected = person;
  state.inner.walking = person !== undefined;
  hint(
    state,
    person === undefined
      ? 'nobody else is in the list'
      : `${keyFor(state, 'send')} asks for a private chat, m writes a message, ${keyFor(state, 'history-previous')} and ` +
          `${keyFor(state, 'history-next')} move, ${keyFor(state, 'cancel')} goes back`,
  );
}

/** By the mouse, perhaps by accident: who writes on then, writes. */
export function choose(state: State, person: UserName): void {
  state.selected = person;
  state.inner.walking = false;
  hint(
    state,
    `another click or ${keyFor(state, 'send')} asks ${person} for a private chat, ${keyFor(state, 'cancel')} goes back`,
  );
}

/** @returns false where the action is not one of the walk: then it is over. */
export function walkPeople(state: State, env: Env, action: Action): boolean {
  const { selected } = state;
  if (selected === undefined) return false;
  if (!state.inner.walking) {
    state.selected = undefined;
    const asks = action.kind === 'submit' && activeTab(state).draft.text === '';
    if (asks) askOrGo(state, env, selected);
    return asks || action.kind === 'cancel';
  }
  const step = stepIn(STEPS, action);
  if (step !== undefined) {
    state.selected = otherBeside(state, step) ?? selected;
    return true;
  }
  if (action.kind === 'insert' && action.text.length === 1) return letter(state, env, selected, action.text);
  state.selected = undefined;
  if (action.kind === 'submit') askOrGo(state, env, selected);
  // Alt-p again, or Esc.
  return action.kind === 'submit' || action.kind === 'cancel' || action.kind === 'privateChat';
}

function letter(state: State, env: Env, selected: UserName, typed: string): boolean {
  if (typed === 'm' || typed === ' ') {
    state.selected = undefined;
    writeTo(state, env, selected);
  } else {
    const found = nextWith(state, selected, typed.toLowerCase());
    if (found === undefined) hint(state, `nobody here begins with ${typed}`);
    else state.selected = found;
  }
  return true;
}

function writeTo(state: State, env: Env, person: UserName): void {
  const tab = activeTab(state);
  if (person === state.self?.name) {
    hint(state, 'that is you: write to somebody else', true);
  } else if (tab.draft.text === '') {
    const text = `/msg ${person} `;
    tab.draft = replaceText(tab.draft, text);
  } else {
    // What is being written stays where it is.
    const own = openPerson(state, env, person);
    if (own !== undefined) goToTab(state, own);
  }
}

const plain = (name: UserName): string => name.replace(/^~/, '').toLowerCase();

/** The next name, by the alphabet, that begins with a letter. */
function nextWith(state: State, selected: UserName, first: string): UserName | undefined {
  const tab = activeTab(state);
  const here = (tab.kind === 'room' ? tab.members : undefined) ?? state.people.keys();
  const names = [...here].filter(
    (name) => state.people.has(name) && name !== state.self?.name && plain(name).startsWith(first),
  );
  const sorted = names.toSorted((a, b) => (plain(a) < plain(b) ? -1 : plain(a) > plain(b) ? 1 : a < b ? -1 : 1));
  return sorted.find((name) => plain(name) > plain(selected)) ?? sorted[0];
}
