import type { RoomName } from '../../base/ids.ts';
import { createRoomState } from './create-state.ts';
import type { Env } from './event.ts';
import type { RoomState } from './inner.ts';
import type { State, Tab } from './state.ts';

export const tabOf = (state: State, room: RoomName): Tab | undefined => state.tabs.find((tab) => tab.room === room);

export function lobbyOf(state: State): Tab {
  const lobby = state.tabs[0];
  if (lobby === undefined) throw new Error('there is always the tab of #lobby');
  return lobby;
}

export const activeTab = (state: State): Tab => state.tabs[state.active] ?? lobbyOf(state);

/** What the core keeps of a room that has a tab. */
export function roomOf(state: State, room: RoomName): RoomState {
  const known = state.inner.rooms.get(room);
  if (known !== undefined) return known;
  const fresh = createRoomState();
  state.inner.rooms.set(room, fresh);
  return fresh;
}

export const isOnline = (state: State): boolean => state.connection.kind === 'online';

export const hint = (state: State, text: string, bad = false): void => {
  state.hint = { text, bad };
};

export const notice = (tab: Tab, env: Env, text: string, bad = false): void => tab.log.notice(env.now, text, bad);
