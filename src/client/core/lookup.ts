import type { RoomName, UserName } from '../../base/ids.ts';
import { keyOf } from '../keys/bound.ts';
import { createRoomState } from './create-state.ts';
import type { Env } from './event.ts';
import type { RoomState, TabName } from './inner.ts';
import type { MessageLog } from './message-log.ts';
import type { ChatTab, PersonTab, RoomTab, State, Tab } from './state.ts';

export const roomTabs = (state: State): RoomTab[] => state.tabs.filter((tab) => tab.kind === 'room');

export const personTabs = (state: State): PersonTab[] => state.tabs.filter((tab) => tab.kind === 'person');

export const tabOf = (state: State, room: RoomName): RoomTab | undefined =>
  state.tabs.find((tab): tab is RoomTab => tab.kind === 'room' && tab.room === room);

export const personTabOf = (state: State, person: UserName): PersonTab | undefined =>
  state.tabs.find((tab): tab is PersonTab => tab.kind === 'person' && tab.person === person);

export const chatTabs = (state: State): ChatTab[] => state.tabs.filter((tab) => tab.kind === 'chat');

/** The tab of the private chat with somebody, or of the last one. */
export const chatTabOf = (state: State, person: UserName): ChatTab | undefined =>
  state.tabs.find((tab): tab is ChatTab => tab.kind === 'chat' && tab.person === person);

/** What the tab is called: `#dev`, `bob`, `=bob`. */
export function tabName(tab: Tab): TabName {
  switch (tab.kind) {
    case 'room':
      return tab.room;
    case 'person':
      return tab.person;
    case 'chat':
      return `=${tab.person}`;
  }
}

/** What is on the screen of a tab: its log, or a window over what is older. */
export const logOf = ({ far, log }: Tab): MessageLog => far?.log ?? log;

export function lobbyOf(state: State): RoomTab {
  const lobby = state.tabs[0];
  if (lobby?.kind !== 'room') throw new Error('there is always the tab of #lobby');
  return lobby;
}

export const activeTab = (state: State): Tab => state.tabs[state.active] ?? lobbyOf(state);

/** A tab that may be closed by now; then what is to be shown in it is shown in the one that is open. */
export const stillOpen = (state: State, name: TabName): Tab =>
  state.tabs.find((tab) => tabName(tab) === name) ?? activeTab(state);

/** What the core keeps of a room that has a tab. */
export function roomOf(state: State, room: RoomName): RoomState {
  const known = state.inner.rooms.get(room);
  if (known !== undefined) return known;
  const fresh = createRoomState();
  state.inner.rooms.set(room, fresh);
  return fresh;
}

/** How one comes to a tab by the keys as they are; numbers count from 1. */
export const wayToTab = ({ keymap, lines }: State, number: number): string =>
  lines ? `/go ${number}` : (keyOf(keymap, `tab-${number}`) ?? `tab ${number}`);

/** The key that does this, for words that name one; where it has none, what it is called. */
export const keyFor = ({ keymap, lines }: State, name: string): string =>
  lines && name === 'cancel' ? 'Ctrl-C' : (keyOf(keymap, name) ?? `"${name}"`);

export const isOnline = (state: State): boolean => state.connection.kind === 'online';

/** The server's clock, Unix ms. */
export const serverNow = (state: State, env: Env): number => env.now + state.clockOffset;

export const hint = (state: State, text: string, bad = false): void => {
  state.hint = { text, bad };
};

export const notice = (tab: Tab, env: Env, text: string, bad = false): void => tab.log.notice(env.now, text, bad);
