/** Who is writing just now: what others let us know, and what we let them know. */

import type { UserName } from '../../base/ids.ts';
import { TYPING_EVERY_MS } from '../../protocol/limits.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { Action } from '../keys/action.ts';
import type { Effect, Env } from './event.ts';
import { isIgnored } from './ignored.ts';
import type { InputLine } from './input-line.ts';
import { personTabOf, roomOf } from './lookup.ts';
import { tell } from './messenger.ts';
import { reaches } from './reaches.ts';
import type { State, Tab } from './state.ts';
import { isCommand } from './submit-text.ts';

/** Milliseconds that a mark stays without another one: twice the time in which whoever writes on sends one. */
export const TYPING_LASTS_MS = 2 * TYPING_EVERY_MS;
/** People who are known to be writing in one tab; nobody is told more than how many they are. */
export const MAX_TYPISTS = 100;

/** Whether the others are let know. */
export const isTypingTold = ({ memory, inner }: State): boolean => memory.typing ?? inner.typing.wanted;

/** Something of a message was typed; what is pasted, fetched from the history, or a command, is no sign of it. */
export function tellTyping(state: State, env: Env, tab: Tab, before: InputLine, action: Action): Effect[] {
  if (action.kind !== 'insert' && action.kind !== 'edit') return [];
  const { text } = tab.draft;
  // Mail is no talk in which somebody waits.
  if (tab.kind === 'person' || text === before.text || text.trim() === '' || isCommand(text)) return [];
  // What is corrected has been said.
  if (tab.writing?.kind === 'correct' || !isTypingTold(state)) return [];
  const goes =
    tab.kind === 'chat' ? tab.status.kind === 'open' : reaches(state, tab.room) && roomOf(state, tab.room).joined;
  if (!goes) return [];
  const { typing } = state.inner;
  if (env.mono < typing.sentAt + TYPING_EVERY_MS) return [];
  typing.sentAt = env.mono;
  if (tab.kind === 'chat') {
    tell(state, { do: 'typing', chat: tab.chat });
    return [];
  }
  return [{ do: 'send', message: { type: 'typing', to: tab.room } }];
}

/** Somebody writes, to a room or to us. */
export function heardTyping(state: State, env: Env, { to, from }: ServerMessages['typing']): void {
  if (from === state.self?.name) return;
  const room = state.tabs.find((one) => one.kind === 'room' && one.room === to);
  const tab = room ?? (to === state.self?.name ? personTabOf(state, from) : undefined);
  if (tab !== undefined) writes(state, env, tab, from);
}

/** Somebody writes there. */
export function writes(state: State, env: Env, tab: Tab, from: UserName): void {
  if (isIgnored(state.ignored, from)) return;
  const mark = { name: from, until: env.mono + TYPING_LASTS_MS };
  const known = tab.typing.some(({ name }) => name === from);
  if (known) tab.typing = tab.typing.map((one) => (one.name === from ? mark : one));
  else if (tab.typing.length < MAX_TYPISTS) tab.typing = [...tab.typing, mark];
}

/** What was being written is here. */
export function typed(tab: Tab, from: UserName): void {
  if (tab.typing.length > 0) tab.typing = tab.typing.filter(({ name }) => name !== from);
}

export function typingTick(state: State, env: Env): void {
  for (const tab of state.tabs) {
    if (tab.typing.some(({ until }) => until <= env.mono)) {
      tab.typing = tab.typing.filter(({ until }) => until > env.mono);
    }
  }
}

/** Monotonic ms at which the next mark ends. */
export function typingWake({ tabs }: State): number | undefined {
  let next: number | undefined;
  for (const { typing } of tabs) {
    for (const { until } of typing) if (next === undefined || until < next) next = until;
  }
  return next;
}
