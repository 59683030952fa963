/** Which rooms are open, and which of them is in front. */
import type { RoomName, UserName } from '../../base/ids.ts';
import { LOBBY } from '../../protocol/names.ts';
import { MAX_ROOMS_OF_USER, type RoomInfo } from '../../protocol/server-messages.ts';
import { knowEnd } from './backfill.ts';
import { createTab } from './create-state.ts';
import type { Effect, Env } from './event.ts';
import { withCutOf } from './input-line.ts';
import { activeTab, hint, lobbyOf, notice, roomOf, tabOf } from './lookup.ts';
import { abandon } from './outbox.ts';
import { ask, forgetRoom } from './requests.ts';
import type { State } from './state.ts';
import { moveOn } from './unread.ts';

/** Tabs: a user is in no more rooms than this. */
export const MAX_TABS = MAX_ROOMS_OF_USER;

/** We are in the room: it has a tab from now on. */
export function enterRoom(state: State, env: Env, info: RoomInfo): Effect[] {
  let tab = tabOf(state, info.name);
  if (tab === undefined) {
    if (state.tabs.length >= MAX_TABS) {
      hint(state, `${info.name} is not shown: ${MAX_TABS} tabs are open`, true);
      return [];
    }
    tab = createTab(info.name);
    state.tabs.push(tab);
  }
  tab.topic = info.topic;
  const room = roomOf(state, info.name);
  // The first that this connection says of the room: what its log and its list show may be out of date.
  const fresh = !room.joined;
  room.joined = true;
  knowEnd(state, tab, info.last, fresh);
  // The lobby's members are everybody: `who` tells of them.
  if (info.name === LOBBY || !fresh) return [];
  const purpose = { kind: 'members', room: info.name, names: new Set<UserName>() } as const;
  return ask(state, env, { type: 'members', room: info.name }, purpose);
}

export function closeTab(state: State, env: Env, room: RoomName): void {
  const index = state.tabs.findIndex((tab) => tab.room === room);
  const tab = state.tabs[index];
  if (tab === undefined || room === LOBBY) return;
  const given = abandon(state, env, tab);
  if (given > 0) {
    const text = `${given} ${given === 1 ? 'message' : 'messages'} to ${room} had not been sent: you are no longer in it`;
    notice(lobbyOf(state), env, text, true);
  }
  const front = activeTab(state);
  state.tabs.splice(index, 1);
  state.inner.rooms.delete(room);
  forgetRoom(state, room);
  const still = state.tabs.indexOf(front);
  state.active = still >= 0 ? still : Math.max(0, index - 1);
}

/** @param index from 0; a tab that isn't there changes nothing. */
export function goTo(state: State, index: number): void {
  const from = activeTab(state);
  const to = state.tabs[index];
  if (to === undefined || to === from) return;
  moveOn(state, from);
  state.active = index;
  to.draft = withCutOf(to.draft, from.draft);
}

export function goToRoom(state: State, room: RoomName): void {
  goTo(
    state,
    state.tabs.findIndex((tab) => tab.room === room),
  );
}

export function step(state: State, by: 1 | -1): void {
  const count = state.tabs.length;
  goTo(state, (state.active + by + count) % count);
}

/** The next tab where somebody speaks to us; where there is none, the next one with something unread. */
export function goToActivity(state: State): void {
  const after = state.tabs.map((_, i) => (state.active + 1 + i) % state.tabs.length).filter((i) => i !== state.active);
  const found =
    after.find((i) => state.tabs[i]?.mentioned === true) ?? after.find((i) => (state.tabs[i]?.unread ?? 0) > 0);
  if (found === undefined) hint(state, 'nothing new in the other tabs');
  else goTo(state, found);
}
