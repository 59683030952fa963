/**
 * Follows a sparse room, whose messages nobody counts: one may come late, and stands before others then. A stream of lines
 * has no before, so each message is put when it comes, and once.
 */
import type { Seq } from '../../base/ids.ts';
import { MAX_LOBBY_ENTRIES } from '../../lan/limits.ts';
import { MAX_HISTORY_PAGE } from '../../protocol/limits.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';
import type { Following, PageWish } from './following.ts';
import { seqAt } from './room.ts';

/** Messages of which is known that they were put: all that the room keeps, and what it has dropped since. */
const MAX_PUT = 2 * MAX_LOBBY_ENTRIES;

export class SparseFollower implements Following {
  readonly #put: (entry: HistoryEntry) => void;
  /** How many of before are wanted. */
  readonly #limit: number;
  readonly #wasPut = new Set<Seq>();
  /** What stands behind this place is wanted. */
  #from: Seq;
  /** What is asked for next; undefined: nothing. */
  #wish: PageWish | undefined;
  /** The last that was asked for. */
  #asked: PageWish | undefined;
  /** Those of before, as far as they have come; undefined: they were put. */
  #older: readonly HistoryEntry[] | undefined;
  /** What came meanwhile. */
  #held: HistoryEntry[] = [];
  /** The pages that are asked for are of what was missed. */
  #isCatchingUp = false;

  /** @param last the place of the room's newest message. @param limit how many of before are wanted. */
  constructor(last: Seq, limit: number, put: (entry: HistoryEntry) => void) {
    this.#put = put;
    this.#limit = limit;
    this.#from = last;
    this.#older = limit > 0 ? [] : undefined;
  }

  begin(): boolean {
    // What was under way is lost.
    this.#isCatchingUp = this.#older === undefined;
    if (this.#older !== undefined) this.#older = [];
    this.#wish = this.#isCatchingUp ? { since: this.#from } : { limit: Math.min(this.#limit, MAX_HISTORY_PAGE) };
    return false;
  }

  wish(): PageWish | undefined {
    const wish = this.#wish;
    if (wish !== undefined) this.#asked = wish;
    this.#wish = undefined;
    return wish;
  }

  refused(): void {
    this.#wish = this.#asked;
  }

  live(entry: HistoryEntry): void {
    if (this.#older === undefined && !this.#isCatchingUp) this.#take(entry);
    else if (this.#held.length < MAX_PUT) this.#held.push(entry);
  }

  page(entries: readonly HistoryEntry[], _first: number | undefined, more: boolean): void {
    if (this.#older !== undefined) this.#takeOlder(this.#older, entries, more);
    else if (this.#isCatchingUp) this.#takeMissed(entries, more);
  }

  #takeOlder(older: readonly HistoryEntry[], entries: readonly HistoryEntry[], more: boolean): void {
    const all = [...entries, ...older];
    const [first] = all;
    if (more && entries.length > 0 && first !== undefined && all.length < this.#limit) {
      this.#older = all;
      this.#wish = { before: first.seq, limit: Math.min(this.#limit - all.length, MAX_HISTORY_PAGE) };
      return;
    }
    this.#older = undefined;
    if (first !== undefined) this.#from = seqAt(first.seq - 1);
    for (const entry of all) this.#take(entry);
    this.#release();
  }

  #takeMissed(entries: readonly HistoryEntry[], more: boolean): void {
    for (const entry of entries) this.#take(entry);
    const last = entries.at(-1);
    if (more && last !== undefined) {
      this.#wish = { since: last.seq };
      return;
    }
    this.#isCatchingUp = false;
    this.#release();
  }

  #release(): void {
    for (const entry of this.#held.splice(0)) this.#take(entry);
  }

  #take(entry: HistoryEntry): void {
    if (this.#wasPut.has(entry.seq)) return;
    this.#wasPut.add(entry.seq);
    const [oldest] = this.#wasPut;
    if (this.#wasPut.size > MAX_PUT && oldest !== undefined) this.#wasPut.delete(oldest);
    this.#put(entry);
  }
}
