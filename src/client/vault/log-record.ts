/** One message as it lies in the log, before it is sealed. */

import type { LogRecord } from '../../peer/vault.ts';
import * as fields from '../../protocol/fields.ts';
import { object, parse } from '../../protocol/schema.ts';
import { parsedJson } from './json.ts';

const record = object({ id: fields.id, from: fields.user, text: fields.body, time: fields.time });

/** Throws where it could not be read again. */
export function encodeRecord({ id, from, text, time }: LogRecord): Uint8Array {
  const parsed = parse(record, { id, from, text, time });
  if (!parsed.ok) throw new RangeError(`this is no message for the log: ${parsed.error}`);
  return Buffer.from(JSON.stringify(parsed.value));
}

/** @returns undefined where it is none. */
export function decodeRecord(bytes: Uint8Array): LogRecord | undefined {
  const found = parsedJson(record, bytes);
  return found && { id: found.id, from: found.from, text: found.text, time: found.time };
}
