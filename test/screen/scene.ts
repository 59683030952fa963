/** States for tests and pictures, made by hand: no server, no clock. */
import type { ClientId, GroupId, RoomName, Seq, UnixMs, UserName } from '../../src/base/ids.ts';
import { createChatTab, createPersonTab, createState, createTab } from '../../src/client/core/create-state.ts';
import type { ChatTab, Pending, Person, PersonTab, RoomTab, State, Tab } from '../../src/client/core/state.ts';
import { fingerprintOf } from '../../src/crypto/identity.ts';

/** Friday 20 November 2026, 09:16 UTC. */
export const NOW = Date.UTC(2026, 10, 20, 9, 16) as UnixMs;

export const user = (name: string): UserName => name as UserName;
const room = (name: string): RoomName => name as RoomName;
/** Of that day. */
export const at = (hours: number, minutes: number, seconds = 0): UnixMs =>
  Date.UTC(2026, 10, 20, hours, minutes, seconds) as UnixMs;

export function emptyState(columns = 80, rows = 24): State {
  const state = createState({
    address: 'box:2428',
    size: { columns, rows },
    login: { method: 'host' },
    fingerprintOf,
  });
  state.self = { name: user('alice'), awayAfter: 10_000, logOffAfter: 900_000 };
  state.connection = { kind: 'online', latency: 2, lastHeard: 0 };
  state.privates = { kind: 'available' };
  return state;
}

export function person(state: State, name: string, presence: Person['state'] = 'online', since: UnixMs = NOW): void {
  state.people.set(user(name), { name: user(name), state: presence, since });
}

export function say(tab: Tab, from: string, text: string, time: UnixMs = NOW): Seq {
  const seq = (tab.log.last + 1) as Seq;
  tab.log.append({ seq, from: user(from), text, time });
  return seq;
}

export function pending(tab: Tab, text: string, kind: 'sending' | 'waiting' = 'sending', time: UnixMs = NOW): void {
  const made: Pending = { id: `p${tab.pending.length}` as ClientId, text, time, state: { kind } };
  tab.pending = [...tab.pending, made];
}

/** The first tab: the lobby. */
export function lobby(state: State): RoomTab {
  const tab = state.tabs[0];
  if (tab?.kind !== 'room') throw new Error('a state without tabs');
  return tab;
}

export function addTab(state: State, name: string): RoomTab {
  const tab = createTab(room(name));
  tab.members = new Set();
  state.tabs.push(tab);
  return tab;
}

/** The tab of somebody, at the end. */
export function addPerson(state: State, name: string): PersonTab {
  const tab = createPersonTab(user(name));
  state.tabs.push(tab);
  return tab;
}

export const OPEN = { kind: 'open', path: 'direct', log: false, theirLog: false, hidden: false } as const;

/** The request of a private chat, with 1:48 to go while the monotonic clock stands at 0. */
export const asked = (ours: boolean, ...addresses: readonly string[]): ChatTab['status'] => ({
  kind: 'asked',
  ours,
  until: 108_000,
  addresses,
});

/** The tab of a private chat, at the end and in front: direct and not verified, where nothing else is said. */
export function addChat(
  state: State,
  name: string,
  more: Partial<Pick<ChatTab, 'plain' | 'status' | 'trust'>> = {},
): ChatTab {
  const { plain = false, status = OPEN, trust = 'first' } = more;
  const tab = createChatTab(user(name), 'Y2hhdC1vZi1hLXRlc3QxMg' as GroupId, plain, status);
  tab.trust = trust;
  state.tabs.push(tab);
  state.active = state.tabs.length - 1;
  return tab;
}

/** From now on these are blocked. */
export function ignore(state: State, ...names: readonly string[]): void {
  state.ignored = { blocked: new Set(names.map(user)), muted: new Map() };
}

/** The room of the sketch: a morning in the lobby. */
export function morning(columns = 80, rows = 24): State {
  const state = emptyState(columns, rows);
  const tab = lobby(state);
  tab.topic = 'Welcome to the box. Be kind.';
  tab.log.older = 'none';
  person(state, 'alice');
  person(state, 'bob');
  person(state, 'frank');
  person(state, '~mira');
  person(state, 'carol', 'away', at(9, 13));
  person(state, 'dave', 'away', at(9, 4));
  person(state, 'erin', 'offline', at(9, 14));
  addTab(state, '#dev').unread = 3;
  const ops = addTab(state, '#ops');
  ops.unread = 1;
  ops.mentioned = true;
  say(tab, 'alice', 'morning all', at(9, 12));
  say(tab, 'bob', 'the build is green again, and the log is here:', at(9, 12, 5));
  say(tab, 'bob', 'https://box/log/4012', at(9, 12, 9));
  tab.log.event(at(9, 14), '+', user('dave'), 'came');
  tab.log.event(at(9, 14, 2), '+', user('frank'), 'came');
  tab.log.event(at(9, 14, 9), '-', user('erin'), 'left');
  tab.unreadFrom = say(tab, 'carol', '@alice can you look at 4012?', at(9, 15));
  say(
    tab,
    'bob',
    '4012: looks like the disk, /var is at 97 % and the nightly backup has not run since Tuesday',
    at(9, 15, 8),
  );
  say(tab, '~mira', '早上好! the family 👨‍👩‍👧‍👦 says hello from Zürich 🇨🇭 👍🏽', at(9, 15, 20));
  pending(tab, 'on it', 'sending', at(9, 15, 40));
  tab.draft = { text: 'the disk is full of co', cursor: 22 };
  return state;
}
