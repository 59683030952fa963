import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { UserName } from '../../../base/ids.ts';
import { keepText } from '../../../base/keep.ts';
import * as fields from '../../../protocol/fields.ts';
import { type AuditEntry, type Ban, MAX_AUDIT_ENTRIES, type Order } from '../store.ts';
import { asText, checked } from './rows.ts';
import type { OrderAnswer, OrderRead, OrderWrite } from './wire.ts';

const ACCOUNT = '(SELECT id FROM accounts WHERE name = ?)';
const ROOM = '(SELECT id FROM rooms WHERE name = ?)';

function prepare(db: DatabaseSync) {
  return {
    operators: db.prepare(
      'SELECT name FROM accounts JOIN operators ON operators.account = accounts.id WHERE name IS NOT NULL ORDER BY name',
    ),
    op: db.prepare(`
      INSERT INTO operators (account, made_by, made) SELECT id, ?, ? FROM accounts WHERE name = ?
      ON CONFLICT (account) DO UPDATE SET made_by = excluded.made_by, made = excluded.made`),
    deop: db.prepare(`DELETE FROM operators WHERE account = ${ACCOUNT}`),
    bans: db.prepare('SELECT target, made_by, made, until, reason FROM bans ORDER BY made, target'),
    ban: db.prepare('INSERT OR REPLACE INTO bans (target, made_by, made, until, reason) VALUES (?, ?, ?, ?, ?)'),
    unban: db.prepare('DELETE FROM bans WHERE target = ?'),
    dropExpired: db.prepare('DELETE FROM bans WHERE until <= ?'),
    slow: db.prepare('UPDATE rooms SET slow = ? WHERE name = ?'),
    keep: db.prepare('UPDATE rooms SET keep = ? WHERE name = ?'),
    closed: db.prepare('UPDATE rooms SET closed = ? WHERE name = ?'),
    empty: db.prepare(`DELETE FROM members WHERE room = ${ROOM}`),
    audit: db.prepare(
      'SELECT time, made_by, action, target, detail FROM (SELECT * FROM audit ORDER BY id DESC LIMIT ?) ORDER BY id',
    ),
    note: db.prepare('INSERT INTO audit (time, made_by, action, target, detail) VALUES (?, ?, ?, ?, ?)'),
    forget: db.prepare('DELETE FROM audit WHERE id <= ?'),
  } satisfies Record<string, StatementSync>;
}

/** What operators have ordered, and the log of it. */
export class Orders {
  readonly #do: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync) {
    this.#do = prepare(db);
  }

  read(step: OrderRead): OrderAnswer {
    switch (step.kind) {
      case 'operators':
        return { kind: 'operators', names: this.#do.operators.all().map(({ name }) => checked(fields.user, name)) };
      case 'bans':
        return { kind: 'bans', bans: this.#bans() };
      case 'auditLog':
        return { kind: 'auditLog', entries: this.#log(step.limit) };
    }
  }

  write({ order, entry }: OrderWrite): OrderAnswer {
    const isDone = this.#carryOut(order, entry);
    if (isDone) {
      const { time, by, action, target, detail } = entry;
      const id = Number(this.#do.note.run(time, by, action, target, detail).lastInsertRowid);
      this.#do.forget.run(id - MAX_AUDIT_ENTRIES);
    }
    return { kind: 'carryOut', isDone };
  }

  /** @returns false where there is nothing that it could be done to. */
  #carryOut(order: Order, { time, by }: AuditEntry): boolean {
    switch (order.kind) {
      case 'op':
        return this.#do.op.run(by, time, order.user).changes !== 0;
      case 'deop':
        return this.#do.deop.run(order.user).changes !== 0;
      case 'ban': {
        const { target, until, reason } = order.ban;
        this.#do.dropExpired.run(time);
        this.#do.ban.run(target, order.ban.by, order.ban.time, until ?? null, reason);
        return true;
      }
      case 'unban':
        return this.#do.unban.run(order.target).changes !== 0;
      case 'slow':
        return this.#do.slow.run(order.every, order.room).changes !== 0;
      case 'keep':
        return this.#do.keep.run(order.keep === undefined ? null : keepText(order.keep), order.room).changes !== 0;
      case 'close':
        this.#do.empty.run(order.room);
        return this.#do.closed.run(1, order.room).changes !== 0;
      case 'reopen':
        return this.#do.closed.run(0, order.room).changes !== 0;
      case 'kick':
      case 'note':
        return true;
    }
  }

  #bans(): Ban[] {
    return this.#do.bans.all().map(({ target, made_by, made, until, reason }) => ({
      target: checked(fields.banTarget, target),
      by: checked(fields.user, made_by),
      time: checked(fields.time, made),
      ...(until === null ? {} : { until: checked(fields.time, until) }),
      reason: asText(reason),
    }));
  }

  #log(limit: number): AuditEntry[] {
    return this.#do.audit.all(limit).map(({ time, made_by, action, target, detail }) => ({
      time: checked(fields.time, time),
      by: checked<UserName>(fields.user, made_by),
      action: asText(action),
      target: asText(target),
      detail: asText(detail),
    }));
  }
}
