/** Values as they come from the disk, checked once, here. What doesn't fit was written by nobody of ours. */
import type { SQLOutputValue } from 'node:sqlite';
import type { UnixMs } from '../../base/ids.ts';
import type { OwnPackage } from '../../crypto/e2ee-session.ts';
import type { BegunMail, OutgoingMail, Pin, SavedSession } from '../../peer/vault.ts';
import { CLIENT_MESSAGES } from '../../protocol/client-messages.ts';
import * as fields from '../../protocol/fields.ts';
import { parse, pattern, type Schema } from '../../protocol/schema.ts';
import { VaultError } from './fault.ts';
import { parsedJson } from './json.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

const damaged = (what: string): VaultError => new VaultError('damaged', `the private data is damaged: ${what}`);
/** The MLS reference of a package (RFC 9420, 5.2): a hash. */
const ref = pattern<string>(/^[A-Za-z0-9_-]{1,128}$/, 'a reference in base64url');

function checked<T>(schema: Schema<T>, value: unknown): T {
  const parsed = parse(schema, value);
  // What is there isn't quoted.
  if (!parsed.ok) throw damaged(`a value that must be ${schema.says}`);
  return parsed.value;
}

function asBytes(value: SQLOutputValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw damaged('a value that must be bytes');
  return value;
}

export const toPin = ({ user, device, since, verified, accepted }: Row): Pin => ({
  user: checked(fields.user, user),
  device: checked(fields.device, device),
  since: checked(fields.time, since),
  verified: verified === 1,
  accepted: accepted === 1,
});

export const toSession = ({ id, own, user, device, state, welcome, used, retired }: Row): SavedSession => ({
  group: checked(fields.group, id),
  own: checked(fields.user, own),
  user: checked(fields.user, user),
  device: checked(fields.device, device),
  state: asBytes(state),
  welcome: welcome === null ? undefined : asBytes(welcome),
  used: checked(fields.time, used),
  retired: retired === 1,
});

export const toPackage = (row: Row): OwnPackage => ({
  ref: checked(ref, row.ref),
  public: asBytes(row.public),
  secret: asBytes(row.secret),
});

export const toTime = ({ at }: Row): UnixMs => checked(fields.time, at);

export const toBegun = ({ id, own, recipient }: Row): BegunMail => ({
  id: checked(fields.id, id),
  own: checked(fields.user, own),
  to: checked(fields.user, recipient),
});

export function toMail({ copy_of, own, mail }: Row): OutgoingMail {
  const message = typeof mail === 'string' ? parsedJson(CLIENT_MESSAGES.mail, mail) : undefined;
  if (message === undefined) throw damaged('mail that was to be sent');
  return { ...message, of: checked(fields.id, copy_of), own: checked(fields.user, own) };
}
