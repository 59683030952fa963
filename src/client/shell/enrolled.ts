/** Where this device's key logs in: `enrolled.json` in the data folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address } from '../../link/link.ts';
import { PLAIN_NAME } from '../../protocol/names.ts';
import { integer, list, literal, object, parse, pattern, text } from '../../protocol/schema.ts';
import { writePrivate } from './files.ts';

/** Accounts that one device logs in to: more than anybody has. */
const MAX_ENROLLED = 1000;
/** Bytes of the longest host that DNS allows, and then some: IPv6 zones. */
const MAX_HOST_BYTES = 300;

const schema = object({
  version: literal(1),
  accounts: list(
    object({
      host: text(1, MAX_HOST_BYTES),
      port: integer(1, 65_535),
      name: pattern<string>(PLAIN_NAME, 'a name'),
    }),
    MAX_ENROLLED,
  ),
});

interface Enrolled extends Address {
  readonly name: string;
}

const file = (folder: string): string => join(folder, 'enrolled.json');

/** A file that is missing or broken only costs that the password is asked for. */
function read(folder: string): readonly Enrolled[] {
  try {
    const parsed = parse(schema, JSON.parse(readFileSync(file(folder), 'utf8')));
    return parsed.ok ? parsed.value.accounts : [];
  } catch {
    return [];
  }
}

const isSame = (one: Enrolled, { host, port }: Address, name: string): boolean =>
  one.host.toLowerCase() === host.toLowerCase() && one.port === port && one.name.toLowerCase() === name.toLowerCase();

export const isEnrolled = (folder: string, address: Address, name: string): boolean =>
  read(folder).some((one) => isSame(one, address, name));

/** The account that this device's key logs in to there, where it is one. */
export function enrolledName(folder: string, { host, port }: Address): string | undefined {
  const there = read(folder).filter((one) => isSame(one, { host, port }, one.name));
  return there.length === 1 ? there[0]?.name : undefined;
}

/** Notes that the key logs in there, or that it does no more. Throws when it can't be written. */
export function setEnrolled(folder: string, { host, port }: Address, name: string, is: boolean): void {
  const others = read(folder).filter((one) => !isSame(one, { host, port }, name));
  const accounts = is ? [...others.slice(1 - MAX_ENROLLED), { host, port, name }] : others;
  writePrivate(file(folder), `${JSON.stringify({ version: 1, accounts })}\n`);
}
