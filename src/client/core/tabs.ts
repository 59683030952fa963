/** Which rooms, persons and private chats have a tab, and which of them is in front. */
import { longDuration } from '../../base/duration.ts';
import type { GroupId, RoomName, UserName } from '../../base/ids.ts';
import type { ChatStatus } from '../../peer/private.ts';
import { LOBBY } from '../../protocol/names.ts';
import { MAX_ROOMS_OF_USER, type RoomInfo } from '../../protocol/server-messages.ts';
import { isAsking } from './asking.ts';
import { knowEnd } from './backfill.ts';
import { knowChanges } from './changes.ts';
import { createChatTab, createPersonTab, createTab } from './create-state.ts';
import type { Effect, Env } from './event.ts';
import {
  activeTab,
  chatTabs,
  hint,
  lobbyOf,
  notice,
  personTabOf,
  personTabs,
  roomOf,
  roomTabs,
  tabName,
  tabOf,
} from './lookup.ts';
import { abandon } from './outbox.ts';
import { dropPane, goTo, goToTab } from './panes/front.ts';
import { hiddenTabs, layoutChanged, paneOf, tabsChanged } from './panes/panes.ts';
import { ask, askChangesAgain, forgetRoom, isAsked } from './requests.ts';
import type { ChatTab, PersonTab, RoomTab, State, Tab } from './state.ts';

export { goToTab } from './panes/front.ts';

/** Tabs of rooms: a user is in no more than this. */
export const MAX_ROOM_TABS = MAX_ROOMS_OF_USER;
/** Tabs of persons: beyond these, one that has nothing unread or unsent makes room for another. */
export const MAX_PERSON_TABS = 50;

/** Tabs of private chats: beyond these, one that has ended makes room for another. */
export const MAX_CHAT_TABS = 20;

/** We are in the room: it has a tab from now on. @param sparse nobody counts its messages. */
export function enterRoom(state: State, env: Env, info: RoomInfo, sparse: boolean = false): Effect[] {
  let tab = tabOf(state, info.name);
  if (tab === undefined) {
    if (roomTabs(state).length >= MAX_ROOM_TABS) {
      hint(state, `${info.name} is not shown: ${MAX_ROOM_TABS} rooms are open`, true);
      return [];
    }
    tab = createTab(info.name);
    addTab(state, tab);
  }
  tab.topic = info.topic;
  tab.sparse = sparse;
  changeSlow(state, env, tab, info.slow ?? 0);
  const room = roomOf(state, info.name);
  // The first that this connection says of the room: what its log and its list show may be out of date.
  const fresh = !room.joined;
  room.joined = true;
  knowEnd(state, env, tab, info.last, fresh);
  knowChanges(state, tab, info.rev ?? 0, fresh);
  const again = fresh ? askChangesAgain(state, info.name) : [];
  // The lobby's members are everybody: `who` tells of them.
  if (info.name === LOBBY || !fresh) return again;
  const purpose = { kind: 'members', room: info.name, names: new Set<UserName>() } as const;
  return [...again, ...ask(state, env, { type: 'members', room: info.name }, purpose)];
}

/** Whoever ordered it is told so by the answer. */
function changeSlow(state: State, env: Env, tab: RoomTab, slow: number): void {
  const before = tab.slow;
  tab.slow = slow;
  if (slow === before || !roomOf(state, tab.room).joined) return;
  if (isAsked(state, (_, { type }) => type === 'slow')) return;
  const text = slow > 0 ? `everybody may write here once in ${longDuration(slow)} now` : 'slow mode is over here';
  notice(tab, env, text);
}

/** The tab of a person, in the background; undefined where so many are open that none can make room for it. */
export function openPerson(state: State, env: Env, person: UserName): PersonTab | undefined {
  const known = personTabOf(state, person);
  if (known !== undefined) return known;
  if (!makeRoom(state, env, personTabs(state), MAX_PERSON_TABS)) return undefined;
  const tab = createPersonTab(person);
  addTab(state, tab);
  return tab;
}

/** The tab of a new chat, in the background; undefined as above. */
export function openChat(
  state: State,
  env: Env,
  person: UserName,
  chat: GroupId,
  plain: boolean,
  status: ChatStatus,
): ChatTab | undefined {
  if (!makeRoom(state, env, chatTabs(state), MAX_CHAT_TABS)) return undefined;
  const tab = createChatTab(person, chat, plain, status);
  addTab(state, tab);
  return tab;
}

function addTab(state: State, tab: Tab): void {
  state.tabs.push(tab);
  tabsChanged(state);
}

function makeRoom(state: State, env: Env, open: readonly Tab[], most: number): boolean {
  if (open.length < most) return true;
  const done = open.find((tab) => isDone(state, tab));
  if (done !== undefined) closeTab(state, env, done);
  return done !== undefined;
}

const isDone = (state: State, tab: Tab): boolean =>
  paneOf(state, tab) === undefined &&
  tab.unread === 0 &&
  tab.pending.length === 0 &&
  tab.draft.text === '' &&
  (tab.kind !== 'chat' || tab.status.kind === 'ended');

export function closeTab(state: State, env: Env, tab: Tab): void {
  const index = state.tabs.indexOf(tab);
  if (index <= 0) return;
  const given = abandon(state, env, tab);
  if (given > 0) {
    const why = tab.kind === 'room' ? 'you are no longer in it' : 'its tab was closed';
    const what = `${given} ${given === 1 ? 'message' : 'messages'} to ${tabName(tab)}`;
    notice(lobbyOf(state), env, `${what} had not been sent: ${why}`, true);
  }
  if (tab === activeTab(state)) state.selected = undefined;
  leavePane(state, tab, index);
  const front = activeTab(state);
  state.tabs.splice(index, 1);
  state.active = state.tabs.indexOf(front);
  tabsChanged(state);
  if (tab.kind === 'room') {
    state.inner.rooms.delete(tab.room);
    forgetRoom(state, tab.room);
  }
}

/** Its pane takes the tab before it that no pane shows, or one after it; where there is none, it closes. */
function leavePane(state: State, tab: Tab, index: number): void {
  const { panes } = state;
  const pane = paneOf(state, tab);
  if (pane === undefined) return;
  const hidden = hiddenTabs(state);
  const heir = hidden.findLast((each) => state.tabs.indexOf(each) < index) ?? hidden[0];
  if (heir === undefined) dropPane(state, pane);
  else if (pane === panes.focused) state.active = state.tabs.indexOf(heir);
  else panes.shows.set(pane, heir);
}

export function closeRoom(state: State, env: Env, room: RoomName): void {
  const tab = tabOf(state, room);
  if (tab !== undefined) closeTab(state, env, tab);
}

/** The active tab gets that number, from 1, and those behind it move on. */
export function moveTab(state: State, number: number): void {
  const { tabs } = state;
  const tab = activeTab(state);
  if (tab === lobbyOf(state) || number < 2) {
    hint(state, `${LOBBY} is always tab 1`);
    return;
  }
  tabs.splice(state.active, 1);
  // Beyond the last, it is the last.
  tabs.splice(number - 1, 0, tab);
  state.active = tabs.indexOf(tab);
  layoutChanged(state);
}

export function goToRoom(state: State, room: RoomName): void {
  const tab = tabOf(state, room);
  if (tab !== undefined) goToTab(state, tab);
}

export function step(state: State, by: 1 | -1): void {
  const count = state.tabs.length;
  goTo(state, (state.active + by + count) % count);
}

/** The next tab where somebody waits for our answer; else where somebody speaks to us; else with something unread. */
export function goToActivity(state: State): void {
  const after = state.tabs.map((_, i) => (state.active + 1 + i) % state.tabs.length).filter((i) => i !== state.active);
  const next = (calls: (tab: Tab) => boolean): number | undefined =>
    after.find((i) => {
      const tab = state.tabs[i];
      return tab !== undefined && calls(tab);
    });
  const found = next(isAsking) ?? next(({ mentioned }) => mentioned) ?? next(({ unread }) => unread > 0);
  if (found === undefined) hint(state, 'nothing new in the other tabs');
  else goTo(state, found);
}
