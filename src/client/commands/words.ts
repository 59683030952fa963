/** What follows a command's name, taken apart. */
import { parseDuration } from '../../base/duration.ts';
import type { RoomName, UserName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import * as fields from '../../protocol/fields.ts';
import { MAX_NAME_CHARS, MAX_TOPIC_BYTES } from '../../protocol/limits.ts';
import { parseRoom } from '../../protocol/names.ts';
import { parse, utf8Bytes } from '../../protocol/schema.ts';
import type { Tab } from '../core/state.ts';

/** The first word, and what follows it. */
export function firstWord(args: string): readonly [string, string] {
  const end = args.search(/\s/);
  return end < 0 ? [args, ''] : [args.slice(0, end), args.slice(end).trim()];
}

/** A user as people write them: `bob`, `@bob`, `bob:`, or the guest `~bob`. */
export function parseUser(typed: string): Result<UserName, string> {
  const name = parse(fields.user, typed.replace(/^@/, '').replace(/[:,]$/, ''));
  return name.ok
    ? name
    : err(`"${typed}" is no name: it has at most ${MAX_NAME_CHARS} of A-Z a-z 0-9 _ . - and ~ before it for a guest`);
}

/** The one name that a command wants. @param usage what to write instead. */
export function onlyUser(args: string, usage: string): Result<UserName, string> {
  const [name, rest] = firstWord(args);
  if (name === '') return err(`whom? Write ${usage}`);
  return rest === '' ? parseUser(name) : err(`one name is enough: ${usage}`);
}

/** The room that is named first, or that of the tab, and what follows. */
export function roomAndRest(args: string, tab: Tab): Result<{ room: RoomName; rest: string }, string> {
  const [word, rest] = firstWord(args);
  if (!word.startsWith('#')) {
    return tab.kind === 'room' ? ok({ room: tab.room, rest: args }) : err('which room? Name it first, like #dev');
  }
  const room = parseRoom(word);
  return room.ok ? ok({ room: room.value, rest }) : room;
}

/** A reason as it may be sent: a line. */
export function parseReason(typed: string): Result<string, string> {
  const text = typed.replaceAll(/[\s\p{Cc}]+/gu, ' ').toWellFormed();
  const bytes = utf8Bytes(text);
  return bytes <= MAX_TOPIC_BYTES
    ? ok(text)
    : err(`a reason has at most ${MAX_TOPIC_BYTES} bytes, and this one ${bytes}`);
}

/** More than no time. */
export function parseTime(typed: string): Result<number, string> {
  const time = parseDuration(typed);
  return time.ok && time.value === 0 ? err(`"${typed}" is no time at all: write 90, 90s, 15m, 1h or 2d`) : time;
}
