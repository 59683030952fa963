/** The fields that several messages share. */
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../base/ids.ts';
import { MAX_ID_CHARS, MAX_NAME_CHARS, MAX_TEXT_BYTES, MAX_TOPIC_BYTES } from './limits.ts';
import { PLAIN_NAME, ROOM_NAME, USER_NAME } from './names.ts';
import { integer, line, object, oneOf, optional, pattern, text } from './schema.ts';

export const id = pattern<ClientId>(
  new RegExp(`^[A-Za-z0-9_-]{1,${MAX_ID_CHARS}}$`),
  `an id of 1 to ${MAX_ID_CHARS} of A-Z a-z 0-9 _ -`,
);
export const plainName = pattern<string>(PLAIN_NAME, `a name of at most ${MAX_NAME_CHARS} of A-Z a-z 0-9 _ . -`);
export const user = pattern<UserName>(USER_NAME, 'a user: a name, with ~ before it for a guest');
export const room = pattern<RoomName>(ROOM_NAME, 'a room: # and a name in lower case');
export const seq = integer<Seq>(0, Number.MAX_SAFE_INTEGER, 'a place in the room; the first message has 1');
export const time = integer<UnixMs>(0, Number.MAX_SAFE_INTEGER, 'milliseconds since 1970 UTC');
export const duration = integer(0, Number.MAX_SAFE_INTEGER, 'milliseconds');
export const body = text(1, MAX_TEXT_BYTES);
export const topic = line(0, MAX_TOPIC_BYTES);
export const state = oneOf('online', 'away', 'offline');
/** A user in a list: `since` is when this state began. */
export const person = object({ name: user, state, since: time });
/** A message in a page of history. */
export const entry = object({ seq, from: user, text: body, time, id: optional(id) });
/** A room as a member sees it on entering: `last` is the seq of its newest message, 0 where there is none. */
export const roomInfo = object({ name: room, topic, last: seq });
