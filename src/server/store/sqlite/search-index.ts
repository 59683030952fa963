import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { UserName } from '../../../base/ids.ts';
import * as fields from '../../../protocol/fields.ts';
import type { SearchPlace } from '../store.ts';
import type { Messages, RoomEnd } from './messages.ts';
import { roomOf, rowOf, seqOf } from './places.ts';
import { asNumber, asText, checked } from './rows.ts';
import type { FindRead, IndexGoal, SearchAnswer, Stretch } from './wire.ts';
import { spread } from './words.ts';

/** Messages that are put into the index at a time, and UTF-16 units of text: about 3 ms in which nobody is served. */
const SLICE_ROWS = 500;
const SLICE_CHARS = 65_536;
/** Pages that are merged at a time: about 1 ms. */
const MERGE_PAGES = 16;
/**
 * Messages that a search looks through without looking at the clock, at first; then so many times as many. Some of what it
 * costs is the same for every stretch: with the beginning of a common word it is most of it. So a stretch is only shorter
 * again where it took too long, and longer than the one before by more than that.
 */
const STRETCH = 20_000;
const STRETCH_GROWS = 4;
const TOO_LONG = 2;

/**
 * Node binds every number as a floating-point one, and those FTS5 doesn't take for bounds: it would read all rows and
 * leave it to SQLite to compare them.
 */
const MATCHING = `
  SELECT messages.id AS id, time FROM search CROSS JOIN messages ON messages.id = search.rowid
  WHERE search MATCH ? AND search.rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)`;

export const HITS = `${MATCHING} ORDER BY search.rowid DESC LIMIT ?`;
const HITS_FROM = `${MATCHING} AND messages.author = ? COLLATE NOCASE ORDER BY search.rowid DESC LIMIT ?`;

function prepare(db: DatabaseSync) {
  return {
    behind: db.prepare('SELECT name FROM rooms WHERE indexed < last LIMIT 1'),
    next: db.prepare(`SELECT id, author, text FROM messages WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ${SLICE_ROWS}`),
    add: db.prepare('INSERT INTO search (rowid, author, text) VALUES (?, ?, ?)'),
    remove: db.prepare("INSERT INTO search (search, rowid, author, text) VALUES ('delete', ?, ?, ?)"),
    merge: db.prepare("INSERT INTO search (search, rank) VALUES ('merge', ?)"),
    changes: db.prepare('SELECT total_changes() AS n'),
    indexed: db.prepare('UPDATE rooms SET indexed = ? WHERE id = ?'),
    hits: db.prepare(HITS),
    hitsFrom: db.prepare(HITS_FROM),
    time: db.prepare('SELECT time FROM messages WHERE id = ?'),
  } satisfies Record<string, StatementSync>;
}

type FindAnswer = Extract<SearchAnswer, { kind: 'find' }>;

/** How many messages to look through next. */
function nextLength(last: Stretch | null, within: number): number {
  if (last === null) return STRETCH;
  return last.took > within && last.took > TOO_LONG * last.before
    ? Math.max(STRETCH, last.length / STRETCH_GROWS)
    : last.length * STRETCH_GROWS;
}

/**
 * The full-text index. Messages come into it some time after they were stored, a slice at a time, in the order of their
 * places; how far it is stands in `rooms.indexed`, in the same transaction.
 */
export class SearchIndex {
  readonly #do: ReturnType<typeof prepare>;
  readonly #messages: Messages;
  readonly #now: () => number;

  /** @param now milliseconds on a clock that is never set. */
  constructor(db: DatabaseSync, messages: Messages, now: () => number) {
    this.#do = prepare(db);
    this.#messages = messages;
    this.#now = now;
  }

  add(id: number, author: UserName, text: string): void {
    this.#do.add.run(id, spread(author), spread(text));
  }

  /** @param text as it was put in. */
  remove(id: number, author: UserName, text: string): void {
    this.#do.remove.run(id, spread(author), spread(text));
  }

  /** Puts a slice in, of whichever room has more. @returns false where there is none. */
  catchUp(): boolean {
    const name = this.#do.behind.get()?.name;
    const end = name === undefined ? undefined : this.#messages.end(checked(fields.room, name));
    if (end === undefined) return false;
    this.#slice(end, end.last);
    return true;
  }

  /** Merges some of the index's parts, so that searches look at fewer. @returns whether there may be more to do. */
  merge(): boolean {
    const before = asNumber(this.#do.changes.get()?.n);
    this.#do.merge.run(MERGE_PAGES);
    // One change is that of the command (https://sqlite.org/fts5.html#the_merge_command).
    return asNumber(this.#do.changes.get()?.n) - before >= 2;
  }

  /** Puts a slice in, of the first room that isn't where it must be. @returns which aren't yet. */
  index(goals: readonly IndexGoal[]): SearchAnswer {
    const left: IndexGoal[] = [];
    let isDone = false;
    for (const { room, upTo } of goals) {
      const end = this.#messages.end(room);
      const goal = upTo ?? end?.last ?? 0;
      if (end === undefined || end.indexed >= goal) continue;
      if (!isDone) this.#slice(end, end.last);
      isDone = true;
      if (end.indexed < goal) left.push({ room, upTo: goal });
    }
    if (isDone) this.merge();
    return { kind: 'index', left };
  }

  #slice(end: RoomEnd, upTo: number): void {
    let chars = 0;
    let last = end.indexed;
    for (const row of this.#do.next.iterate(rowOf(end.id, end.indexed + 1), rowOf(end.id, upTo))) {
      const [id, text] = [asNumber(row.id), asText(row.text)];
      // What was deleted has no text.
      if (text !== '') this.add(id, checked(fields.user, row.author), text);
      last = seqOf(id);
      chars += text.length;
      if (chars >= SLICE_CHARS) break;
    }
    // Places have no gaps, so a stretch without rows has nothing that could be found.
    end.indexed = last > end.indexed ? last : upTo;
    this.#do.indexed.run(end.indexed, end.id);
  }

  /** Looks through a room, from its newest messages to older ones, until there are enough or the time is over. */
  find({ room, match, from, before, limit, within, stretch }: FindRead): FindAnswer {
    const start = this.#now();
    const end = this.#messages.end(room);
    const hits: SearchPlace[] = [];
    let top = end === undefined ? 0 : this.#startOf(end, before);
    let last = stretch;
    while (end !== undefined && top >= end.first) {
      const began = this.#now();
      const length = nextLength(last, within);
      const bottom = Math.max(end.first, top - length + 1);
      hits.push(...this.#hits(match, from, rowOf(end.id, bottom), rowOf(end.id, top), limit - hits.length));
      const now = this.#now();
      last = { length, took: now - began, before: last?.took ?? Infinity };
      if (hits.length >= limit)
        return { kind: 'find', hits, reached: hits.at(-1) ?? null, took: now - start, stretch: last };
      top = bottom - 1;
      if (now - start >= within) break;
    }
    const reached = end === undefined || top < end.first ? null : this.#placeOf(rowOf(end.id, top + 1));
    return { kind: 'find', hits, reached, took: this.#now() - start, stretch: last };
  }

  #hits(match: string, from: string | null, first: number, last: number, limit: number): SearchPlace[] {
    const rows =
      from === null
        ? this.#do.hits.all(match, first, last, limit)
        : this.#do.hitsFrom.all(match, first, last, from, limit);
    return rows.map(({ id, time }) => ({ time: checked(fields.time, time), n: asNumber(id) }));
  }

  /** The newest place in the room that stands before another in time, or before it in the same room. */
  #startOf(end: RoomEnd, before: SearchPlace | null): number {
    if (before === null) return end.indexed;
    if (roomOf(before.n) === end.id) return Math.max(0, Math.min(end.indexed, before.n - rowOf(end.id, 0) - 1));
    // Times grow with the places, but for a clock that was set back.
    let [low, high] = [end.first - 1, end.indexed];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const { time, n } = this.#placeOf(rowOf(end.id, middle));
      if (time < before.time || (time === before.time && n < before.n)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #placeOf(n: number): SearchPlace {
    return { time: checked(fields.time, this.#do.time.get(n)?.time), n };
  }
}
