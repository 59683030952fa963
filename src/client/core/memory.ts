/**
 * What a person has chosen and how the screen was divided: kept for the next start on the same server. Each feature has
 * a key of its own here, and what a key holds is checked when it is read, since the file may come from another version.
 */

import * as fields from '../../protocol/fields.ts';
import { flag, type Infer, line, list, literal, object, optional, parse } from '../../protocol/schema.ts';
import { MAX_ROOMS_OF_USER } from '../../protocol/server-messages.ts';
import { DRAFTS } from './kept-drafts.ts';
import { SAVED_LAYOUT } from './panes/saved.ts';
import { TOLD } from './telling-options.ts';

/** Bytes of a theme's name. */
const MAX_THEME_NAME = 32;

/** The place of the last message that was seen in each room. */
const SEEN = list(object({ room: fields.room, seq: fields.seq }), MAX_ROOMS_OF_USER);

export const MEMORY = object({
  version: literal(1),
  /** Whether others are let know that we are writing. */
  typing: optional(flag),
  drafts: optional(DRAFTS),
  seen: optional(SEEN),
  telling: optional(TOLD),
  /** Whoever was here last first. */
  layouts: optional(list(SAVED_LAYOUT, 10)),
  /** What to know at the first start was shown. */
  welcomed: optional(flag),
  /** What `/theme` chose last: a name, or `auto` for none. */
  theme: optional(line(1, MAX_THEME_NAME)),
  /** The local network is shown beside the server. */
  lan: optional(flag),
});

/** Everything but the version may be missing. */
export type Memory = Infer<typeof MEMORY>;

type Content = Readonly<Record<string, unknown>>;

/**
 * What a file holds, each key by itself, so that one that is broken takes no other along.
 * @returns also what is wrong with those that are left out.
 */
export function readMemory(content: Content): { readonly memory: Memory; readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  const good = Object.entries(MEMORY.fields).filter(([key, field]) => {
    const fault = field.check(content[key], key);
    if (fault !== undefined) wrong.push(fault);
    return fault === undefined && content[key] !== undefined;
  });
  const read = parse(MEMORY, { ...Object.fromEntries(good.map(([key]) => [key, content[key]])), version: 1 });
  return { memory: read.ok ? read.value : NO_MEMORY, wrong };
}

export const NO_MEMORY: Memory = { version: 1 };

type Changes = Partial<Omit<Memory, 'version'>>;

/**
 * From now on, also at the next start. The shell writes it to the disk a moment later, where it is another object: what is
 * the same as before changes nothing.
 */
export function keep(state: { memory: Memory }, changes: Changes): void {
  const changed = { ...state.memory, ...changes };
  if (!isSameData(changed, state.memory)) state.memory = changed;
}

const hasFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Whether both are the same as JSON, in whichever order their fields are. */
export function isSameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!hasFields(a) || !hasFields(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isSameData(a[key], b[key]));
}
