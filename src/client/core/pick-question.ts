/** What is asked about the message that the keys stand on: whether to delete it, and what to react with. */

import type { Seq } from '../../base/ids.ts';
import { previousGrapheme } from '../../base/text/graphemes.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import type { Action } from '../keys/action.ts';
import { askChange } from './change-request.ts';
import { loadEmoji } from './emoji.ts';
import type { Effect, Env } from './event.ts';
import { hint } from './lookup.ts';
import type { MessageEntry } from './message-log.ts';
import { emojiLike, FREQUENT, hasReacted, parseEmoji } from './reactions.ts';
import type { Pick, State, Tab } from './state.ts';

/** UTF-16 units of what is typed as a reaction: the longest name has half of that. */
const MAX_TYPED = 64;

/** The keys stand on this message. */
export function at({ seq }: { readonly seq: Seq }, step: Pick['step'] = 'walk'): Pick {
  return { seq, step, typed: '', offered: [], links: 0 };
}

/** @returns undefined where nothing is asked, or no longer, and the key walks on. */
export function answerQuestion(
  state: State,
  env: Env,
  tab: Tab,
  pick: Pick,
  entry: MessageEntry,
  action: Action,
): readonly Effect[] | undefined {
  switch (pick.step) {
    case 'walk':
      return undefined;
    case 'delete':
      return answerDelete(state, env, tab, entry, action);
    case 'react':
      return typeReaction(state, env, tab, pick, entry, action);
  }
}

/** Nothing but `y` deletes. */
function answerDelete(state: State, env: Env, tab: Tab, entry: MessageEntry, action: Action) {
  tab.pick = at(entry);
  if (action.kind === 'insert' && action.text.toLowerCase() === 'y') {
    return done(state, tab, askChange(state, env, tab, entry, { do: 'delete' }));
  }
  return action.kind === 'insert' || action.kind === 'cancel' || action.kind === 'submit' ? [] : undefined;
}

/** A digit takes one of those that are shown; anything else is written, and Enter takes it. */
function typeReaction(state: State, env: Env, tab: Tab, pick: Pick, entry: MessageEntry, action: Action) {
  const { typed } = pick;
  if (action.kind === 'insert' || action.kind === 'paste') {
    const numbered = typed === '' ? FREQUENT[Number(action.text) - 1] : undefined;
    if (numbered !== undefined) return react(state, env, tab, entry, numbered.emoji);
    tab.pick = withTyped(state, pick, (typed + sanitizeLine(action.text)).slice(0, MAX_TYPED).toWellFormed());
    return loadEmoji(state);
  }
  if (action.kind === 'edit') {
    if (action.edit !== 'deleteBack') return [];
    const left = typed.slice(0, previousGrapheme(typed, typed.length));
    tab.pick = typed === '' ? at(entry) : withTyped(state, pick, left);
    return [];
  }
  if (action.kind === 'submit') {
    const emoji = parseEmoji(state, typed) ?? emojiLike(state, typed)[0]?.emoji;
    if (emoji !== undefined) return react(state, env, tab, entry, emoji);
    hint(state, typed === '' ? 'press a number, or write an emoji or its name' : `there is no emoji ${typed}`, true);
    return [];
  }
  tab.pick = at(entry);
  return action.kind === 'cancel' ? [] : undefined;
}

const withTyped = (state: State, pick: Pick, typed: string): Pick => ({
  ...pick,
  typed,
  offered: emojiLike(state, typed),
});

/** The same once more takes it back. */
function react(state: State, env: Env, tab: Tab, entry: MessageEntry, emoji: string): readonly Effect[] {
  const on = !hasReacted(entry, emoji, state.self?.name);
  return done(state, tab, askChange(state, env, tab, entry, { do: 'react', emoji, on }));
}

/** It is asked for: back to writing. */
function done(state: State, tab: Tab, asked: ReturnType<typeof askChange>): readonly Effect[] {
  if (!asked.ok) {
    hint(state, asked.error, true);
    return [];
  }
  tab.pick = undefined;
  return asked.value;
}
