import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { UnixMs, UserName } from '../../../base/ids.ts';
import * as fields from '../../../protocol/fields.ts';
import { oneOf } from '../../../protocol/schema.ts';
import type { Ignore } from '../store.ts';
import { checked } from './rows.ts';

const KIND = oneOf('block', 'mute');

function prepare(db: DatabaseSync) {
  return {
    all: db.prepare(`
      SELECT accounts.name AS user, kind, target, until FROM ignores JOIN accounts ON accounts.id = ignores.account
      WHERE accounts.name IS NOT NULL ORDER BY accounts.name, kind, target`),
    dropEnded: db.prepare('DELETE FROM ignores WHERE account = ? AND until <= ?'),
    save: db.prepare('INSERT OR REPLACE INTO ignores (account, kind, target, until) VALUES (?, ?, ?, ?)'),
    remove: db.prepare('DELETE FROM ignores WHERE account = ? AND kind = ? AND target = ?'),
    account: db.prepare('SELECT id FROM accounts WHERE name = ?'),
  } satisfies Record<string, StatementSync>;
}

/** Whom people block and mute. */
export class Ignores {
  readonly #do: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync) {
    this.#do = prepare(db);
  }

  all(): Ignore[] {
    return this.#do.all.all().map(({ user, kind, target, until }) => ({
      user: checked(fields.user, user),
      kind: checked(KIND, kind),
      target: checked(fields.user, target),
      ...(until === null ? {} : { until: checked(fields.time, until) }),
    }));
  }

  /** @returns false where there is no such account. */
  save({ user, kind, target, until }: Ignore, now: UnixMs): boolean {
    const account = this.#do.account.get(user)?.id;
    if (account === undefined) return false;
    this.#do.dropEnded.run(account, now);
    this.#do.save.run(account, kind, target, until ?? null);
    return true;
  }

  remove(user: UserName, kind: Ignore['kind'], target: UserName): void {
    const account = this.#do.account.get(user)?.id;
    if (account !== undefined) this.#do.remove.run(account, kind, target);
  }
}
