/** What the commands share that speak of one room. */

import { NO_SEQ, type RoomName, type Seq } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import * as fields from '../../protocol/fields.ts';
import { LOBBY, parseRoom } from '../../protocol/names.ts';
import { parse } from '../../protocol/schema.ts';
import type { RoomInfo, ServerMessages } from '../../protocol/server-messages.ts';
import { type Failure, refused, wrongUsage } from '../shell/outcome.ts';
import { asFailure, request, type Session, type Talk } from './talk.ts';

/** The room that TARGET names: with its sign or without, in any case; the lobby where there is none. */
export function targetRoom(target: unknown): Result<RoomName, Failure> {
  if (typeof target !== 'string') return ok(LOBBY);
  const room = parseRoom(target);
  return room.ok ? room : err(wrongUsage(`TARGET ${JSON.stringify(target)}: ${room.error}`));
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

/** That there is no such room. A word without a sign may have meant somebody: `typed` is what was written. */
export function noRoom(room: RoomName, typed: unknown): Failure {
  const person = parse(fields.user, typed);
  const meant = person.ok ? `; what you have said with ${person.value}: uchat history @${person.value}` : '';
  return refused(`there is no room ${room}; see which there are with /rooms in uchat${meant}`);
}

/** One page of history: the newest `limit`, or those after `since`. @param typed the word that named the room. */
export async function historyPage(
  talk: Talk,
  { room, typed }: { readonly room: RoomName; readonly typed: unknown },
  limit: number,
  since?: Seq,
): Promise<Result<HistoryPage, Failure>> {
  const page = await request(
    talk,
    (id) => ({ type: 'history', id, room, limit, ...(since === undefined ? {} : { since }) }),
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
