/** The answers that are lists: people, rooms, members. */
import type { ClientId, UnixMs, UserName } from '../../base/ids.ts';
import { FOREVER, isSameKeep } from '../../base/keep.ts';
import { MAX_LIST_PAGE } from '../../protocol/limits.ts';
import { LOBBY } from '../../protocol/names.ts';
import type { PersonInfo, ServerMessage, ServerMessages } from '../../protocol/server-messages.ts';
import { type Core, isMember, keepOf, type Room } from './core.ts';
import type { Instant } from './instant.ts';
import type { Session } from './session.ts';
import { send } from './sessions.ts';

/** Who is here, then who was of late, the last to go first: as far as the viewer may see them. */
export function people(core: Core, viewer: UserName, at: Instant): PersonInfo[] {
  const list = presentPeople(core, viewer);
  const goneOnes = [...core.recent.list(at.wall)].reverse();
  for (const [name, since] of goneOnes) if (!isHidden(core, name, viewer)) list.push({ name, state: 'offline', since });
  return list;
}

/** Who is here, then everybody who was here in a time (ms), the last to go first: as far as the viewer may see them. */
export function peopleSince(core: Core, viewer: UserName, within: number, at: Instant): PersonInfo[] {
  const list = presentPeople(core, viewer);
  const first = at.wall - within;
  const goneOnes = new Map<UserName, UnixMs>();
  for (const source of [core.lastSeen, core.recent.list(at.wall)])
    for (const [name, since] of source)
      if (since > 0 && since >= first && !isPresent(core, name) && !isHidden(core, name, viewer))
        goneOnes.set(name, since);
  const inOrder = [...goneOnes].sort(([, one], [, other]) => other - one);
  for (const [name, since] of inOrder) list.push({ name, state: 'offline', since });
  return list;
}

function presentPeople(core: Core, viewer: UserName): PersonInfo[] {
  const hidden = core.ignores.blockersOf(viewer);
  const list: PersonInfo[] = [];
  for (const { name, state, since } of core.users.values())
    if (state !== 'offline' && !hidden.has(name)) list.push({ name, state, since });
  return list;
}

const isPresent = (core: Core, name: UserName): boolean => (core.users.get(name)?.state ?? 'offline') !== 'offline';

const isHidden = (core: Core, name: UserName, from: UserName): boolean =>
  core.ignores.blockersOf(from).has(name) || core.recent.isHidden(name, from);

/** How many there are for `people`, whoever asks. */
export const countPeople = (core: Core, at: Instant): number => core.present + core.recent.list(at.wall).size;

/** How many there are for `members`, whoever asks. */
export const countAllMembers = (core: Core, room: Room, at: Instant): number =>
  room.name === LOBBY ? countPeople(core, at) : room.members.size;

/** How many `members` gives. */
function countMembers(core: Core, room: Room, viewer: UserName, at: Instant): number {
  if (room.name === LOBBY) return people(core, viewer, at).length;
  let count = room.members.size;
  for (const name of core.ignores.blockersOf(viewer)) if (room.members.has(name)) count -= 1;
  return count;
}

/** As far as the viewer may see them. */
export function members(core: Core, room: Room, viewer: UserName, at: Instant): UserName[] {
  if (room.name === LOBBY) return people(core, viewer, at).map(({ name }) => name);
  const hidden = core.ignores.blockersOf(viewer);
  return [...room.members].filter((name) => !hidden.has(name));
}

export function rooms(core: Core, user: UserName, at: Instant): ServerMessages['rooms']['rooms'] {
  return [...core.rooms.values()].map((room) => ({
    name: room.name,
    topic: room.topic,
    members: countMembers(core, room, user, at),
    joined: isMember(room, user),
    ...(isSameKeep(keepOf(core, room), FOREVER) ? {} : { keep: keepOf(core, room) }),
  }));
}

/** Sends a list in frames of `perFrame` entries; an empty one in one frame. */
export function sendList<T>(
  core: Core,
  session: Session,
  entries: readonly T[],
  id: ClientId | undefined,
  frame: (page: readonly T[], rest: { more: boolean; id?: ClientId }) => ServerMessage,
  perFrame: number = MAX_LIST_PAGE,
): void {
  let start = 0;
  do {
    const end = start + perFrame;
    const rest = { more: end < entries.length, ...(id === undefined ? {} : { id }) };
    send(core, session, frame(entries.slice(start, end), rest));
    start = end;
  } while (start < entries.length);
}
