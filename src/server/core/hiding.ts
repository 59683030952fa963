/**
 * Who blocks somebody is absent for them: in lists, in events, as a recipient. What is not hidden is what people do in
 * public: their messages and topics in rooms, for every room has one stream that is the same for all.
 */
import type { SessionId, UserName } from '../../base/ids.ts';
import { LOBBY } from '../../protocol/names.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { Core, Room } from './core.ts';
import type { Channel } from './effect.ts';
import type { Instant } from './instant.ts';
import { send } from './sessions.ts';

/** Sends an event about somebody to all of a channel, but not to those whom they block. */
export function tellAbout(core: Core, who: UserName, channel: Channel, message: ServerMessage): void {
  const except = sessionsBlockedBy(core, who);
  core.effects.push({ kind: 'fan-out', channel, message, ...(except === undefined ? {} : { except }) });
}

/** Undefined, in nearly every case, where there are none. */
function sessionsBlockedBy(core: Core, who: UserName): ReadonlySet<SessionId> | undefined {
  let found: Set<SessionId> | undefined;
  for (const name of core.ignores.blockedBy(who))
    for (const session of core.users.get(name)?.sessions ?? []) (found ??= new Set()).add(session.id);
  return found;
}

/** From now on `from` must not see `who`: takes them out of what their sessions have been shown. */
export function hide(core: Core, who: UserName, from: UserName, at: Instant): void {
  const isPresent = (core.users.get(who)?.state ?? 'offline') !== 'offline';
  const common = commonRooms(core, who, from);
  for (const session of core.users.get(from)?.sessions ?? []) {
    // The same as when somebody leaves at this moment.
    if (isPresent && session.follows)
      send(core, session, { type: 'presence', user: who, state: 'offline', since: at.wall });
    for (const { name } of common) send(core, session, { type: 'left', room: name, user: who, time: at.wall });
  }
}

/** `to` may see `who` again: brings them back into what their sessions are shown. */
export function show(core: Core, who: UserName, to: UserName, at: Instant): void {
  const user = core.users.get(who);
  const { state, since } =
    user !== undefined && user.state !== 'offline'
      ? user
      : { state: 'offline' as const, since: core.recent.list(at.wall).get(who) };
  const common = commonRooms(core, who, to);
  for (const session of core.users.get(to)?.sessions ?? []) {
    if (since !== undefined && session.follows) send(core, session, { type: 'presence', user: who, state, since });
    for (const { name } of common) send(core, session, { type: 'joined', room: name, user: who, time: at.wall });
  }
}

/** Of `#lobby` everybody is a member, which nobody hears of. */
const commonRooms = (core: Core, one: UserName, other: UserName): Room[] =>
  [...(core.roomsOf.get(one) ?? [])].filter((room) => room.name !== LOBBY && room.members.has(other));
