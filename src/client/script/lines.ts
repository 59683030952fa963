/** Text in and out of scripts, line by line. */

import type { RoomName, UnixMs, UserName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { clockTime, dayOf } from '../../base/text/time.ts';
import type { LogRecord } from '../../peer/vault.ts';
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import type { FoundEntry, HistoryEntry } from '../../protocol/server-messages.ts';

/** C1 controls, the line separators that JSON leaves alone, and format characters such as those that turn text around. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu;

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');

/** One line of JSON that no terminal takes for a command: what JSON.stringify leaves as it is, is escaped too. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value).replace(UNSAFE, escaped)}\n`;

/** Of a room's message, or of one in one's own log. */
type Said = Pick<HistoryEntry, 'time' | 'from' | 'text'> & {
  readonly edited?: UnixMs | undefined;
  readonly deleted?: boolean | undefined;
};

/** `09:12 alice: good morning`, in the local time zone. */
function plainLine({ time, from, text, edited, deleted }: Said): string {
  const words = deleted === true ? '(deleted)' : `${sanitizeLine(text)}${edited === undefined ? '' : ' (edited)'}`;
  return `${clockTime(time)} ${from}: ${words}\n`;
}

/** For people: a line before the first message of another day than the one before it was of, or than today. */
export class DayLines {
  #day: string;

  constructor(now: UnixMs) {
    this.#day = dayOf(now);
  }

  /** `--- 2026-11-20 ---`, or nothing. */
  before(time: UnixMs): string {
    const day = dayOf(time);
    if (day === this.#day) return '';
    this.#day = day;
    return `--- ${day} ---\n`;
  }
}

/**
 * The stable fields of a message: `room`, `seq` (its place in the room), `from`, `text`, `time` (ISO 8601, UTC, ms); where
 * they apply `re` (the place of what it answers), `edited` (when) and `deleted` (true, and no text).
 */
export function messageLine(room: RoomName, message: HistoryEntry, json: boolean): string {
  if (!json) return plainLine(message);
  const { seq, from, text, time, re, edited, deleted } = message;
  const changed = edited === undefined ? {} : { edited: new Date(edited).toISOString() };
  const answers = re === undefined ? {} : { re };
  const gone = deleted === undefined ? {} : { deleted };
  return jsonLine({ room, seq, from, text, time: new Date(time).toISOString(), ...answers, ...changed, ...gone });
}

/** As `messageLine`; the plain one says when and where: `2026-11-20 09:12 #dev alice: good morning`. */
export const foundLine = (message: FoundEntry, json: boolean): string =>
  json
    ? messageLine(message.room, message, true)
    : `${dayOf(message.time)} ${clockTime(message.time)} ${message.room} ${message.from}: ${sanitizeLine(message.text)}\n`;

/**
 * The stable fields of a private message: `with` (whom one talked to), `from`, `text`, `time` (ISO 8601, UTC, ms); and where
 * they apply `edited` (when) and `deleted` (true, and no text).
 */
export function personLine(person: UserName, message: LogRecord, json: boolean): string {
  const { from, text, time, edited, deleted } = message;
  if (!json) return plainLine(message);
  return jsonLine({
    with: person,
    from,
    text,
    time: new Date(time).toISOString(),
    ...(edited === undefined ? {} : { edited: new Date(edited).toISOString() }),
    ...(deleted === undefined ? {} : { deleted }),
  });
}

/**
 * The lines of a stream without their ends (LF or CRLF); bytes that are no UTF-8 become U+FFFD. Reads no further than
 * it is asked for. A line of more than a message's bytes ends it with an error.
 */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<Result<string, string>> {
  const decoder = new TextDecoder();
  let number = 0;
  let rest = '';
  const tooLong = (): Result<string, string> =>
    err(`line ${number + 1} is longer than ${MAX_TEXT_BYTES} bytes; split it`);
  for await (const chunk of input) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      const line = piece.endsWith('\r') ? piece.slice(0, -1) : piece;
      if (utf8Bytes(line) > MAX_TEXT_BYTES) {
        yield tooLong();
        return;
      }
      yield ok(line);
      number += 1;
    }
    // One more for the return that may belong to the end of the line.
    if (rest.length > MAX_TEXT_BYTES + 1) {
      yield tooLong();
      return;
    }
  }
  rest += decoder.decode();
  if (rest !== '') yield utf8Bytes(rest) > MAX_TEXT_BYTES ? tooLong() : ok(rest);
}
