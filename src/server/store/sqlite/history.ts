import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as fields from '../../../protocol/fields.ts';
import type { HistoryEntry } from '../../../protocol/server-messages.ts';
import type { HistoryPage, Page } from '../store.ts';
import { MAX_SEQ, rowOf, seqOf } from './places.ts';
import { asNumber, asText, checked, type Row } from './rows.ts';

const COLUMNS = 'SELECT id, author, time, text, client_id FROM messages WHERE id BETWEEN ? AND ?';
export const BACKWARDS = `${COLUMNS} ORDER BY id DESC LIMIT ?`;
export const FORWARDS = `${COLUMNS} ORDER BY id LIMIT ?`;

function toEntry(row: Row): HistoryEntry {
  const entry = {
    seq: seqOf(asNumber(row.id)),
    from: checked(fields.user, row.author),
    text: asText(row.text),
    time: checked(fields.time, row.time),
  };
  return row.client_id === null ? entry : { ...entry, id: checked(fields.id, row.client_id) };
}

/** Reads pages: a stretch of one tree, as long as the page and one row more. */
export class History {
  readonly #backwards: StatementSync;
  readonly #forwards: StatementSync;

  constructor(db: DatabaseSync) {
    this.#backwards = db.prepare(BACKWARDS);
    this.#forwards = db.prepare(FORWARDS);
  }

  read(room: number, page: Page, limit: number, maxBytes: number): HistoryPage {
    // The one row more tells whether there is more.
    const rows = this.#rows(room, page, limit + 1);
    const messages: HistoryEntry[] = [];
    let bytes = 0;
    let more = false;
    for (const row of rows) {
      const entry = toEntry(row);
      bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
      more = messages.length > 0 && (messages.length >= limit || bytes > maxBytes);
      if (more) break;
      messages.push(entry);
    }
    return { messages: page.kind === 'since' ? messages : messages.reverse(), more };
  }

  #rows(room: number, page: Page, count: number): Iterable<Row> {
    switch (page.kind) {
      case 'newest':
        return this.#backwards.iterate(rowOf(room, 1), rowOf(room, MAX_SEQ), count);
      case 'before':
        return this.#backwards.iterate(rowOf(room, 1), rowOf(room, Math.min(page.seq - 1, MAX_SEQ)), count);
      case 'since':
        return this.#forwards.iterate(rowOf(room, Math.min(page.seq + 1, MAX_SEQ + 1)), rowOf(room, MAX_SEQ), count);
    }
  }
}
