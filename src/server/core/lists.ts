/** The answers that are lists: people, rooms, members. */
import type { ClientId, UserName } from '../../base/ids.ts';
import { MAX_LIST_PAGE } from '../../protocol/limits.ts';
import { LOBBY } from '../../protocol/names.ts';
import type { PersonInfo, ServerMessage, ServerMessages } from '../../protocol/server-messages.ts';
import { type Core, isMember, type Room } from './core.ts';
import type { Instant } from './instant.ts';
import type { Session } from './session.ts';
import { send } from './sessions.ts';

/** Who is here, then who was of late, the last to go first. */
export function people(core: Core, at: Instant): PersonInfo[] {
  const list: PersonInfo[] = [];
  for (const { name, state, since } of core.users.values()) if (state !== 'offline') list.push({ name, state, since });
  const goneOnes = [...core.recent.list(at.wall)].reverse();
  for (const [name, since] of goneOnes) list.push({ name, state: 'offline', since });
  return list;
}

/** How many are in `people`. */
export const countPeople = (core: Core, at: Instant): number => core.present + core.recent.list(at.wall).size;

export const countMembers = (core: Core, room: Room, at: Instant): number =>
  room.name === LOBBY ? countPeople(core, at) : room.members.size;

export function members(core: Core, room: Room, at: Instant): UserName[] {
  return room.name === LOBBY ? people(core, at).map(({ name }) => name) : [...room.members];
}

export function rooms(core: Core, user: UserName, at: Instant): ServerMessages['rooms']['rooms'] {
  return [...core.rooms.values()].map((room) => ({
    name: room.name,
    topic: room.topic,
    members: countMembers(core, room, at),
    joined: isMember(room, user),
  }));
}

/** Sends a list in frames of `MAX_LIST_PAGE`; an empty one in one frame. */
export function sendList<T>(
  core: Core,
  session: Session,
  entries: readonly T[],
  id: ClientId | undefined,
  frame: (page: readonly T[], rest: { more: boolean; id?: ClientId }) => ServerMessage,
): void {
  let start = 0;
  do {
    const end = start + MAX_LIST_PAGE;
    const rest = { more: end < entries.length, ...(id === undefined ? {} : { id }) };
    send(core, session, frame(entries.slice(start, end), rest));
    start = end;
  } while (start < entries.length);
}
