/** The fields that several messages share. */
import type { ClientId, DeviceId, GroupId, RoomName, Seq, UnixMs, UserName } from '../base/ids.ts';
import { MAX_KEEP_AGE, MAX_KEEP_BYTES, MIN_KEEP_AGE, MIN_KEEP_BYTES } from '../base/keep.ts';
import {
  MAX_EMOJI,
  MAX_EMOJI_BYTES,
  MAX_ID_CHARS,
  MAX_NAME_CHARS,
  MAX_PACKAGE_CHARS,
  MAX_PASSWORD_BYTES,
  MAX_QUERY_BYTES,
  MAX_REACTIONS,
  MAX_SEALED_CHARS,
  MAX_TEXT_BYTES,
  MAX_TOPIC_BYTES,
  MAX_WELCOME_CHARS,
} from './limits.ts';
import { PLAIN_NAME, ROOM_NAME, USER_NAME } from './names.ts';
import {
  type Infer,
  integer,
  lazyPattern,
  line,
  list,
  literal,
  object,
  oneOf,
  optional,
  pattern,
  type Schema,
  text,
} from './schema.ts';

export const id = pattern<ClientId>(
  new RegExp(`^[A-Za-z0-9_-]{1,${MAX_ID_CHARS}}$`),
  `an id of 1 to ${MAX_ID_CHARS} of A-Z a-z 0-9 _ -`,
);
export const plainName = pattern<string>(PLAIN_NAME, `a name of at most ${MAX_NAME_CHARS} of A-Z a-z 0-9 _ . -`);
export const user = pattern<UserName>(USER_NAME, 'a user: a name, with ~ before it for a guest');
export const room = pattern<RoomName>(ROOM_NAME, 'a room: # and a name in lower case');
export const seq = integer<Seq>(0, Number.MAX_SAFE_INTEGER, 'a place in the room; the first message has 1');
/** The last moment that a Date can hold, 100,000,000 days after 1970 (ECMA-262, 21.4.1.1); a later one can't be written. */
export const LAST_TIME = 8_640_000_000_000_000;
export const time = integer<UnixMs>(0, LAST_TIME, 'milliseconds since 1970 UTC');
export const duration = integer(0, Number.MAX_SAFE_INTEGER, 'milliseconds');
export const body = text(1, MAX_TEXT_BYTES);
export const topic = line(0, MAX_TOPIC_BYTES);
export const state = oneOf('online', 'away', 'offline');
/** 32 bytes in base64url without padding: the bits that are left of the last character are 0 (RFC 4648, 3.5). */
const BYTES_32 = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
/** A device is its identity key: Ed25519, 32 bytes, base64url without padding. */
export const device = pattern<DeviceId>(BYTES_32, 'a device: its identity key, 32 bytes in base64url');
/** A user in a list: `since` is when this state began. `device`: met on the local network, where a person is a key. */
export const person = object({ name: user, state, since: time, device: optional(device) });
/** How many changes a room has had: 0 before the first. */
export const rev = integer(0, Number.MAX_SAFE_INTEGER, "a change's number in its room; the first has 1");
/** What somebody writes to: a room, or a user. */
export const target = pattern<RoomName | UserName>(
  new RegExp(`${ROOM_NAME.source}|${USER_NAME.source}`),
  'a room, or a user',
);
/**
 * One emoji as Unicode recommends it for general interchange (UTS #51, ED-27). The pattern takes 50 ms to make, so it is
 * made when the first reaction comes.
 */
export const emoji: Schema<string> = lazyPattern(() => new RegExp('^\\p{RGI_Emoji}$', 'v'), 'one emoji');
const reaction = object({ emoji: line(1, MAX_EMOJI_BYTES), users: list(user, MAX_REACTIONS) });
/** Who has reacted to a message with what: at most `MAX_REACTIONS` users in all. */
export const reactions = bounded(list(reaction, MAX_EMOJI));
/**
 * A message in a page of history. `re`: the place of what it answers. `edited`: when its text was last edited. Of a
 * deleted message the text is empty. `rev`: the number of its newest change.
 */
export const entry = object({
  seq,
  from: user,
  text: text(0, MAX_TEXT_BYTES),
  time,
  id: optional(id),
  re: optional(seq),
  edited: optional(time),
  deleted: optional(literal(true)),
  reactions: optional(reactions),
  rev: optional(rev),
});
/** A message that was found, and its room. */
export const foundEntry = object({ room, ...entry.fields });
/** What is searched for. */
export const query = line(1, MAX_QUERY_BYTES);
/** Where a search goes on; only the server knows what it says. */
export const cursor = pattern<string>(/^[A-Za-z0-9_.-]{1,64}$/, 'a cursor from the last answer');
/** A room as a member sees it on entering: `last` is the seq of its newest message, 0 where there is none. */
/** `slow`: milliseconds between two messages of one user, where there is such a limit. `rev`: that of its newest change. */
export const roomInfo = object({ name: room, topic, last: seq, slow: optional(duration), rev: optional(rev) });
/** How long the messages of a room are kept: with both, whichever comes first; with neither, forever. */
export const keep = object({
  age: optional(integer(MIN_KEEP_AGE, MAX_KEEP_AGE, 'milliseconds, a minute to ten years')),
  bytes: optional(integer(MIN_KEEP_BYTES, MAX_KEEP_BYTES, 'bytes, 10 kB to 10 TB')),
});

/** Not logged, not shown, not stored as it is. */
export const password = text(1, MAX_PASSWORD_BYTES);
/** 16 bytes, likewise. */
const BYTES_16 = /^[A-Za-z0-9_-]{21}[AQgw]$/;
/** RFC 8032. */
export const publicKey = pattern<string>(BYTES_32, 'an Ed25519 public key: 32 bytes in base64url');
export const signature = pattern<string>(/^[A-Za-z0-9_-]{86}$/, 'an Ed25519 signature: 64 bytes in base64url');
/** As OpenSSH writes it: SHA-256 of the key, base64 without padding. */
export const fingerprint = pattern<string>(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint: SHA256: and 43 of base64');
export const invite = pattern<string>(/^[A-Za-z0-9-]{8,40}$/, 'an invite code');
export const label = line(1, 64);
export const reason = line(0, MAX_TOPIC_BYTES);
/** Whom a ban hits: a user, a Unix user id of this host, or an address (IPv6: with its whole /64). */
export const banTarget = pattern<string>(
  /^(~?[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}|uid [0-9]{1,10}|[0-9A-Fa-f:.]{2,45}(\/64)?)$/,
  'a user, `uid` and a number, or an IP address',
);
/** `until` is left out where it has no end. */
export const ban = object({ target: banTarget, by: user, time, until: optional(time), reason });
export const muted = object({ user, until: optional(time) });
export const deviceKey = object({ fingerprint, label, added: time });

const base64 = (max: number): string => `[A-Za-z0-9_-]{1,${max}}`;
/** An MLS group, and so a private chat: 16 bytes of chance, base64url without padding. */
export const group = pattern<GroupId>(BYTES_16, 'a group: 16 bytes in base64url');
/** An MLS KeyPackage (RFC 9420, 10), base64url. */
export const keyPackage = pattern<string>(new RegExp(`^${base64(MAX_PACKAGE_CHARS)}$`), 'a key package in base64url');
/** An MLS Welcome (RFC 9420, 12.4.3.1), base64url. */
export const welcome = pattern<string>(new RegExp(`^${base64(MAX_WELCOME_CHARS)}$`), 'a welcome in base64url');
/** An MLS PrivateMessage (RFC 9420, 6.3), base64url. */
export const ciphertext = pattern<string>(new RegExp(`^${base64(MAX_SEALED_CHARS)}$`), 'a sealed message in base64url');
/**
 * What only one device can open. `seq`: 1, 2, 3 … in this group from this sender, so that what comes out of order can be
 * put in order before it is opened. `welcome` comes along until the sender knows that the other is in the group.
 */
export const sealed = object({
  from: device,
  group,
  seq: integer(1),
  welcome: optional(welcome),
  message: ciphertext,
});
export type Sealed = Infer<typeof sealed>;

type Reactions = readonly Infer<typeof reaction>[];

/** The users of all emoji together have a bound, too. */
function bounded(lists: Schema<Reactions>): Schema<Reactions> {
  const check: Schema<Reactions>['check'] = (value, path) => {
    const wrong = lists.check(value, path);
    if (wrong !== undefined) return wrong;
    const count = (value as Reactions).reduce((sum, { users }) => sum + users.length, 0);
    return count > MAX_REACTIONS ? `${path} has more than ${MAX_REACTIONS} users` : undefined;
  };
  return { ...lists, check };
}
