/** Which rooms, persons and private chats have a tab, and which of them is in front. */
import { longDuration } from '../../base/duration.ts';
import type { GroupId, RoomName, UserName } from '../../base/ids.ts';
import type { ChatStatus } from '../../peer/private.ts';
import { LOBBY } from '../../protocol/names.ts';
import { MAX_ROOMS_OF_USER, type RoomInfo } from '../../protocol/server-messages.ts';
import { knowEnd } from './backfill.ts';
import { createChatTab, createPersonTab, createTab } from './create-state.ts';
import type { Effect, Env } from './event.ts';
import { withCutOf } from './input-line.ts';
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
import { ask, forgetRoom, isAsked } from './requests.ts';
import type { ChatTab, PersonTab, RoomTab, State, Tab } from './state.ts';
import { moveOn } from './unread.ts';

/** Tabs of rooms: a user is in no more than this. */
export const MAX_ROOM_TABS = MAX_ROOMS_OF_USER;
/** Tabs of persons: beyond these, one that has nothing unread or unsent makes room for another. */
export const MAX_PERSON_TABS = 50;

/** Tabs of private chats: beyond these, one that has ended makes room for another. */
export const MAX_CHAT_TABS = 20;

/** We are in the room: it has a tab from now on. */
export function enterRoom(state: State, env: Env, info: RoomInfo): Effect[] {
  let tab = tabOf(state, info.name);
  if (tab === undefined) {
    if (roomTabs(state).length >= MAX_ROOM_TABS) {
      hint(state, `${info.name} is not shown: ${MAX_ROOM_TABS} rooms are open`, true);
      return [];
    }
    tab = createTab(info.name);
    state.tabs.push(tab);
  }
  tab.topic = info.topic;
  changeSlow(state, env, tab, info.slow ?? 0);
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
  state.tabs.push(tab);
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
  state.tabs.push(tab);
  return tab;
}

function makeRoom(state: State, env: Env, open: readonly Tab[], most: number): boolean {
  if (open.length < most) return true;
  const done = open.find((tab) => isDone(state, tab));
  if (done !== undefined) closeTab(state, env, done);
  return done !== undefined;
}

const isDone = (state: State, tab: Tab): boolean =>
  tab !== activeTab(state) &&
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
  const front = activeTab(state);
  state.tabs.splice(index, 1);
  if (tab.kind === 'room') {
    state.inner.rooms.delete(tab.room);
    forgetRoom(state, tab.room);
  }
  if (front === tab) state.selected = undefined;
  const still = state.tabs.indexOf(front);
  state.active = still >= 0 ? still : Math.max(0, index - 1);
}

export function closeRoom(state: State, env: Env, room: RoomName): void {
  const tab = tabOf(state, room);
  if (tab !== undefined) closeTab(state, env, tab);
}

/** @param index from 0; a tab that isn't there changes nothing. */
export function goTo(state: State, index: number): void {
  const from = activeTab(state);
  const to = state.tabs[index];
  if (to === undefined || to === from) return;
  moveOn(from);
  state.active = index;
  state.selected = undefined;
  to.draft = withCutOf(to.draft, from.draft);
}

export const goToTab = (state: State, tab: Tab): void => goTo(state, state.tabs.indexOf(tab));

export function goToRoom(state: State, room: RoomName): void {
  const tab = tabOf(state, room);
  if (tab !== undefined) goToTab(state, tab);
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
