/**
 * What messages of the log have become, in the database: the text that they have by now, and reactions. Sealed like the log
 * itself, and under names that tell nobody whose they are. Messages that were deleted have nothing here: in the log's file
 * their text is overwritten.
 */
import { createHmac } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { UserName } from '../../base/ids.ts';
import { openRecord, sealRecord } from '../../crypto/sealed-record.ts';
import type { Changeable, MessageRef } from '../../peer/message-change.ts';
import { type LogRecord, MAX_EARLY_CHANGES, recordWith } from '../../peer/vault.ts';
import * as fields from '../../protocol/fields.ts';
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { literal, object, optional, text } from '../../protocol/schema.ts';
import { wipeJournal } from './database.ts';
import { toVaultError } from './fault.ts';
import { parsedJson } from './json.ts';

/** `text` counts where it was edited. `deleted`: as long as the message isn't there. */
const kept = object({
  text: text(0, MAX_TEXT_BYTES),
  edited: optional(fields.time),
  deleted: optional(literal(true)),
  reactions: optional(fields.reactions),
});

/** One record in a place of its own: its name is in the database, and is authenticated with it. */
const POSITION = 0;

const SQL = {
  get: 'SELECT sealed FROM changes WHERE id = ?',
  any: 'SELECT 1 FROM changes WHERE log = ? LIMIT 1',
  put: `
    INSERT INTO changes (id, log, early, sealed) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET early = excluded.early, sealed = excluded.sealed`,
  arrived: 'UPDATE changes SET early = 0 WHERE id = ?',
  drop: 'DELETE FROM changes WHERE id = ?',
  prune: `
    DELETE FROM changes WHERE log = ?1 AND early = 1
      AND n NOT IN (SELECT n FROM changes WHERE log = ?1 AND early = 1 ORDER BY n DESC LIMIT ${MAX_EARLY_CHANGES})`,
  forget: 'DELETE FROM changes WHERE log = ?',
} as const;

/** What they are sealed with, and what gives them their names. */
interface Keys {
  readonly names: Uint8Array;
  readonly records: Uint8Array;
}

export class ChangedMessages {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #prepared = new Map<keyof typeof SQL, StatementSync>();

  /** @param path the database's. */
  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
  }

  /** Whether anything of this log has changed: mostly nothing has. */
  any(keys: Keys, person: UserName): boolean {
    return this.#guarded(() => this.#statement('any').get(logOf(keys, person)) !== undefined);
  }

  get(keys: Keys, person: UserName, of: MessageRef): Changeable | undefined {
    const id = idOf(keys, person, of);
    const sealed = this.#guarded(() => this.#statement('get').get(id)?.['sealed']);
    if (!(sealed instanceof Uint8Array)) return undefined;
    const plain = openRecord(keys.records, { file: id, position: POSITION }, sealed);
    // One that somebody has changed is none: the message is as it was said.
    return plain && parsedJson(kept, plain);
  }

  /** @param early the message isn't there yet. */
  put(keys: Keys, person: UserName, of: MessageRef, now: Changeable, early: boolean): void {
    const id = idOf(keys, person, of);
    const plain = Buffer.from(JSON.stringify({ ...now, text: now.edited === undefined ? '' : now.text }));
    const sealed = sealRecord(keys.records, { file: id, position: POSITION }, plain);
    plain.fill(0);
    const log = logOf(keys, person);
    this.#write(() => {
      this.#statement('put').run(id, log, early ? 1 : 0, sealed);
      if (early) this.#statement('prune').run(log);
    });
  }

  /** Its message is there. */
  arrived(keys: Keys, person: UserName, of: MessageRef): void {
    this.#write(() => this.#statement('arrived').run(idOf(keys, person, of)));
  }

  drop(keys: Keys, person: UserName, of: MessageRef): void {
    this.#write(() => this.#statement('drop').run(idOf(keys, person, of)));
  }

  forget(keys: Keys, person: UserName): void {
    this.#write(() => this.#statement('forget').run(logOf(keys, person)));
  }

  #write(work: () => void): void {
    this.#guarded(work);
    try {
      wipeJournal(this.#path);
    } catch {
      // The change is on the disk; the next one tries again.
    }
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toVaultError(error, this.#path);
    }
  }

  #statement(name: keyof typeof SQL): StatementSync {
    let statement = this.#prepared.get(name);
    if (statement === undefined) this.#prepared.set(name, (statement = this.#db.prepare(SQL[name])));
    return statement;
  }
}

/** A program that reads beside one that has not brought the data forward yet finds no such table. */
export const hasChanges = (db: DatabaseSync): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'changes'").get() !== undefined;

const named = ({ names }: Keys, what: string): Buffer => createHmac('sha256', names).update(what).digest();
/** No name of a person has a newline, so the two never meet each other, nor the names of files. */
const logOf = (keys: Keys, person: UserName): Buffer => named(keys, `${person}\nchanges`);
const idOf = (keys: Keys, person: UserName, { from, id }: MessageRef): Buffer =>
  named(keys, `${person}\n${from}\n${id}`);

/** A message as it was said, with what has become of it. A text that was overwritten stays so. */
export function withChanges(record: LogRecord, changes: Changeable | undefined): LogRecord {
  if (changes === undefined || record.deleted === true) return record;
  const { edited, deleted, reactions } = changes;
  if (deleted === true) return recordWith(record, { text: '', deleted });
  return recordWith(record, { text: edited === undefined ? record.text : changes.text, edited, reactions });
}
