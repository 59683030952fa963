/** What the columns of each table may hold: the rules of the protocol, and of what stores them. */
import { parseKeep } from '../../../base/keep.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import * as fields from '../../../protocol/fields.ts';
import { MAX_TEXT_BYTES } from '../../../protocol/limits.ts';
import { integer, oneOf, parse, type Schema, text } from '../../../protocol/schema.ts';
import { parseDeviceKey } from '../../login/device-key.ts';
import { decodePhc } from '../../login/phc.ts';
import { MAX_ROOM, MAX_SEQ } from '../../store/sqlite/places.ts';

/** @returns what is wrong, such as `must be a string`; undefined where it fits. Never says the value: some are secret. */
type Rule = (value: unknown) => string | undefined;

const fits =
  <T>(schema: Schema<T>): Rule =>
  (value) =>
    schema.check(value, '')?.trimStart();

const orNull =
  (rule: Rule): Rule =>
  (value) =>
    value === null ? undefined : rule(value);

const understood =
  (read: (value: string) => Result<unknown, unknown>, says: string): Rule =>
  (value) =>
    typeof value === 'string' && read(value).ok ? undefined : `must be ${says}`;

const [user, time, id] = [fits(fields.user), fits(fields.time), fits(fields.id)];
const account = fits(fields.plainName);
const count = fits(integer(0));
const someText = fits(text(0, MAX_TEXT_BYTES));
const place = (max: number, min = 0): Rule => fits(integer(min, max));
/** Unix: 32 bits. */
const uid = place(2 ** 32 - 1);
const yesOrNo = place(1);
const password = understood(decodePhc, 'an Argon2id hash');
const deviceKey = understood(
  (value) => (parseDeviceKey(value) === undefined ? err('none') : ok(undefined)),
  'a public key',
);

/** A table, the columns that name a row of it to people, and what each column may hold. */
interface TableRules {
  readonly named: readonly string[];
  readonly columns: Readonly<Record<string, Rule>>;
}

/** Of a message, whose text is looked at by itself: only that of a deleted one may be empty. */
export const MESSAGE_COLUMNS: Readonly<Record<string, Rule>> = {
  author: user,
  time,
  text: someText,
  client_id: orNull(id),
  re: orNull(place(MAX_SEQ, 1)),
};

/** Tables and columns that aren't here, or aren't in the data, are passed over: older and newer versions have others. */
export const TABLES: Readonly<Record<string, TableRules>> = {
  rooms: {
    named: ['name'],
    columns: {
      id: place(MAX_ROOM, 1),
      name: fits(fields.room),
      created: time,
      last: place(MAX_SEQ),
      topic: fits(fields.topic),
      topic_by: orNull(user),
      topic_time: orNull(time),
      slow: fits(fields.duration),
      closed: yesOrNo,
      rev: place(MAX_SEQ),
      indexed: place(MAX_SEQ),
      keep: orNull(understood(parseKeep, 'a rule of how long messages are kept')),
      first: place(MAX_SEQ + 1, 1),
      measured: place(MAX_SEQ),
      bytes: count,
    },
  },
  members: { named: ['user'], columns: { user: account, since: time } },
  accounts: {
    named: ['name', 'uid'],
    columns: { uid: orNull(uid), name: orNull(account), password: orNull(password), last_seen: time },
  },
  device_keys: {
    named: ['fingerprint'],
    columns: {
      key: deviceKey,
      fingerprint: fits(fields.fingerprint),
      label: fits(fields.label),
      added: time,
      last_used: time,
    },
  },
  lockouts: {
    named: ['account', 'source'],
    columns: {
      failures: count,
      locks: count,
      locked_for: fits(fields.duration),
      locked_until: time,
      last_failure: time,
    },
  },
  invites: { named: ['id'], columns: { code: fits(fields.invite), made_by: user, made: time, expires: time } },
  ignores: { named: ['target'], columns: { kind: fits(oneOf('block', 'mute')), target: user, until: orNull(time) } },
  mailboxes: { named: ['account'], columns: { last: place(Number.MAX_SAFE_INTEGER, 1) } },
  announcements: { named: ['id'], columns: { author: user, time, body: fits(fields.body) } },
  mail: {
    named: ['id'],
    columns: {
      n: place(Number.MAX_SAFE_INTEGER, 1),
      author: orNull(user),
      time: orNull(time),
      client_id: orNull(id),
      bytes: orNull(count),
    },
  },
  sent_mail: { named: ['client_id'], columns: { client_id: id, author: user, recipient: user, time } },
  operators: { named: ['account'], columns: { made_by: user, made: time } },
  bans: {
    named: ['target'],
    columns: {
      target: fits(fields.banTarget),
      made_by: user,
      made: time,
      until: orNull(time),
      reason: fits(fields.reason),
    },
  },
  audit: {
    named: ['id'],
    columns: { time, made_by: user, action: someText, target: someText, detail: someText },
  },
  devices: { named: ['id'], columns: { device: fits(fields.device), last_used: time, messages: count, bytes: count } },
  key_packages: { named: ['id'], columns: { package: fits(fields.keyPackage) } },
  changes: { named: ['message'], columns: { edited: orNull(time), deleted: yesOrNo } },
  reactions: { named: ['id'], columns: { emoji: fits(fields.emoji), author: user } },
  keep_marks: { named: ['room'], columns: { time: count, seq: place(MAX_SEQ, 1) } },
  age_clock: { named: ['id'], columns: { time, wall: time } },
  sent_before: { named: ['id'], columns: { client_id: id, author: user, time } },
  former_names: { named: ['name'], columns: { name: user, last: place(MAX_SEQ, 1) } },
};

/** Mail that is sealed. */
export const isSealed = (body: unknown): boolean => {
  if (typeof body !== 'string') return false;
  try {
    return parse(fields.sealed, JSON.parse(body)).ok;
  } catch {
    return false;
  }
};
