import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ClientId, RoomName, Seq, UserName } from '../../../base/ids.ts';
import * as fields from '../../../protocol/fields.ts';
import { type Placed, StoreError } from '../store.ts';
import { MAX_SEQ, roomOf, rowOf, seqOf } from './places.ts';
import { asNumber, checked } from './rows.ts';
import type { SentBefore } from './sent-before.ts';
import type { Answer, AppendRun, Refusal } from './wire.ts';

/** Rooms whose end is held in memory, about 100 bytes each; beyond it all are read again as they are needed. */
const MAX_HELD_ROOMS = 10_000;

export interface RoomEnd {
  readonly id: number;
  /** Seq of the newest message, those of the transaction at work among them. */
  last: number;
  /** The number of the newest change, likewise. */
  rev: number;
  /** `last` or `rev` isn't in the table of rooms yet. */
  moved: boolean;
  /** Up to which place messages are in the full-text index. */
  indexed: number;
  /** The place of the first message that is still there. */
  first: number;
  /** What messages up to `measured` count for a rule of how much is kept. */
  measured: number;
  bytes: number;
}

/** Gives messages their places. Everything between two calls of `settle` or `forget` is one transaction. */
export class Messages {
  readonly #insert: StatementSync;
  readonly #answers: StatementSync;
  readonly #sent: StatementSync;
  readonly #roomByName: StatementSync;
  readonly #roomById: StatementSync;
  readonly #setEnd: StatementSync;
  readonly #ends = new Map<RoomName, RoomEnd>();
  readonly #before: SentBefore;

  constructor(db: DatabaseSync, before: SentBefore) {
    this.#before = before;
    this.#insert = db.prepare(`
      INSERT INTO messages (id, author, time, text, client_id) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (client_id, author) WHERE client_id IS NOT NULL DO NOTHING`);
    // Few messages answer another, so the others don't pay for it.
    this.#answers = db.prepare('UPDATE messages SET re = ? WHERE id = ?');
    this.#sent = db.prepare('SELECT id, time FROM messages WHERE client_id = ? AND author = ?');
    this.#roomByName = db.prepare('SELECT id, last, rev, indexed, first, measured, bytes FROM rooms WHERE name = ?');
    this.#roomById = db.prepare('SELECT name FROM rooms WHERE id = ?');
    this.#setEnd = db.prepare('UPDATE rooms SET last = ?, rev = ? WHERE id = ?');
  }

  /** The room's number, or undefined where there is no such room. */
  room(name: RoomName): number | undefined {
    return this.end(name)?.id;
  }

  append({ rooms, authors, texts, times, ids, answers }: AppendRun): Answer {
    const seqs: (Seq | 0)[] = [];
    const answering = answers.values();
    let answer = answering.next().value;
    const others: { at: number; came: Placed | Refusal }[] = [];
    for (const [at, room] of rooms.entries()) {
      const [author, text, time, id] = [authors[at], texts[at], times[at], ids[at]];
      if (author === undefined || text === undefined || time === undefined || id === undefined)
        throw new StoreError('failed', 'a run of appends whose lists differ in length');
      const re = answer?.at === at ? answer.re : undefined;
      if (re !== undefined) answer = answering.next().value;
      const end = this.end(room);
      const gone = id === null ? undefined : this.#before.find(id, author);
      let came: Placed | Refusal | undefined;
      if (end === undefined) came = { kind: 'refused', code: 'failed', text: `there is no room ${room}` };
      else if (end.last >= MAX_SEQ) came = { kind: 'refused', code: 'failed', text: `the room ${room} is full` };
      else if (gone !== undefined) came = this.#placed(gone.message, gone.time);
      else if (this.#insert.run(rowOf(end.id, end.last + 1), author, time, text, id).changes === 0)
        came = this.#firstOf(id, author);
      else {
        end.last += 1;
        end.moved = true;
        if (re !== undefined) this.#answers.run(re, rowOf(end.id, end.last));
        seqs.push(checked(fields.seq, end.last));
        continue;
      }
      seqs.push(0);
      others.push({ at, came });
    }
    return { kind: 'appends', seqs, others };
  }

  /** @returns the number of a new change. */
  nextRev(end: RoomEnd): number {
    if (end.rev >= MAX_SEQ) throw new StoreError('failed', 'the room has had as many changes as it may');
    end.rev += 1;
    end.moved = true;
    return end.rev;
  }

  /** Writes where the rooms end now: the last thing before the transaction is committed. */
  writeEnds(): void {
    for (const end of this.#ends.values()) if (end.moved) this.#setEnd.run(end.last, end.rev, end.id);
  }

  /** The transaction is committed. */
  settle(): void {
    for (const end of this.#ends.values()) end.moved = false;
    if (this.#ends.size > MAX_HELD_ROOMS) this.#ends.clear();
  }

  /** The transaction came to nothing: what is on disk counts. */
  forget(): void {
    this.#ends.clear();
  }

  /** Where the room ends, or undefined where there is no such room. */
  end(name: RoomName): RoomEnd | undefined {
    const held = this.#ends.get(name);
    if (held !== undefined) return held;
    const row = this.#roomByName.get(name);
    if (row === undefined) return undefined;
    const end = {
      id: asNumber(row.id),
      last: asNumber(row.last),
      rev: asNumber(row.rev),
      moved: false,
      indexed: asNumber(row.indexed),
      first: asNumber(row.first),
      measured: asNumber(row.measured),
      bytes: asNumber(row.bytes),
    };
    this.#ends.set(name, end);
    return end;
  }

  #firstOf(id: ClientId | null, author: UserName): Placed {
    const row = this.#sent.get(id, author);
    return this.#placed(asNumber(row?.id), row?.time);
  }

  #placed(place: number, time: unknown): Placed {
    const room = checked(fields.room, this.#roomById.get(roomOf(place))?.name);
    return { room, seq: seqOf(place), time: checked(fields.time, time), fresh: false };
  }
}
