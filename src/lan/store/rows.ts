/** Values as they come from the disk, checked once, here. What doesn't fit was written by nobody of ours. */
import type { SQLOutputValue } from 'node:sqlite';
import * as f from '../../protocol/fields.ts';
import { integer, object, oneOf, parse, type Schema } from '../../protocol/schema.ts';
import { LAN_FRAMES, type SignedEntry } from '../mesh/frames.ts';
import { BadValue } from './fault.ts';
import type { Met, StoredMail } from './store.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

function checked<T>(schema: Schema<T>, value: unknown): T {
  const parsed = parse(schema, value);
  // What is there isn't quoted.
  if (!parsed.ok) throw new BadValue(`there is something else than ${schema.says}`);
  return parsed.value;
}

const met = object({ device: f.device, user: f.user, name: f.plainName, first: f.time, last: f.time });
const place = integer(1, Number.MAX_SAFE_INTEGER, 'a place');
const mail = object({ n: place, from: f.device, id: f.id, sealed: f.sealed, time: f.time });
const how = oneOf('blocked', 'muted');

export const toMet = ({ dealt, ...row }: Row): Met => ({ ...checked(met, row), dealt: dealt === 1 });

export const toEntry = ({ device, said, signature }: Row): SignedEntry => {
  const frame = checked(LAN_FRAMES.lobby, { type: 'lobby', entries: [{ device, said, signature }] });
  const [entry] = frame.entries;
  if (entry === undefined) throw new BadValue('there is no entry');
  return entry;
};

export function toMail({ n, author, id, sealed, time }: Row): StoredMail {
  return checked(mail, { n, from: author, id, time, sealed: parsedJson(sealed) });
}

function parsedJson(value: SQLOutputValue | undefined): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    throw new BadValue('there is mail that is no JSON');
  }
}

export const toPlace = (value: SQLOutputValue | undefined): number => checked(place, value);
export const toPackage = (value: SQLOutputValue | undefined): string => checked(f.keyPackage, value);
export const toIgnored = ({ device, how: way, until }: Row) => ({
  device: checked(f.device, device),
  how: checked(how, way),
  until: until === null ? undefined : checked(f.time, until),
});
