import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { UnixMs, UserName } from '../../../base/ids.ts';
import * as fields from '../../../protocol/fields.ts';
import type { ChangeCame, ChangedFields, NewChange, ReactionLimits } from '../store.ts';
import type { Messages, RoomEnd } from './messages.ts';
import { rowOf } from './places.ts';
import { Reactions } from './reactions.ts';
import type { Retention } from './retention.ts';
import { asNumber, asText, checked } from './rows.ts';
import type { SearchIndex } from './search-index.ts';

interface Stored {
  /** Its row. */
  readonly id: number;
  readonly author: UserName;
  readonly text: string;
  /** The number of its newest change; 0: none. */
  readonly rev: number;
  readonly edited: UnixMs | undefined;
  readonly deleted: boolean;
}

function prepare(db: DatabaseSync) {
  return {
    read: db.prepare(`
      SELECT author, text, rev, edited, deleted FROM messages LEFT JOIN changes ON changes.message = messages.id
      WHERE messages.id = ?`),
    lost: db.prepare('SELECT last FROM former_names WHERE name = ? AND room = ?'),
    setText: db.prepare('UPDATE messages SET text = ? WHERE id = ?'),
    note: db.prepare(`
      INSERT INTO changes (message, rev, edited, deleted) VALUES (?, ?, ?, ?)
      ON CONFLICT (message) DO UPDATE SET rev = excluded.rev, edited = excluded.edited, deleted = excluded.deleted`),
    // A page that was split may still have a piece of the text where nothing is: only a rewritten file has none.
    mustVacuum: db.prepare("INSERT INTO chores (name) VALUES ('vacuum') ON CONFLICT DO NOTHING"),
  } satisfies Record<string, StatementSync>;
}

/** Edits, deletions and reactions. */
export class Changes {
  readonly #do: ReturnType<typeof prepare>;
  readonly #messages: Messages;
  readonly #index: SearchIndex;
  readonly #reactions: Reactions;
  readonly #retention: Retention;

  constructor(db: DatabaseSync, messages: Messages, index: SearchIndex, retention: Retention) {
    this.#retention = retention;
    this.#do = prepare(db);
    this.#messages = messages;
    this.#index = index;
    this.#reactions = new Reactions(db);
  }

  change(change: NewChange, limits: ReactionLimits): ChangeCame {
    const end = this.#messages.end(change.room);
    if (end !== undefined && change.seq >= 1 && change.seq < end.first) return { kind: 'not_kept' };
    const found = end === undefined ? undefined : this.#find(end, change.seq);
    if (end === undefined || found === undefined) return { kind: 'no_such_message' };
    switch (change.what.kind) {
      case 'edit':
        return this.#edit(end, found, change, change.what.text);
      case 'delete':
        return this.#delete(end, found, change);
      case 'react':
        return this.#react(end, found, change, change.what, limits);
    }
  }

  #find(end: RoomEnd, seq: number): Stored | undefined {
    if (seq < 1 || seq > end.last) return undefined;
    const id = rowOf(end.id, seq);
    const row = this.#do.read.get(id);
    if (row === undefined) return undefined;
    return {
      id,
      author: checked(fields.user, row.author),
      text: asText(row.text),
      rev: row.rev === null ? 0 : asNumber(row.rev) - rowOf(end.id, 0),
      edited: row.edited === null ? undefined : checked(fields.time, row.edited),
      deleted: row.deleted !== null && row.deleted !== 0,
    };
  }

  #mayChange(end: RoomEnd, { author }: Stored, { by, seq, may }: NewChange): boolean {
    if (may.kind === 'any') return true;
    if (author !== by || seq <= may.after) return false;
    const lost = this.#do.lost.get(by, end.id)?.last;
    return lost === undefined || seq > asNumber(lost);
  }

  #edit(end: RoomEnd, found: Stored, change: NewChange, text: string): ChangeCame {
    if (!this.#mayChange(end, found, change)) return { kind: 'not_yours' };
    if (found.deleted) return { kind: 'deleted' };
    if (found.text === text)
      return came('same', found, found.rev, {
        text,
        ...(found.edited === undefined ? {} : { edited: found.edited }),
      });
    this.#do.setText.run(text, found.id);
    this.#retention.textChanged(end, change.seq, found.text, text);
    if (change.seq <= end.indexed) {
      this.#index.remove(found.id, found.author, found.text);
      this.#index.add(found.id, found.author, text);
    }
    return came('changed', found, this.#note(end, { ...found, edited: change.time }), { text, edited: change.time });
  }

  #delete(end: RoomEnd, found: Stored, change: NewChange): ChangeCame {
    if (!this.#mayChange(end, found, change)) return { kind: 'not_yours' };
    if (found.deleted) return came('same', found, found.rev, { deleted: true });
    this.#do.setText.run('', found.id);
    this.#retention.textChanged(end, change.seq, found.text, '');
    this.#reactions.forget(found.id);
    if (change.seq <= end.indexed) this.#index.remove(found.id, found.author, found.text);
    this.#do.mustVacuum.run();
    return came('changed', found, this.#note(end, { ...found, edited: undefined, deleted: true }), { deleted: true });
  }

  #react(
    end: RoomEnd,
    found: Stored,
    { by }: NewChange,
    { emoji, on }: Extract<NewChange['what'], { kind: 'react' }>,
    limits: ReactionLimits,
  ): ChangeCame {
    if (found.deleted) return { kind: 'deleted' };
    const before = this.#reactions.of(found.id);
    const users = before.find((one) => one.emoji === emoji)?.users ?? [];
    if (users.includes(by) === on) return came('same', found, found.rev, { reactions: before });
    if (on) {
      const count = before.reduce((sum, one) => sum + one.users.length, 0);
      if (count >= limits.reactions || (users.length === 0 && before.length >= limits.emoji))
        return { kind: 'too_many_reactions' };
      this.#reactions.add(found.id, emoji, by);
    } else this.#reactions.remove(found.id, emoji, by);
    return came('changed', found, this.#note(end, found), { reactions: this.#reactions.of(found.id) });
  }

  /** @returns the number of the change. */
  #note(end: RoomEnd, { id, edited, deleted }: Stored): number {
    const rev = this.#messages.nextRev(end);
    this.#do.note.run(id, rowOf(end.id, rev), edited ?? null, deleted ? 1 : 0);
    return rev;
  }
}

const came = (kind: 'changed' | 'same', { author }: Stored, rev: number, changed: ChangedFields): ChangeCame => ({
  kind,
  rev,
  author,
  fields: changed,
});
