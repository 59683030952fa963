import type { RoomName, UserName } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { MAX_NAME_CHARS } from './limits.ts';

/**
 * Names are ASCII, so that no two of them look alike by script, and start with a letter, digit or underscore, so that a
 * name is never taken for an option, a guest's sign or a room.
 */
const NAME = `[A-Za-z0-9_][A-Za-z0-9_.-]{0,${MAX_NAME_CHARS - 1}}`;

/** What a person types as a name; guests get their sign from the server. */
export const PLAIN_NAME = new RegExp(`^${NAME}$`);
/** A user as the server names them: `alice`, or the guest `~alice`. */
export const USER_NAME = new RegExp(`^~?${NAME}$`);
/** A room with its sign, in lower case. */
export const ROOM_NAME = new RegExp(`^#[a-z0-9_][a-z0-9_.-]{0,${MAX_NAME_CHARS - 1}}$`);

/** The room where everybody is. */
export const LOBBY = '#lobby' as RoomName;

/** The name of a guest: the tilde, as in the lists of older Unix systems, says that nobody vouches for it. */
export const guestName = (plain: string): UserName => `~${plain}` as UserName;

/** A room's name that was made of one. */
export const roomName = (name: string): RoomName => name as RoomName;

/** An account by the plain name that was brought; whether there is one is another question. */
export const accountName = (plain: string): UserName => plain as UserName;

export const isGuest = (name: UserName): boolean => name.startsWith('~');

/** A room as people type it: with or without its sign, in any case. */
export function parseRoom(typed: string): Result<RoomName, string> {
  const name = (typed.startsWith('#') ? typed : `#${typed}`).toLowerCase();
  return ROOM_NAME.test(name)
    ? ok(name as RoomName)
    : err(`a room's name is # and at most ${MAX_NAME_CHARS} of a-z 0-9 _ . -, like #dev`);
}

export function parsePlainName(typed: string): Result<string, string> {
  return PLAIN_NAME.test(typed)
    ? ok(typed)
    : err(`a name is at most ${MAX_NAME_CHARS} of A-Z a-z 0-9 _ . - and starts with a letter, digit or _`);
}
