import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { UserName } from '../../../base/ids.ts';
import * as fields from '../../../protocol/fields.ts';
import type { HistoryEntry } from '../../../protocol/server-messages.ts';
import { asText, checked } from './rows.ts';

function prepare(db: DatabaseSync) {
  return {
    of: db.prepare('SELECT emoji, author FROM reactions WHERE message = ? ORDER BY id'),
    add: db.prepare('INSERT INTO reactions (message, emoji, author) VALUES (?, ?, ?)'),
    remove: db.prepare('DELETE FROM reactions WHERE message = ? AND emoji = ? AND author = ?'),
    forget: db.prepare('DELETE FROM reactions WHERE message = ?'),
  } satisfies Record<string, StatementSync>;
}

/** Who has reacted to what. Messages are named by their rows. */
export class Reactions {
  readonly #do: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync) {
    this.#do = prepare(db);
  }

  /** The emoji that came first is first, and so with its users. */
  of(message: number): NonNullable<HistoryEntry['reactions']> {
    const lists = new Map<string, UserName[]>();
    for (const { emoji, author } of this.#do.of.all(message)) {
      const [name, user] = [asText(emoji), checked(fields.user, author)];
      const list = lists.get(name);
      if (list === undefined) lists.set(name, [user]);
      else list.push(user);
    }
    return Array.from(lists, ([emoji, users]) => ({ emoji, users }));
  }

  add(message: number, emoji: string, author: UserName): void {
    this.#do.add.run(message, emoji, author);
  }

  remove(message: number, emoji: string, author: UserName): void {
    this.#do.remove.run(message, emoji, author);
  }

  forget(message: number): void {
    this.#do.forget.run(message);
  }
}
