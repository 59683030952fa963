/** What a client may say. The key is the message's `type`; README.md is made complete by a test over this table. */
import * as f from './fields.ts';
import { MAX_HISTORY_PAGE, PROTOCOL_VERSION } from './limits.ts';
import { flag, type Infer, integer, literal, object, optional, variant } from './schema.ts';

const auth = variant('method', {
  /** Nobody vouches for the name. */
  guest: object({ method: literal('guest') }),
  /** The kernel of this host says who owns the other end of the connection. */
  host: object({ method: literal('host') }),
});

/** The client's first message. `visible: false` is a script: it doesn't make its user online. */
const hello = object({
  type: literal('hello'),
  version: integer(1, 1000, `the protocol's version: ${PROTOCOL_VERSION}`),
  name: optional(f.plainName),
  auth,
  visible: optional(flag),
});
/** A message to a room. With an `id` it is acknowledged, and safe to send again. */
const say = object({ type: literal('say'), id: optional(f.id), to: f.room, text: f.body });
const join = object({ type: literal('join'), id: optional(f.id), room: f.room });
const leave = object({ type: literal('leave'), id: optional(f.id), room: f.room });
const rooms = object({ type: literal('rooms'), id: optional(f.id) });
/** Sets a room's topic; an empty text removes it. */
const topic = object({ type: literal('topic'), id: optional(f.id), room: f.room, text: f.topic });
/** The members of a room. */
const members = object({ type: literal('members'), id: optional(f.id), room: f.room });
/** Who is here. With `follow: true` every later change comes as `presence`. */
const who = object({ type: literal('who'), id: optional(f.id), follow: optional(flag) });
/** A page of a room's history: the last before `before`, or the first after `since`, or the newest. */
const history = object({
  type: literal('history'),
  id: optional(f.id),
  room: f.room,
  before: optional(f.seq),
  since: optional(f.seq),
  limit: optional(integer(1, MAX_HISTORY_PAGE)),
});
/** A key was pressed. */
const activity = object({ type: literal('activity') });
/** Asks for a `pong`. Who has pinged once is expected to go on, and counts as dead after 25 s of silence. */
const ping = object({ type: literal('ping'), n: optional(integer(0)) });
/** Log off: the server answers `bye` and closes. */
const bye = object({ type: literal('bye') });

export const CLIENT_MESSAGES = { hello, say, join, leave, rooms, topic, members, who, history, activity, ping, bye };

type Table = typeof CLIENT_MESSAGES;
export type ClientMessages = { [K in keyof Table]: Infer<Table[K]> };
export type ClientMessage = ClientMessages[keyof Table];
export type ClientMessageType = keyof Table;
export const clientMessage = variant('type', CLIENT_MESSAGES);
