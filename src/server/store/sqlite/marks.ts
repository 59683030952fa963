import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RoomName } from '../../../base/ids.ts';
import type { Keep } from '../../../base/keep.ts';
import * as fields from '../../../protocol/fields.ts';
import { asNumber, asText, checked } from './rows.ts';

/** Milliseconds between two marks of a room that keeps its messages forever: a rule that comes later knows the days. */
const DAY_MS = 24 * 3600 * 1000;
/** So many marks in the time that messages are kept: so much of it longer, at the most, are they there. */
const MARKS_IN_AGE = 50;

function prepare(db: DatabaseSync) {
  return {
    rooms: db.prepare(`
      SELECT id, name, keep, first, last,
        (SELECT max(time) FROM keep_marks WHERE room = rooms.id) AS time,
        (SELECT seq FROM keep_marks WHERE room = rooms.id ORDER BY time DESC LIMIT 1) AS seq
      FROM rooms WHERE last >= first ORDER BY id`),
    add: db.prepare(`
      INSERT INTO keep_marks (room, time, seq) VALUES (?, ?, ?)
      ON CONFLICT (room, time) DO UPDATE SET seq = excluded.seq`),
    // Those made of messages that were stamped by a clock that was ahead.
    dropAhead: db.prepare('DELETE FROM keep_marks WHERE room = ? AND time > ?'),
    before: db.prepare('SELECT seq FROM keep_marks WHERE room = ? AND time <= ? ORDER BY time DESC LIMIT 1'),
    forget: db.prepare('DELETE FROM keep_marks WHERE room = ? AND seq < ?'),
    newest: db.prepare('SELECT max(time) AS time FROM keep_marks'),
  } satisfies Record<string, StatementSync>;
}

/** Where rooms ended at which time of the clock of ages. */
export class Marks {
  readonly #do: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync) {
    this.#do = prepare(db);
  }

  /** Adds those that are due. @returns the rooms that have a rule, and something that it may be about. */
  note(now: number, ruleOf: (keep: string | null) => Keep): RoomName[] {
    const due: RoomName[] = [];
    for (const { id, name, keep, last, time, seq } of this.#do.rooms.all()) {
      const { age, bytes } = ruleOf(keep === null ? null : asText(keep));
      const [room, end, newest] = [asNumber(id), asNumber(last), time === null ? -Infinity : asNumber(time)];
      if (newest > now) this.#do.dropAhead.run(room, now);
      const every = Math.min(DAY_MS, (age ?? Infinity) / MARKS_IN_AGE);
      if (newest > now || (now - newest >= every && (seq === null || asNumber(seq) < end)))
        this.#do.add.run(room, now, end);
      if (age !== undefined || bytes !== undefined) due.push(checked(fields.room, name));
    }
    return due;
  }

  /** Up to which place a room's messages are at least as old as that; 0: none is. */
  before(room: number, time: number): number {
    return asNumber(this.#do.before.get(room, time)?.seq ?? 0);
  }

  /** Those of messages that are gone. */
  forget(room: number, first: number): void {
    this.#do.forget.run(room, first);
  }

  newest(): number | undefined {
    const time = this.#do.newest.get()?.time ?? null;
    return time === null ? undefined : asNumber(time);
  }
}
