/** Who is writing: passed on at once, kept nowhere. */
import type { RoomName, SessionId, UserName } from '../../base/ids.ts';
import { LOBBY } from '../../protocol/names.ts';
import type { ServerEvent } from '../bus/bus.ts';
import { type Core, isMember, type Room } from './core.ts';
import { MAX_TYPING_AUDIENCE } from './limits.ts';
import { whyNot } from './reach.ts';
import { send } from './sessions.ts';

const isRoom = (to: RoomName | UserName): to is RoomName => to.startsWith('#');

/** Nobody is told where it doesn't arrive. */
export function isTyping(core: Core, from: UserName, to: RoomName | UserName): void {
  const room = isRoom(to) ? core.rooms.get(to) : undefined;
  const reaches = isRoom(to)
    ? room !== undefined && !room.closed && isMember(room, from) && audience(core, room) <= MAX_TYPING_AUDIENCE
    : whyNot(core, from, to) === undefined;
  if (reaches) core.effects.push({ kind: 'publish', event: { kind: 'typing', from, to } });
}

/** How many could be told of it, at the most. */
const audience = (core: Core, { name, members }: Room): number =>
  name === LOBBY ? core.sessions.size : Math.min(core.sessions.size, members.size);

export function deliverTyping(core: Core, { from, to }: Extract<ServerEvent, { kind: 'typing' }>): void {
  if (!isRoom(to)) {
    for (const session of core.users.get(to)?.sessions ?? [])
      if (session.state.kind === 'online' && session.state.visible) send(core, session, { type: 'typing', to, from });
    return;
  }
  core.effects.push({
    kind: 'fan-out',
    channel: to,
    message: { type: 'typing', to, from },
    except: notFor(core, from),
  });
}

/** Their own, and those of whoever doesn't want to hear of them, or must not. */
function notFor(core: Core, from: UserName): ReadonlySet<SessionId> {
  const found = new Set<SessionId>();
  for (const name of [from, ...core.ignores.blockedBy(from), ...core.ignores.blockersOf(from)])
    for (const session of core.users.get(name)?.sessions ?? []) found.add(session.id);
  return found;
}
