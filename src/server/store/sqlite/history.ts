import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as fields from '../../../protocol/fields.ts';
import type { FoundEntry, HistoryEntry } from '../../../protocol/server-messages.ts';
import type { HistoryPage, Page } from '../store.ts';
import type { RoomEnd } from './messages.ts';
import { MAX_SEQ, roomOf, rowOf, seqOf } from './places.ts';
import { Reactions } from './reactions.ts';
import { asNumber, asText, checked, type Row } from './rows.ts';

const COLUMNS = 'SELECT messages.id AS id, author, time, text, client_id, re, rev, edited, deleted';
const STRETCH = `${COLUMNS} FROM messages LEFT JOIN changes ON changes.message = messages.id WHERE messages.id`;
export const BACKWARDS = `${STRETCH} BETWEEN ? AND ? ORDER BY messages.id DESC LIMIT ?`;
export const FORWARDS = `${STRETCH} BETWEEN ? AND ? ORDER BY messages.id LIMIT ?`;
const ONE = `${STRETCH} = ?`;
export const CHANGED = `
  ${COLUMNS} FROM changes CROSS JOIN messages ON messages.id = changes.message
  WHERE rev BETWEEN ? AND ? ORDER BY rev LIMIT ?`;

/** Bytes in a page, with the comma. */
const bytesOf = (entry: HistoryEntry): number => Buffer.byteLength(JSON.stringify(entry)) + 1;

/** Told only where something is no longer there. */
const firstOf = ({ first }: RoomEnd): Pick<HistoryPage, 'first'> =>
  first > 1 ? { first: checked(fields.seq, first) } : {};

/** Reads pages: a stretch of one tree, as long as the page and one row more. */
export class History {
  readonly #backwards: StatementSync;
  readonly #forwards: StatementSync;
  readonly #changed: StatementSync;
  readonly #one: StatementSync;
  readonly #roomById: StatementSync;
  readonly #reactions: Reactions;

  constructor(db: DatabaseSync) {
    this.#backwards = db.prepare(BACKWARDS);
    this.#forwards = db.prepare(FORWARDS);
    this.#changed = db.prepare(CHANGED);
    this.#one = db.prepare(ONE);
    this.#roomById = db.prepare('SELECT name FROM rooms WHERE id = ?');
    this.#reactions = new Reactions(db);
  }

  read(room: RoomEnd, page: Page, limit: number, maxBytes: number): HistoryPage {
    if (page.kind === 'around') return { ...this.#around(room, page.seq, limit, maxBytes), ...firstOf(room) };
    // The one row more tells whether there is more.
    const rows = this.#rows(room.id, page, limit + 1);
    const messages: HistoryEntry[] = [];
    let bytes = 0;
    let more = false;
    for (const row of rows) {
      const entry = this.#entry(row);
      bytes += bytesOf(entry);
      more = messages.length > 0 && (messages.length >= limit || bytes > maxBytes);
      if (more) break;
      messages.push(entry);
    }
    const isBackwards = page.kind === 'newest' || page.kind === 'before';
    return { messages: isBackwards ? messages.reverse() : messages, more, ...firstOf(room) };
  }

  /**
   * Those with these row ids, in this order, as far as the bytes go; those that have been deleted are left out.
   * `count`: how many of the ids that is.
   */
  entries(ids: readonly number[], maxBytes: number): { messages: FoundEntry[]; count: number } {
    const messages: FoundEntry[] = [];
    let bytes = 0;
    for (const [i, id] of ids.entries()) {
      const row = this.#one.get(id);
      if (row === undefined || row.deleted === 1) continue;
      const room = checked(fields.room, this.#roomById.get(roomOf(id))?.name);
      const entry = { room, ...this.#entry(row) };
      bytes += bytesOf(entry);
      if (messages.length > 0 && bytes > maxBytes) return { messages, count: i };
      messages.push(entry);
    }
    return { messages, count: ids.length };
  }

  /** From the place outwards, on both sides by turns, so that it is in the middle where there is enough on both. */
  #around(room: RoomEnd, seq: number, limit: number, maxBytes: number): HistoryPage {
    const middle = Math.max(room.first, Math.min(seq, room.last));
    const [first, last] = [rowOf(room.id, 1), rowOf(room.id, MAX_SEQ)];
    const older = this.#backwards.iterate(first, rowOf(room.id, middle), limit + 1);
    const newer = this.#forwards.iterate(rowOf(room.id, middle + 1), last, limit + 1);
    const sides = { older: older.next(), newer: newer.next() };
    const messages: HistoryEntry[] = [];
    let bytes = 0;
    for (let turn = 0; messages.length < limit; turn += 1) {
      const goesBack = sides.newer.done === true || (turn % 2 === 0 && sides.older.done !== true);
      const row = goesBack ? sides.older : sides.newer;
      if (row.done === true) break;
      const entry = this.#entry(row.value);
      bytes += bytesOf(entry);
      if (messages.length > 0 && bytes > maxBytes) break;
      if (goesBack) messages.unshift(entry);
      else messages.push(entry);
      if (goesBack) sides.older = older.next();
      else sides.newer = newer.next();
    }
    const page = { messages, more: sides.newer.done !== true, moreOlder: sides.older.done !== true };
    // An iterator that isn't at its end holds its statement, and with it the state of the data that it reads.
    older.return?.();
    newer.return?.();
    return page;
  }

  #rows(room: number, page: Exclude<Page, { kind: 'around' }>, count: number): Iterable<Row> {
    switch (page.kind) {
      case 'newest':
        return this.#backwards.iterate(rowOf(room, 1), rowOf(room, MAX_SEQ), count);
      case 'before':
        return this.#backwards.iterate(rowOf(room, 1), rowOf(room, Math.min(page.seq - 1, MAX_SEQ)), count);
      case 'since':
        return this.#forwards.iterate(rowOf(room, Math.min(page.seq + 1, MAX_SEQ + 1)), rowOf(room, MAX_SEQ), count);
      case 'changes':
        return this.#changed.iterate(rowOf(room, Math.min(page.rev + 1, MAX_SEQ + 1)), rowOf(room, MAX_SEQ), count);
    }
  }

  #entry(row: Row): HistoryEntry {
    const id = asNumber(row.id);
    const entry = {
      seq: seqOf(id),
      from: checked(fields.user, row.author),
      text: asText(row.text),
      time: checked(fields.time, row.time),
      ...(row.client_id === null ? {} : { id: checked(fields.id, row.client_id) }),
      ...(row.re === null ? {} : { re: checked(fields.seq, row.re) }),
    };
    if (row.rev === null) return entry;
    const reactions = this.#reactions.of(id);
    return {
      ...entry,
      ...(row.edited === null ? {} : { edited: checked(fields.time, row.edited) }),
      ...(row.deleted === 1 ? { deleted: true } : {}),
      ...(reactions.length === 0 ? {} : { reactions }),
      rev: asNumber(row.rev) - rowOf(roomOf(id), 0),
    };
  }
}
