/**
 * The local network beside a server: a room and people of its own among those of the server, over a connection of its own. The
 * shell joins the two, so that here it is one stream of messages; what is here is that one of them may be away.
 */
import type { RoomName, UserName } from '../../base/ids.ts';
import type { Effect, Env, Event } from './event.ts';
import { farFailed } from './far.ts';
import { roomOf, tabOf } from './lookup.ts';
import { keep } from './memory.ts';
import { putPerson } from './presence.ts';
import { forgetRequests } from './requests.ts';
import type { State } from './state.ts';
import { closeTab } from './tabs.ts';

/** It is there, or no more. */
export function besideIs(state: State, env: Env, { on, room, again }: Extract<Event, { type: 'lan' }>): void {
  const before = state.beside;
  if (on) {
    if (room !== undefined) state.beside = { room, isUp: true };
    keep(state, { lan: true });
    return;
  }
  if (again === true) {
    if (before === undefined) return;
    state.beside = { ...before, isUp: false };
    lose(state, before.room);
    return;
  }
  state.beside = undefined;
  const { lan: _, ...others } = state.memory;
  if (state.memory.lan !== undefined) state.memory = others;
  const tab = before && tabOf(state, before.room);
  if (tab !== undefined) closeTab(state, env, tab);
}

/** What of its connection ends with it. What is ours, the messages that are unsent and the log, stays. */
function lose(state: State, name: RoomName): void {
  const tab = tabOf(state, name);
  if (tab === undefined) return;
  roomOf(state, name).joined = false;
  if (tab.log.older === 'loading') tab.log.older = 'more';
  farFailed(tab);
  tab.pending = tab.pending.map((pending) =>
    pending.state.kind === 'sending' ? { ...pending, state: { kind: 'waiting' } } : pending,
  );
  // To change a message twice is to change it once, so that stays.
  forgetRequests(state, (purpose) => purpose.kind !== 'change' && 'room' in purpose && purpose.room === name);
}

/** Who is on the list because of it, or is no more: no news. */
export function besidePeople(state: State, { put, gone, members }: Extract<Event, { type: 'lanPeople' }>): void {
  for (const name of gone) {
    state.people.delete(name);
    if (state.selected === name) state.selected = undefined;
  }
  for (const person of put) putPerson(state, person);
  const tab = state.beside && tabOf(state, state.beside.room);
  if (tab !== undefined) tab.members = new Set<UserName>(members);
}

/** It was on when the program ended, so it is again: asked for at the first log-in to a server. */
export function resumeBeside(state: State, event: Event): Effect[] {
  const isFirst = event.type === 'message' && event.message.type === 'welcome' && state.self !== undefined;
  if (!isFirst || state.lan !== undefined || state.memory.lan !== true || state.inner.besideResumed) return [];
  state.inner.besideResumed = true;
  return [{ do: 'lan', on: true }];
}
