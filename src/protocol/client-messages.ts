/** What a client may say. The key is the message's `type`; README.md is made complete by a test over this table. */
import * as f from './fields.ts';
import { MAX_DEVICES, MAX_FOUND, MAX_HISTORY_PAGE, MAX_PACKAGES_AT_ONCE, PROTOCOL_VERSION } from './limits.ts';
import { privateFrame } from './private-frames.ts';
import { flag, type Infer, integer, list, literal, object, optional, variant } from './schema.ts';

const auth = variant('method', {
  /** Nobody vouches for the name. */
  guest: object({ method: literal('guest') }),
  /** The kernel of this host says who owns the other end of the connection. */
  host: object({ method: literal('host') }),
  password: object({ method: literal('password'), password: f.password }),
  /** A new account; the client is logged in to it at once. */
  register: object({ method: literal('register'), password: f.password, invite: optional(f.invite) }),
  /** An Ed25519 key of the account signs the connection's channel binding (RFC 9266), so TLS only. */
  key: object({ method: literal('key'), key: f.publicKey, signature: f.signature }),
});

/** The client's first message. `visible: false` is a script: it doesn't make its user online. */
const hello = object({
  type: literal('hello'),
  version: integer(1, 1000, `the protocol's version: ${PROTOCOL_VERSION}`),
  name: optional(f.plainName),
  auth,
  visible: optional(flag),
});
/** A message to a room. With an `id` it is acknowledged, and safe to send again. `re`: the place of what it answers. */
const say = object({ type: literal('say'), id: optional(f.id), to: f.room, text: f.body, re: optional(f.seq) });
/** A new text for one's own message. It, `delete` and `react` are answered by `changed`. */
const edit = object({ type: literal('edit'), id: optional(f.id), room: f.room, seq: f.seq, text: f.body });
/** Takes the text of one's own message away; operators may do so with anybody's. */
const delete_ = object({ type: literal('delete'), id: optional(f.id), room: f.room, seq: f.seq });
/** Adds one's own reaction to a message, or takes it back. */
const react = object({
  type: literal('react'),
  id: optional(f.id),
  room: f.room,
  seq: f.seq,
  emoji: f.emoji,
  on: flag,
});
/** Somebody writes to a room or a user. Nobody answers. */
const typing = object({ type: literal('typing'), to: f.target });
/** Which messages have these words: in one room, or in all that one is in. The newest first. */
const search = object({
  type: literal('search'),
  id: optional(f.id),
  room: optional(f.room),
  words: f.query,
  before: optional(f.cursor),
  limit: optional(integer(1, MAX_FOUND)),
});
const join = object({ type: literal('join'), id: optional(f.id), room: f.room });
const leave = object({ type: literal('leave'), id: optional(f.id), room: f.room });
const rooms = object({ type: literal('rooms'), id: optional(f.id) });
/** Sets a room's topic; an empty text removes it. */
const topic = object({ type: literal('topic'), id: optional(f.id), room: f.room, text: f.topic });
/** The members of a room. */
const members = object({ type: literal('members'), id: optional(f.id), room: f.room });
/**
 * Who is here. With `follow: true` every later change comes as `presence`. With `since` those too who were here in that
 * time, as far back as the server knows.
 */
const who = object({
  type: literal('who'),
  id: optional(f.id),
  follow: optional(flag),
  since: optional(f.duration),
});
/**
 * A private message to one device of `to`, kept while that device is away. Acknowledged by `mailed`, and safe to send
 * again. To oneself: a copy for another device of one's own.
 */
const mail = object({ type: literal('mail'), id: f.id, to: f.user, device: f.device, sealed: f.sealed });
/**
 * Which device this session is: sealed messages to it come to this session from now on. Answered by `device`, also when
 * the stock of key packages runs low; `packages` adds to it, and the oldest go where there are too many.
 */
const device = object({
  type: literal('device'),
  id: optional(f.id),
  device: f.device,
  packages: list(f.keyPackage, MAX_PACKAGES_AT_ONCE),
});
/** The devices of a user; of those in `claim` also a key package, which nobody else gets. Answered by `devices`. */
const devices = object({
  type: literal('devices'),
  id: optional(f.id),
  user: f.user,
  claim: optional(list(f.device, MAX_DEVICES)),
});
/** Part of a private chat, for one device of `to`, or for all that are here. It is passed on or refused, never kept. */
const private_ = object({
  type: literal('private'),
  id: optional(f.id),
  to: f.user,
  device: optional(f.device),
  frame: privateFrame,
});
/** Mail up to and with `n` has been shown, so the server may forget it. */
const received = object({ type: literal('received'), n: f.seq });
const block = object({ type: literal('block'), id: optional(f.id), user: f.user });
const unblock = object({ type: literal('unblock'), id: optional(f.id), user: f.user });
/** `for`: how long; without it until `unmute`. */
const mute = object({ type: literal('mute'), id: optional(f.id), user: f.user, for: optional(f.duration) });
const unmute = object({ type: literal('unmute'), id: optional(f.id), user: f.user });
/** Sets or changes the password of one's own account; `old` where it had one. */
const password = object({
  type: literal('password'),
  id: optional(f.id),
  password: f.password,
  old: optional(f.password),
});
/** Enrols a device key for one's own account. */
const key_add = object({ type: literal('key_add'), id: optional(f.id), key: f.publicKey, label: f.label });
const key_remove = object({ type: literal('key_remove'), id: optional(f.id), fingerprint: f.fingerprint });
const keys = object({ type: literal('keys'), id: optional(f.id) });
/** Makes a code with which one person may register. */
const invite = object({ type: literal('invite'), id: optional(f.id) });
/** To everybody, also those who are offline. From here on: operators only. */
const announce = object({ type: literal('announce'), id: optional(f.id), text: f.body });
const op = object({ type: literal('op'), id: optional(f.id), user: f.user });
const deop = object({ type: literal('deop'), id: optional(f.id), user: f.user });
/** Ends every connection of a user, who may come back. */
const kick = object({ type: literal('kick'), id: optional(f.id), user: f.user, reason: optional(f.reason) });
const ban = object({
  type: literal('ban'),
  id: optional(f.id),
  target: f.banTarget,
  for: optional(f.duration),
  reason: optional(f.reason),
});
const unban = object({ type: literal('unban'), id: optional(f.id), target: f.banTarget });
const bans = object({ type: literal('bans'), id: optional(f.id) });
/** Everybody may write to the room once in `every` milliseconds; 0 ends that. */
const slow = object({ type: literal('slow'), id: optional(f.id), room: f.room, every: f.duration });
/**
 * Asks how long the messages of a room are kept; answered by `kept`. With `keep` an operator orders it, and with `default`
 * that the server's rule holds.
 */
const keep = object({
  type: literal('keep'),
  id: optional(f.id),
  room: f.room,
  keep: optional(f.keep),
  default: optional(literal(true)),
});
/** Puts everybody out of a room and keeps it shut; an operator who joins it opens it again. */
const close = object({ type: literal('close'), id: optional(f.id), room: f.room, reason: optional(f.reason) });
/**
 * A page of a room's history: the last before `before`, or the first after `since`, or those on both sides of `around`,
 * or those that have changed after the change `changes`, or the newest.
 */
const history = object({
  type: literal('history'),
  id: optional(f.id),
  room: f.room,
  before: optional(f.seq),
  since: optional(f.seq),
  around: optional(f.seq),
  changes: optional(f.rev),
  limit: optional(integer(1, MAX_HISTORY_PAGE)),
});
/** How the local network is: for one's own program there, which answers `lan`. A server has none (`not_lan`). */
const lan = object({ type: literal('lan'), id: optional(f.id) });
/** A key was pressed. */
const activity = object({ type: literal('activity') });
/** Asks for a `pong`. Who has pinged once is expected to go on, and counts as dead after 25 s of silence. */
const ping = object({ type: literal('ping'), n: optional(integer(0)) });
/** Log off: the server answers `bye` and closes. */
const bye = object({ type: literal('bye') });

export const CLIENT_MESSAGES = {
  hello,
  say,
  edit,
  delete: delete_,
  react,
  typing,
  search,
  join,
  leave,
  rooms,
  topic,
  members,
  who,
  history,
  mail,
  device,
  devices,
  private: private_,
  received,
  block,
  unblock,
  mute,
  unmute,
  password,
  key_add,
  key_remove,
  keys,
  invite,
  announce,
  op,
  deop,
  kick,
  ban,
  unban,
  bans,
  slow,
  keep,
  close,
  lan,
  activity,
  ping,
  bye,
};

type Table = typeof CLIENT_MESSAGES;
export type ClientMessages = { [K in keyof Table]: Infer<Table[K]> };
export type ClientMessage = ClientMessages[keyof Table];
export type ClientMessageType = keyof Table;
export const clientMessage = variant('type', CLIENT_MESSAGES);
