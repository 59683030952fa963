/** What an entry of the lobby says: JSON, signed by its author just as it stands. */
import type { DeviceId, UnixMs } from '../../base/ids.ts';
import * as f from '../../protocol/fields.ts';
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { flag, type Infer, integer, literal, object, optional, parse, variant } from '../../protocol/schema.ts';
import { EPOCH, LAST_STAMP } from './place.ts';

/**
 * UTF-16 units of an entry: a text of the greatest length, each of its bytes a line break or a quotation mark, and the rest.
 * So all that a lobby may hold is bounded, and the longest entry, escaped once more, fits a frame.
 */
export const MAX_SAID_CHARS = 2 * MAX_TEXT_BYTES + 1024;

const stamp = integer<UnixMs>(EPOCH, LAST_STAMP, "milliseconds since 1970 UTC of the author's logical clock");
const message = object({ device: f.device, id: f.id, stamp });
const head = { v: literal(1), id: f.id, name: f.plainName, stamp };

const said = variant('kind', {
  /** `re`: what it answers. */
  say: object({ ...head, kind: literal('say'), text: f.body, re: optional(message) }),
  edit: object({ ...head, kind: literal('edit'), of: message, text: f.body }),
  /** For good. It takes the place of the message, whose text is kept nowhere then. */
  delete: object({ ...head, kind: literal('delete'), of: message }),
  react: object({ ...head, kind: literal('react'), of: message, emoji: f.emoji, on: flag }),
});
export type Said = Infer<typeof said>;
export type Say = Extract<Said, { readonly kind: 'say' }>;
export type Edit = Extract<Said, { readonly kind: 'edit' }>;
export type Delete = Extract<Said, { readonly kind: 'delete' }>;
export type React = Extract<Said, { readonly kind: 'react' }>;

/**
 * @returns undefined for what no program of ours would sign. Only the author changes a message; and nothing is about
 * what comes after it, so that no answer ever stands before what it answers, whoever has made it up.
 */
export function readSaid(device: DeviceId, json: string): Said | undefined {
  if (json.length > MAX_SAID_CHARS) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const read = parse(said, value);
  if (!read.ok) return undefined;
  const about = read.value.kind === 'say' ? read.value.re : read.value.of;
  if (about !== undefined && about.stamp >= read.value.stamp) return undefined;
  const isOwn = read.value.kind === 'edit' || read.value.kind === 'delete';
  return isOwn && read.value.of.device !== device ? undefined : read.value;
}
