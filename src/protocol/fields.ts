/** The fields that several messages share. */
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../base/ids.ts';
import { MAX_ID_CHARS, MAX_NAME_CHARS, MAX_PASSWORD_BYTES, MAX_TEXT_BYTES, MAX_TOPIC_BYTES } from './limits.ts';
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
/** `slow`: milliseconds between two messages of one user, where there is such a limit. */
export const roomInfo = object({ name: room, topic, last: seq, slow: optional(duration) });

/** Not logged, not shown, not stored as it is. */
export const password = text(1, MAX_PASSWORD_BYTES);
/** 32 bytes, base64url without padding (RFC 8032, RFC 4648). */
export const publicKey = pattern<string>(/^[A-Za-z0-9_-]{43}$/, 'an Ed25519 public key: 32 bytes in base64url');
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
