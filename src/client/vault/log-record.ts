/** One message as it lies in the log, before it is sealed. */

import type { LogRecord } from '../../peer/vault.ts';
import * as fields from '../../protocol/fields.ts';
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { integer, object, optional, parse, text } from '../../protocol/schema.ts';
import { parsedJson } from './json.ts';

/** The text of a message that was deleted is empty, and no other's is. `reAt`: the place of what it answers. */
const record = object({
  id: fields.id,
  from: fields.user,
  text: text(0, MAX_TEXT_BYTES),
  time: fields.time,
  re: optional(object({ from: fields.user, id: fields.id })),
  reAt: optional(integer(0)),
});

type InLog = LogRecord & { readonly reAt?: number | undefined };

/** As it was said: later texts and reactions lie elsewhere. Throws where it could not be read again. */
export function encodeRecord({ id, from, text: said, time, re, reAt, deleted }: InLog): Uint8Array {
  const parsed = parse(record, { id, from, text: said, time, re, reAt });
  const wrong = !parsed.ok ? parsed.error : (said === '') === (deleted === true) ? undefined : 'text must not be empty';
  if (wrong !== undefined) throw new RangeError(`this is no message for the log: ${wrong}`);
  return Buffer.from(JSON.stringify({ id, from, text: said, time, re, reAt }));
}

/** The same without its text, and as long: blanks behind it are no part of the JSON (RFC 8259, 2). */
export function encodeBlank(said: InLog, length: number): Uint8Array {
  const blank = Buffer.alloc(length, ' ');
  blank.set(encodeRecord({ ...said, text: '', deleted: true }));
  return blank;
}

/** @returns undefined where it is none. */
export function decodeRecord(bytes: Uint8Array): InLog | undefined {
  const found = parsedJson(record, bytes);
  if (found === undefined) return undefined;
  const { id, from, text: said, time, re, reAt } = found;
  return {
    id,
    from,
    text: said,
    time,
    ...(re === undefined ? {} : { re }),
    ...(reAt === undefined ? {} : { reAt }),
    ...(said === '' ? ({ deleted: true } as const) : {}),
  };
}
