/** What the commands share that speak of one room. */

import { NO_SEQ, type RoomName, type Seq } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import * as fields from '../../protocol/fields.ts';
import { LOBBY, parseRoom } from '../../protocol/names.ts';
import { parse } from '../../protocol/schema.ts';
import type { RoomInfo, ServerMessages } from '../../protocol/server-messages.ts';
import type { ClientSettings } from '../shell/client-settings.ts';
import { type Failure, refused, wrongUsage } from '../shell/outcome.ts';
import { asFailure, request, type Session, type Talk } from './talk.ts';

type Where = Pick<ClientSettings, 'lan'>;

/** A word without a sign may have meant somebody. @param typed what was written. */
function meantPerson(typed: unknown): string {
  const person = parse(fields.user, typed);
  return person.ok ? `; what you have said with ${person.value}: uchat history @${person.value}` : '';
}

/** The room that TARGET names: with its sign or without, in any case; the lobby where there is none. */
export function targetRoom(where: Where, target: unknown): Result<RoomName, Failure> {
  if (typeof target !== 'string') return ok(LOBBY);
  const room = parseRoom(target);
  if (!room.ok) return err(wrongUsage(`TARGET ${JSON.stringify(target)}: ${room.error}`));
  const missing = notOnLan(where, room.value, target);
  return missing === undefined ? room : err(missing);
}

/** That the local network has one room. `undefined`: it is that one, or there is a server. @param typed the word for it. */
export function notOnLan({ lan }: Where, room: RoomName, typed: unknown): Failure | undefined {
  if (lan === undefined || room === LOBBY) return undefined;
  return wrongUsage(
    `${room} needs a server: the local network has one room, #lobby, for everybody${meantPerson(typed)}`,
  );
}

/** Becomes a member, where it isn't one. */
export async function enterRoom({ talk, welcome }: Session, room: RoomName): Promise<Result<RoomInfo, Failure>> {
  const own = welcome.rooms.find(({ name }) => name === room);
  if (own !== undefined) return ok(own);
  const joined = await request(
    talk,
    (id) => ({ type: 'join', id, room }),
    (message, id) => (message.type === 'room' && message.id === id ? message.room : undefined),
  );
  return joined.ok ? joined : err(asFailure(joined.error));
}

/** That there is no such room, before one is made by a slip; `undefined`: there is, whether or not we are in it. */
export async function missingRoom({ talk, welcome }: Session, room: RoomName): Promise<Failure | undefined> {
  if (welcome.rooms.some(({ name }) => name === room)) return undefined;
  const page = await request(
    talk,
    (id) => ({ type: 'history', id, room, limit: 1 }),
    (message, id) => (message.type === 'history' && message.id === id ? message : undefined),
  );
  if (page.ok || ('code' in page.error && page.error.code === 'not_a_member')) return undefined;
  return 'code' in page.error && page.error.code === 'no_such_room'
    ? refused(`there is no room ${room}; --create makes it`)
    : asFailure(page.error);
}

type HistoryPage = ServerMessages['history'];

/** That there is no such room. @param typed the word that named it. */
export function noRoom(room: RoomName, typed: unknown): Failure {
  return refused(`there is no room ${room}; see which there are with /rooms in uchat${meantPerson(typed)}`);
}

/** One page of history: the newest `limit`, or those after or before a place. @param typed the word that named the room. */
export async function historyPage(
  talk: Talk,
  { room, typed }: { readonly room: RoomName; readonly typed: unknown },
  limit: number,
  { since, before }: { readonly since?: Seq; readonly before?: Seq | undefined } = {},
): Promise<Result<HistoryPage, Failure>> {
  const page = await request(
    talk,
    (id) => ({
      type: 'history',
      id,
      room,
      limit,
      ...(since === undefined ? {} : { since }),
      ...(before === undefined ? {} : { before }),
    }),
    (message, id) => (message.type === 'history' && message.id === id ? message : undefined),
  );
  if (page.ok) return page;
  const code = 'code' in page.error ? page.error.code : undefined;
  if (code === 'no_such_room') return err(noRoom(room, typed));
  if (code === 'not_a_member') return err(refused(`you are not in ${room}; enter it with /join ${room} in uchat`));
  return err(asFailure(page.error));
}

/** A place in a room by number; what lies before its first message is 0. */
export function seqAt(place: number): Seq {
  const seq = parse(fields.seq, Math.max(0, place));
  return seq.ok ? seq.value : NO_SEQ;
}
