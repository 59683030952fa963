/** Text in and out of scripts, line by line. */

import type { RoomName, UserName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { clockTime } from '../../base/text/time.ts';
import type { LogRecord } from '../../peer/vault.ts';
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';

/** C1 controls, the line separators that JSON leaves alone, and format characters such as those that turn text around. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu;

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');

/** One line of JSON that no terminal takes for a command: what JSON.stringify leaves as it is, is escaped too. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value).replace(UNSAFE, escaped)}\n`;

/** `09:12 alice: good morning`, in the local time zone. */
function plainLine({ time, from, text }: Pick<HistoryEntry, 'time' | 'from' | 'text'>): string {
  return `${clockTime(time)} ${from}: ${sanitizeLine(text)}\n`;
}

/** The stable fields of a message: `room`, `seq` (its place in the room), `from`, `text`, `time` (ISO 8601, UTC, ms). */
export const messageLine = (room: RoomName, { seq, from, text, time }: HistoryEntry, json: boolean): string =>
  json ? jsonLine({ room, seq, from, text, time: new Date(time).toISOString() }) : plainLine({ time, from, text });

/** The stable fields of a private message: `with` (whom one talked to), `from`, `text`, `time` (ISO 8601, UTC, ms). */
export const personLine = (person: UserName, { from, text, time }: LogRecord, json: boolean): string =>
  json ? jsonLine({ with: person, from, text, time: new Date(time).toISOString() }) : plainLine({ time, from, text });

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
