import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ClientId, UserName } from '../../../base/ids.ts';
import { asNumber } from './rows.ts';

/** Ids of messages that are gone, about 150 bytes each; beyond it the first that went are forgotten. */
const MAX_SENT_BEFORE = 1_000_000;

function prepare(db: DatabaseSync) {
  return {
    any: db.prepare('SELECT 1 FROM sent_before LIMIT 1'),
    find: db.prepare('SELECT message, time FROM sent_before WHERE client_id = ? AND author = ?'),
    note: db.prepare(`
      INSERT INTO sent_before (client_id, author, message, time, until) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`),
    forgetUntil: db.prepare(
      'DELETE FROM sent_before WHERE id IN (SELECT id FROM sent_before WHERE until <= ? ORDER BY until LIMIT ?)',
    ),
    forgetTo: db.prepare(
      'DELETE FROM sent_before WHERE id IN (SELECT id FROM sent_before WHERE id <= ? ORDER BY id LIMIT ?)',
    ),
    newest: db.prepare('SELECT max(id) AS id FROM sent_before'),
  } satisfies Record<string, StatementSync>;
}

/** Where messages stood that are gone: what is sent again is known by it, and does not come up as new. */
export class SentBefore {
  readonly #do: ReturnType<typeof prepare>;
  /** Where nothing is removed before its id may be forgotten, an append must not pay for looking. */
  #isEmpty: boolean;

  constructor(db: DatabaseSync) {
    this.#do = prepare(db);
    this.#isEmpty = this.#do.any.get() === undefined;
  }

  find(id: ClientId, author: UserName): { readonly message: number; readonly time: unknown } | undefined {
    if (this.#isEmpty) return undefined;
    const row = this.#do.find.get(id, author);
    return row === undefined ? undefined : { message: asNumber(row.message), time: row.time };
  }

  /** @param until on the clock of ages. */
  note(id: string, author: string, message: number, time: number, until: number): void {
    this.#do.note.run(id, author, message, time, until);
    this.#isEmpty = false;
  }

  /** @param now on the clock of ages. @returns whether there may be more. */
  forget(now: number, limit: number): boolean {
    if (this.#isEmpty) return false;
    const end = asNumber(this.#do.newest.get()?.id ?? 0) - MAX_SENT_BEFORE;
    const gone =
      Number(this.#do.forgetUntil.run(now, limit).changes) + Number(this.#do.forgetTo.run(end, limit).changes);
    if (gone === 0) this.#isEmpty = this.#do.any.get() === undefined;
    return gone >= limit;
  }
}
