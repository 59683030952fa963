/** What several handlers ask first; where the answer is no, that is said. */
import type { ClientId, RoomName, UserName } from '../../../base/ids.ts';
import { MAX_LIST_PAGE } from '../../../protocol/limits.ts';
import { LOBBY } from '../../../protocol/names.ts';
import type { ServerMessage } from '../../../protocol/server-messages.ts';
import { WRITES } from '../limits.ts';
import type { Person } from '../person.ts';
import type { Context } from './handler.ts';

export const ONLY_LOBBY = 'on the local network there is only #lobby';

export const withId = (id: ClientId | undefined): { readonly id?: ClientId } => (id === undefined ? {} : { id });

export function isLobby({ core, session }: Context, room: RoomName, id: ClientId | undefined): boolean {
  if (room === LOBBY) return true;
  core.sessions.refuse(session, 'no_such_room', ONLY_LOBBY, id);
  return false;
}

/** Counts a message that others see. */
export function mayWrite({ core, session }: Context, id: ClientId | undefined): boolean {
  if (session.writes.take(core.clock.monotonic())) return true;
  const text = `too many messages: ${WRITES.burst} at once and ${WRITES.perSecond} a second get through`;
  core.sessions.refuse(session, 'rate_limited', text, id);
  return false;
}

/** In a program that people see it is a sign of life. */
export function wasActive({ core, session }: Context): void {
  if (session.visible) core.own.active();
}

/** Somebody else whom we know. */
export function personOf({ core, session }: Context, user: UserName, id: ClientId | undefined): Person | undefined {
  const person = core.people.byUser(user);
  if (person === undefined) core.sessions.refuse(session, 'no_such_user', `nobody here is called ${user}`, id);
  return person;
}

/** The same, where we don't block them. */
export function reachable(context: Context, user: UserName, id: ClientId | undefined): Person | undefined {
  const person = personOf(context, user, id);
  if (person === undefined || !context.core.ignored.blocks(person.device)) return person;
  const text = `you block ${user}: unblock them to write to them`;
  context.core.sessions.refuse(context.session, 'not_delivered', text, id);
  return undefined;
}

/** A list in as many frames as it takes; an empty one in one. */
export function sendList<T>(
  { core, session }: Context,
  entries: readonly T[],
  id: ClientId | undefined,
  frame: (page: readonly T[], rest: { more: boolean; id?: ClientId }) => ServerMessage,
): void {
  let start = 0;
  do {
    const end = start + MAX_LIST_PAGE;
    core.sessions.send(session, frame(entries.slice(start, end), { more: end < entries.length, ...withId(id) }));
    start = end;
  } while (start < entries.length);
}
