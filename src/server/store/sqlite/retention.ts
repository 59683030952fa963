import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RoomName } from '../../../base/ids.ts';
import { type Keep, MESSAGE_BYTES, parseKeep } from '../../../base/keep.ts';
import * as fields from '../../../protocol/fields.ts';
import { utf8Bytes } from '../../../protocol/schema.ts';
import { type Retain, type Retained, SENT_MS, StoreError } from '../store.ts';
import { type AgeState, advanceAge, beginAge } from './age-clock.ts';
import { Marks } from './marks.ts';
import type { Messages, RoomEnd } from './messages.ts';
import { rowOf } from './places.ts';
import { asNumber, asText, checked } from './rows.ts';
import type { SearchIndex } from './search-index.ts';
import type { SentBefore } from './sent-before.ts';

/** Milliseconds that a step should take, for an append may have to wait for it; and after which it begins nothing more. */
const STEP_MS = 3;
/**
 * Messages that go at a time, at first and at most, and UTF-16 units of their text. Each word of each is looked for in all
 * parts of the index and written over when the transaction is committed, so what that takes is known only afterwards.
 */
const AT_A_TIME = 4;
const MOST_AT_A_TIME = 32;
const CHARS_AT_A_TIME = 4000;
/** Messages that are measured at a time: half a millisecond, where their texts are short. */
const MEASURED_AT_A_TIME = 500;
/** Ids that are forgotten at a time. */
const FORGOTTEN_AT_A_TIME = 200;

function prepare(db: DatabaseSync) {
  return {
    ruleOf: db.prepare('SELECT keep FROM rooms WHERE id = ?'),
    next: db.prepare(
      'SELECT id, author, time, text, client_id FROM messages WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?',
    ),
    // Only the head of a row is read: it has the length.
    measure: db.prepare(
      'SELECT sum(octet_length(text)) AS bytes, count(*) AS n FROM messages WHERE id BETWEEN ? AND ?',
    ),
    dropReactions: db.prepare('DELETE FROM reactions WHERE message BETWEEN ? AND ?'),
    dropChanges: db.prepare('DELETE FROM changes WHERE message BETWEEN ? AND ?'),
    drop: db.prepare('DELETE FROM messages WHERE id BETWEEN ? AND ?'),
    // As after a deletion: see `space.ts`.
    mustVacuum: db.prepare("INSERT INTO chores (name) VALUES ('vacuum') ON CONFLICT DO NOTHING"),
    set: db.prepare('UPDATE rooms SET first = ?, measured = ?, bytes = ? WHERE id = ?'),
    clock: db.prepare('SELECT time, wall, behind, doubts FROM age_clock'),
    setClock: db.prepare(`
      INSERT INTO age_clock (id, time, wall, behind, doubts) VALUES (1, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET time = excluded.time, wall = excluded.wall, behind = excluded.behind,
        doubts = excluded.doubts`),
  } satisfies Record<string, StatementSync>;
}

interface Removal {
  /** Not beyond this place. */
  readonly upTo: number;
  /** When their ids may be forgotten, on the clock of ages; undefined: at once. */
  readonly until: number | undefined;
}

/** What a message counts for a rule of how much is kept. */
const sizeOf = (text: string): number => utf8Bytes(text) + MESSAGE_BYTES;

export function readRule(text: string): Keep {
  const keep = parseKeep(text);
  if (!keep.ok) throw new StoreError('damaged', `the database is damaged, restore a backup: ${keep.error}`);
  return keep.value;
}

/**
 * Removes what is kept no longer: always a room's oldest messages, a few milliseconds' worth at a time, each time in a
 * transaction of its own. So at any moment what is there of a room is its end, without a gap.
 */
export class Retention {
  readonly #do: ReturnType<typeof prepare>;
  readonly #messages: Messages;
  readonly #index: SearchIndex;
  readonly #before: SentBefore;
  readonly #marks: Marks;
  readonly #now: () => number;
  /** Rooms that are still to be looked at in this round; the first may have been begun. */
  #due: RoomName[] = [];
  /** Messages that go in the next step. */
  #atATime = AT_A_TIME;
  /** Something went in the last one. */
  #hasRemoved = false;
  /** Of the last step: what the caller's clock that is never set showed; and of the one before. */
  #mono: number | undefined;
  #monoBefore: number | undefined;

  /** @param now milliseconds on a clock that is never set. */
  constructor(db: DatabaseSync, messages: Messages, index: SearchIndex, before: SentBefore, now: () => number) {
    this.#do = prepare(db);
    this.#messages = messages;
    this.#index = index;
    this.#before = before;
    this.#marks = new Marks(db);
    this.#now = now;
  }

  /** In a transaction. */
  step(retain: Retain): Retained {
    const start = this.#now();
    const age = this.#advance(retain);
    if (this.#due.length === 0) {
      this.#messages.writeEnds();
      this.#due = this.#marks.note(age.time, (text) => (text === null ? retain.rule : readRule(text)));
    }
    const moved = new Map<RoomName, RoomEnd>();
    let isMore = this.#before.forget(age.time, FORGOTTEN_AT_A_TIME);
    // Once something has gone, what that takes is seen only when it is committed.
    this.#hasRemoved = false;
    while (this.#due[0] !== undefined && !this.#hasRemoved && this.#now() - start < STEP_MS) {
      const [name] = this.#due;
      const end = this.#messages.end(name);
      const first = end?.first;
      const isDone = end === undefined || this.#work(end, this.#ruleOf(end, retain.rule), age.time);
      if (end !== undefined && end.first !== first) moved.set(name, end);
      if (isDone) this.#due.shift();
    }
    isMore ||= this.#due.length > 0;
    const rooms = Array.from(moved, ([room, { first }]) => ({ room, first: checked(fields.seq, first) }));
    return { rooms, more: isMore, took: this.#now() - start };
  }

  /** The step is committed, and has taken so long (ms). */
  committed(took: number): void {
    if (!this.#hasRemoved) return;
    const fitting = Math.round((this.#atATime * STEP_MS) / Math.max(took, 0.1));
    // Twice as many at the most: one quick step says little.
    this.#atATime = Math.max(1, Math.min(MOST_AT_A_TIME, 2 * this.#atATime, fitting));
  }

  /** The transaction is lost: what was done in it is to be done again. */
  undone(): void {
    this.#due = [];
    this.#mono = this.#monoBefore;
  }

  #advance({ wall, mono }: Retain): AgeState {
    const row = this.#do.clock.get();
    const passed = this.#mono === undefined ? 0 : Math.max(0, mono - this.#mono);
    const state =
      row === undefined
        ? beginAge(wall, this.#marks.newest())
        : advanceAge(
            {
              time: asNumber(row.time),
              wall: asNumber(row.wall),
              behind: asNumber(row.behind),
              doubts: readDoubts(asText(row.doubts)),
            },
            wall,
            Math.round(passed),
          );
    this.#monoBefore = this.#mono;
    this.#mono = mono;
    this.#do.setClock.run(state.time, state.wall, state.behind, JSON.stringify(state.doubts));
    return state;
  }

  #ruleOf(end: RoomEnd, rule: Keep): Keep {
    const own = this.#do.ruleOf.get(end.id)?.keep ?? null;
    return own === null ? rule : readRule(asText(own));
  }

  /** @returns whether there is nothing more to do in this room. */
  #work(end: RoomEnd, { age, bytes }: Keep, now: number): boolean {
    const old = age === undefined ? 0 : this.#marks.before(end.id, now - age);
    const until = now + SENT_MS;
    if (end.first <= old) {
      // What is old enough goes when its id may be forgotten, too.
      const isNoted = age !== undefined && age < SENT_MS;
      this.#remove(end, { upTo: old, until: isNoted ? until - age : undefined }, () => true);
    } else if (bytes !== undefined && end.measured < end.last) this.#measure(end);
    else if (bytes !== undefined && end.bytes > bytes)
      this.#remove(end, { upTo: end.last, until }, () => end.bytes > bytes);
    else {
      this.#marks.forget(end.id, end.first);
      return true;
    }
    return false;
  }

  #measure(end: RoomEnd): void {
    const from = Math.max(end.measured + 1, end.first);
    const upTo = Math.min(end.last, from + MEASURED_AT_A_TIME - 1);
    const row = this.#do.measure.get(rowOf(end.id, from), rowOf(end.id, upTo));
    end.bytes += asNumber(row?.bytes ?? 0) + asNumber(row?.n ?? 0) * MESSAGE_BYTES;
    end.measured = upTo;
    this.#set(end);
  }

  /** From the first one on, some of them. @param isWanted whether one more is to go. */
  #remove(end: RoomEnd, removal: Removal, isWanted: () => boolean): void {
    // The fewer parts the index has, the less has to be looked through for each word. This may take a whole step.
    if (this.#index.merge()) return;
    this.#hasRemoved = true;
    const { first } = end;
    this.#forget(end, removal, isWanted);
    const stretch = [rowOf(end.id, first), rowOf(end.id, end.first - 1)] as const;
    this.#do.dropReactions.run(...stretch);
    this.#do.dropChanges.run(...stretch);
    this.#do.drop.run(...stretch);
    this.#do.mustVacuum.run();
    // What was never measured is none of it.
    end.measured = Math.max(end.measured, end.first - 1);
    if (end.first > end.last) end.bytes = 0;
    this.#set(end);
  }

  /** What stands of them elsewhere than in their rows. */
  #forget(end: RoomEnd, { upTo, until }: Removal, isWanted: () => boolean): void {
    const rows = this.#do.next.all(rowOf(end.id, end.first), rowOf(end.id, upTo), this.#atATime);
    if (rows.length === 0) end.first = upTo + 1;
    let chars = 0;
    for (const { id, author, time, text, client_id } of rows) {
      if (chars >= CHARS_AT_A_TIME || !isWanted()) break;
      const [row, said] = [asNumber(id), asText(text)];
      const seq = row - rowOf(end.id, 0);
      if (said !== '' && seq <= end.indexed) this.#index.remove(row, checked(fields.user, author), said);
      if (typeof client_id === 'string' && until !== undefined)
        this.#before.note(client_id, asText(author), row, asNumber(time), until);
      if (seq <= end.measured) end.bytes -= sizeOf(said);
      chars += said.length;
      end.first = seq + 1;
    }
  }

  /** A message that is measured has another text. */
  textChanged(end: RoomEnd, seq: number, before: string, after: string): void {
    if (seq > end.measured) return;
    end.bytes += sizeOf(after) - sizeOf(before);
    this.#set(end);
  }

  #set({ id, first, measured, bytes }: RoomEnd): void {
    this.#do.set.run(first, measured, bytes, id);
  }
}

function readDoubts(text: string): AgeState['doubts'] {
  const read: unknown = JSON.parse(text);
  if (!Array.isArray(read)) throw new StoreError('damaged', 'the database is damaged, restore a backup: no doubts');
  return read.map((one: unknown) => {
    const doubt = typeof one === 'object' && one !== null ? one : {};
    return {
      left: asNumber('left' in doubt && typeof doubt.left === 'number' ? doubt.left : undefined),
      by: asNumber('by' in doubt && typeof doubt.by === 'number' ? doubt.by : undefined),
    };
  });
}
