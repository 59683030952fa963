/** What a server may say. The key is the message's `type`; README.md is made complete by a test over this table. */
import * as f from './fields.ts';
import {
  MAX_BANS_PAGE,
  MAX_DEVICES,
  MAX_FOUND,
  MAX_HISTORY_PAGE,
  MAX_IGNORED,
  MAX_KEYS,
  MAX_LIST_PAGE,
} from './limits.ts';
import { privateFrame } from './private-frames.ts';
import {
  flag,
  type Infer,
  integer,
  line,
  list,
  literal,
  object,
  oneOf,
  optional,
  pattern,
  text,
  variant,
} from './schema.ts';

/** Words for people, made by the server: shown through the sanitiser like all else. */
const words = text(0, 1024);
/** Interfaces, addresses, reasons, or problems, that are told of the local network. */
const MAX_LAN_LINES = 32;
const MAX_LAN_PROBLEMS = 8;
/** Rooms that are sparse: there is one such network. */
const MAX_SPARSE = 4;
/** Members of a room: what a list may say, so that with the longest topics it fits a frame. */
const MAX_MEMBERS = 99_999_999;
/** Rooms a user is in: the server holds nobody in more, so that `welcome` with the longest topics fits a frame. */
export const MAX_ROOMS_OF_USER = 100;

/**
 * You are in. `rooms` are those you are a member of, `#lobby` first. `lan`: there is no server: this is one's own program on
 * the local network, `device` the key that one has there, and `since` when it began to listen. `sparse`: rooms whose
 * messages nobody counts: places ascend with gaps, and one may come late, whose place is before others.
 */
const welcome = object({
  type: literal('welcome'),
  version: integer(1),
  server: line(0, 256),
  user: f.user,
  time: f.time,
  awayAfter: f.duration,
  logOffAfter: f.duration,
  rooms: list(f.roomInfo, MAX_ROOMS_OF_USER),
  operator: optional(flag),
  lan: optional(object({ device: f.device, since: optional(f.time) })),
  sparse: optional(list(f.room, MAX_SPARSE)),
});
/** A room message, to every member but the session that wrote it (which gets `ack`). */
const message = object({
  type: literal('message'),
  to: f.room,
  seq: f.seq,
  from: f.user,
  text: f.body,
  time: f.time,
  id: optional(f.id),
  re: optional(f.seq),
});
/**
 * A message is now this: only what has changed is there. `rev` counts the changes of the room: 1, 2, 3 … without gaps.
 * `edited` is when its text was last edited; `reactions` is the whole list.
 */
const changed = object({
  type: literal('changed'),
  id: optional(f.id),
  room: f.room,
  rev: f.rev,
  seq: f.seq,
  by: f.user,
  time: f.time,
  text: optional(f.body),
  edited: optional(f.time),
  deleted: optional(literal(true)),
  reactions: optional(f.reactions),
});
/** Somebody writes to a room of yours, or to you. */
const typing = object({ type: literal('typing'), to: f.target, from: f.user });
/** Messages that have the words asked for, the newest first. `before`, where there is more: the cursor to go on with. */
const found = object({
  type: literal('found'),
  id: optional(f.id),
  messages: list(f.foundEntry, MAX_FOUND),
  more: flag,
  before: optional(f.cursor),
});
/** Your message is stored, and has this place. It stands in the stream where the message stands for others. */
const ack = object({ type: literal('ack'), id: f.id, to: f.room, seq: f.seq, time: f.time });
/** You are in the room. Comes to every session of yours. */
const room = object({
  type: literal('room'),
  id: optional(f.id),
  room: object({ ...f.roomInfo.fields, first: optional(f.seq), keep: optional(f.keep), sparse: optional(flag) }),
});
const joined = object({ type: literal('joined'), room: f.room, user: f.user, time: f.time });
/** `user` has left the room; when it is you, by whichever session, you are out. */
const left = object({
  type: literal('left'),
  id: optional(f.id),
  room: f.room,
  user: f.user,
  time: f.time,
  reason: optional(words),
});
const topic = object({
  type: literal('topic'),
  id: optional(f.id),
  room: f.room,
  text: f.topic,
  by: f.user,
  time: f.time,
});
/** The rooms of the server; `more` says that another frame follows. */
const rooms = object({
  type: literal('rooms'),
  id: optional(f.id),
  rooms: list(
    object({ name: f.room, topic: f.topic, members: integer(0, MAX_MEMBERS), joined: flag, keep: optional(f.keep) }),
    MAX_LIST_PAGE,
  ),
  more: flag,
});
/** The members of a room; `more` says that another frame follows. */
const members = object({
  type: literal('members'),
  id: optional(f.id),
  room: f.room,
  members: list(f.user, MAX_LIST_PAGE),
  more: flag,
});
/** Who is here, and who was of late; `more` says that another frame follows. */
const users = object({
  type: literal('users'),
  id: optional(f.id),
  users: list(f.person, MAX_LIST_PAGE),
  more: flag,
});
/**
 * Somebody's state has changed. `reason` says why where it isn't plain, such as a log-off after a long time away.
 * `device`: as in `users`.
 */
const presence = object({
  type: literal('presence'),
  user: f.user,
  state: f.state,
  since: f.time,
  reason: optional(words),
  device: optional(f.device),
});
/**
 * A page of history in the room's order; `more` says that there is more in the direction asked for. In the answer to
 * `around` that is the newer side, and `moreOlder` speaks of the other. In the answer to `changes` the order is that of `rev`.
 */
const history = object({
  type: literal('history'),
  id: optional(f.id),
  room: f.room,
  messages: list(f.entry, MAX_HISTORY_PAGE),
  more: flag,
  moreOlder: optional(flag),
  first: optional(f.seq),
});
/**
 * How long the messages of a room are kept. `own`: by a rule of its own, not the server's. `first`: the place of the first
 * message that is still there, and `since` its time, where there is one. Without an id: it is so from now on.
 */
const kept = object({
  type: literal('kept'),
  id: optional(f.id),
  room: f.room,
  keep: f.keep,
  own: flag,
  first: f.seq,
  since: optional(f.time),
});
/**
 * A private message to a device of yours, or an announcement to all your devices. `n` is its place in the mailbox, to be
 * answered by `received`; 0 where nothing is kept, as for guests.
 */
const mail = variant('kind', {
  sealed: object({
    type: literal('mail'),
    kind: literal('sealed'),
    n: f.seq,
    from: f.user,
    to: f.user,
    device: f.device,
    sealed: f.sealed,
    time: f.time,
    id: f.id,
  }),
  announcement: object({
    type: literal('mail'),
    kind: literal('announcement'),
    n: f.seq,
    from: f.user,
    to: f.user,
    body: f.body,
    time: f.time,
  }),
});
/** Your mail is stored (`kept`: its recipient is offline), or has reached a guest. */
const mailed = object({ type: literal('mailed'), id: f.id, to: f.user, time: f.time, kept: flag });
/** How many key packages the server has of your device. */
const device = object({ type: literal('device'), id: optional(f.id), device: f.device, packages: integer(0) });
/** The devices of a user. `package`: what was claimed; left out where none is left. */
const devices = object({
  type: literal('devices'),
  id: optional(f.id),
  user: f.user,
  devices: list(object({ device: f.device, package: optional(f.keyPackage) }), MAX_DEVICES),
});
/** Part of a private chat. `device`: which of the sender's has sent it. */
const private_ = object({
  type: literal('private'),
  from: f.user,
  device: f.device,
  frame: privateFrame,
  time: f.time,
});
/** Whom you block and mute; comes after the welcome where there is anyone, and to every session of yours at a change. */
const ignored = object({
  type: literal('ignored'),
  blocked: list(f.user, MAX_IGNORED),
  muted: list(f.muted, MAX_IGNORED),
});
/**
 * A request was carried out; `text` says what that means. Without an id it tells of what an operator did to you;
 * `operator`: whether you are one from now on, where that has changed.
 */
const done = object({ type: literal('done'), id: optional(f.id), text: words, operator: optional(flag) });
/** The bans that hold; `more` says that another frame follows. */
const bans = object({ type: literal('bans'), id: optional(f.id), bans: list(f.ban, MAX_BANS_PAGE), more: flag });
/** The device keys of your account. */
const keys = object({ type: literal('keys'), id: optional(f.id), keys: list(f.deviceKey, MAX_KEYS) });
const invite = object({ type: literal('invite'), id: optional(f.id), code: f.invite, until: f.time });
/**
 * How the local network is. `port`: where announcements come (UDP); `links`: connections to others that stand; `heard`:
 * announcements that were good, since the program began, and `dropped` those that weren't, by reason; `problems`: what is
 * wrong, a line each.
 */
const lan = object({
  type: literal('lan'),
  id: optional(f.id),
  device: f.device,
  port: integer(0, 65_535),
  interfaces: list(line(1, 256), MAX_LAN_LINES),
  peers: list(line(1, 256), MAX_LAN_LINES),
  people: integer(0),
  links: integer(0),
  heard: integer(0),
  dropped: list(object({ reason: pattern<string>(/^[a-z_]{1,32}$/, 'a reason'), count: integer(0) }), MAX_LAN_LINES),
  problems: list(line(1, 512), MAX_LAN_PROBLEMS),
});
const pong = object({ type: literal('pong'), n: optional(integer(0)) });
/**
 * Something was refused. `closes` says that the connection ends with it. `id` is that of the message refused. With
 * `registration`, whoever meant to make an account may: by anybody, or with an invite code.
 */
const error = object({
  type: literal('error'),
  id: optional(f.id),
  code: pattern<string>(/^[a-z][a-z0-9_]{0,47}$/, 'a code of the table below; a later server may send others'),
  text: words,
  closes: flag,
  registration: optional(oneOf('open', 'invite')),
});
/** The server closes the connection, and not because of an error. */
const bye = object({ type: literal('bye'), reason: oneOf('logged-out', 'idle', 'shutdown'), text: words });

export const SERVER_MESSAGES = {
  welcome,
  message,
  changed,
  typing,
  found,
  ack,
  room,
  joined,
  left,
  topic,
  rooms,
  members,
  users,
  presence,
  history,
  kept,
  mail,
  mailed,
  device,
  devices,
  private: private_,
  ignored,
  done,
  bans,
  keys,
  invite,
  lan,
  pong,
  error,
  bye,
};

type Table = typeof SERVER_MESSAGES;
export type ServerMessages = { [K in keyof Table]: Infer<Table[K]> };
export type ServerMessage = ServerMessages[keyof Table];
export type ServerMessageType = keyof Table;
export const serverMessage = variant('type', SERVER_MESSAGES);
export type HistoryEntry = Infer<typeof f.entry>;
export type FoundEntry = Infer<typeof f.foundEntry>;
export type PersonInfo = Infer<typeof f.person>;
export type RoomInfo = Infer<typeof f.roomInfo>;
export type EnteredRoom = ServerMessages['room']['room'];
export type PresenceState = Infer<typeof f.state>;
