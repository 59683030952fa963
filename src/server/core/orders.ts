/** What operators have ordered, carried out on this server's sessions and rooms: the same way whoever's server it came from. */

import { longDuration } from '../../base/duration.ts';
import type { UserName } from '../../base/ids.ts';
import type { Origin, ServerEvent } from '../bus/bus.ts';
import type { AuditEntry, Ban, Order } from '../store/store.ts';
import { banText } from './bans.ts';
import { type Core, enteredRoom, exit, type Room } from './core.ts';
import type { Instant } from './instant.ts';
import { setKeep } from './kept.ts';
import { banOn, userOf } from './kept-out.ts';
import { refuse, send } from './sessions.ts';
import { SlowMode } from './slow-mode.ts';

/** @returns what that means, for who ordered it; undefined where something else answers. */
export function carryOut(
  core: Core,
  { order, entry, origin }: Extract<ServerEvent, { kind: 'order' }>,
  at: Instant,
): void {
  const text = perform(core, order, entry, at);
  if (text !== undefined) answer(core, origin, text);
}

function perform(core: Core, order: Order, entry: AuditEntry, at: Instant): string | undefined {
  switch (order.kind) {
    case 'op':
      core.operators.add(order.user);
      tell(core, order.user, `${entry.by} has made you an operator`, true);
      return `${order.user} is an operator now`;
    case 'deop':
      core.operators.delete(order.user);
      tell(core, order.user, `${entry.by} has ended your being an operator`, false);
      return `${order.user} is no operator any more`;
    case 'kick':
      return kick(core, order.user, entry, at);
    case 'ban':
      return ban(core, order.ban, at);
    case 'unban':
      core.bans.remove(order.target);
      return `${order.target} may come back`;
    case 'slow':
      return slow(core, core.rooms.get(order.room), order.every);
    case 'keep':
      return setKeep(core, order.room, order.keep);
    case 'close':
      return close(core, core.rooms.get(order.room), entry);
    case 'reopen':
    case 'note':
      return undefined;
  }
}

function answer(core: Core, { server, session: id, id: answers }: Origin, text: string): void {
  const session = server === core.options.serverId ? core.sessions.get(id) : undefined;
  if (session?.state.kind === 'online')
    send(core, session, { type: 'done', ...(answers === undefined ? {} : { id: answers }), text });
}

function tell(core: Core, user: UserName, text: string, operator: boolean): void {
  for (const session of core.users.get(user)?.sessions ?? []) send(core, session, { type: 'done', text, operator });
}

const because = (reason: string): string => (reason === '' ? '' : `: ${reason}`);

function kick(core: Core, name: UserName, { by, detail }: AuditEntry, at: Instant): string {
  const sessions = [...(core.users.get(name)?.sessions ?? [])];
  for (const session of sessions) refuse(core, session, 'kicked', `${by} has put you out${because(detail)}`, at);
  return `${name} is put out`;
}

function ban(core: Core, made: Ban, at: Instant): string {
  core.bans.add(made);
  const names = new Set<string>();
  for (const session of core.sessions.values()) {
    const user = userOf(session);
    if (session.state.kind === 'closing' || banOn(core, session, user, at) === undefined) continue;
    names.add(user?.name ?? session.from ?? session.peer.host);
    refuse(core, session, 'banned', banText(made), at);
  }
  const end = made.until === undefined ? ' for good' : ` for ${longDuration(made.until - made.time)}`;
  const out = names.size === 0 ? '' : `; put out: ${[...names].slice(0, MAX_NAMED).join(', ')}`;
  return `${made.target} is banned${end}${out}`;
}

/** Names in one answer: it is a line. */
const MAX_NAMED = 10;

function slow(core: Core, room: Room | undefined, every: number): string | undefined {
  if (room === undefined) return undefined;
  room.slow = every > 0 ? new SlowMode(every) : undefined;
  core.effects.push({ kind: 'fan-out', channel: room.name, message: { type: 'room', room: enteredRoom(core, room) } });
  return every > 0
    ? `everybody may write to ${room.name} once in ${longDuration(every)}`
    : `${room.name} has no slow mode any more`;
}

/** Everybody is out; nobody is left to be told of the others. */
function close(core: Core, room: Room | undefined, { by, time, detail }: AuditEntry): string | undefined {
  if (room === undefined) return undefined;
  room.closed = true;
  const members = [...room.members];
  for (const user of members) {
    exit(core, room, user);
    const reason = `${by} has closed the room${because(detail)}`;
    for (const session of core.users.get(user)?.sessions ?? []) {
      send(core, session, { type: 'left', room: room.name, user, time, reason });
      core.effects.push({ kind: 'unsubscribe', session: session.id, channel: room.name });
    }
  }
  return `${room.name} is closed; ${members.length} were in it`;
}
