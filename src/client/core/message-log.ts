/** One tab's lines as the client holds them: a contiguous piece of the server's history, with local lines between. */
import { NO_SEQ, ownPlace, type Seq, seqAfter, type UnixMs, type UserName } from '../../base/ids.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';
import type { Changeable, Late, LogEntry, MessageEntry } from './log-entry.ts';

export type { Changeable, Late, LogEntry, MessageEntry, Reactions } from './log-entry.ts';

/** Whether there are older messages on the server than the oldest here. */
export type OlderState = 'unknown' | 'loading' | 'more' | 'none';

/** Entries held per room; beyond it the oldest are dropped while the pane stands at its end: they can be paged in again. */
export const MAX_LOG_ENTRIES = 5000;
/** Entries held while somebody reads back, so that what they read stays; beyond it the oldest go all the same. */
export const MAX_LOG_ENTRIES_READING = 20_000;
/**
 * Before the first message of a person's tab that comes while this program runs: in front of it there is room for the
 * places that the log on this device gives, which count from 0.
 */
export const OWN_PLACES_FROM: Seq = ownPlace(1_000_000_000);

/** Entries from the end among which a line that tells of late messages goes on with the next ones. */
const LATE_FROM = 20;
/** Milliseconds by which an author's clock may be behind ours: so old, and it still is news of now. */
const SKEW_MS = 60_000;
/** How near to its neighbour an entry is put that may have many more beside it: a part of the gap. */
const RUN_SHARE = 1 / 256;

/**
 * Knows nothing of requests: what arrives out of turn is kept aside by `backfill.ts`. The seqs of its messages ascend, and
 * everything the server has between `first` and `last` is here.
 */
export class MessageLog {
  older: OlderState = 'unknown';
  /** How often it has begun anew: what had a place before is another message there now. */
  resets = 0;
  readonly #entries: LogEntry[] = [];
  readonly #before: Seq;
  #first: Seq;
  #last: Seq;
  #nextKey = 0;
  #lowestKey = 0;
  /** Of the message that was inserted last: the next one of a row goes beside it. */
  #insertedKey: number | undefined;
  #version = 0;

  /** @param before the place in front of the first message. */
  constructor(before: Seq) {
    this.#before = before;
    this.#first = seqAfter(before);
    this.#last = before;
  }

  /** Another one after every change of `entries`. */
  get version(): number {
    return this.#version;
  }

  /** In order; `entries[i].key` ascends. */
  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** Seq of the newest message that is here or was dropped after it was here; 0 before the first. */
  get last(): Seq {
    return this.#last;
  }

  /** Seq of the oldest message here; where there is none, the one after `last`. */
  get first(): Seq {
    return this.#first;
  }

  /** The message at a place, where it is here. */
  find(seq: Seq): MessageEntry | undefined {
    const entry = this.#entries[this.#indexOf(seq)];
    return entry?.kind === 'message' ? entry : undefined;
  }

  /** A message becomes another: its entry is replaced, in its place. @returns false for one that isn't here. */
  change(seq: Seq, now: Changeable): boolean {
    const index = this.#indexOf(seq);
    const entry = this.#entries[index];
    if (entry?.kind !== 'message') return false;
    this.#version++;
    const { kind, key, from, time, id, re } = entry;
    const { text, edited, deleted, deletedBy, reactions, rev } = now;
    const changed = { text, edited, deleted, deletedBy, reactions, rev };
    this.#entries[index] = { kind, key, ...fields({ seq, from, time, id, re, ...changed }) };
    return true;
  }

  /** Where a message stands among the entries; -1 for one that isn't here. */
  #indexOf(seq: Seq): number {
    let low = 0;
    let high = this.#entries.length - 1;
    while (low <= high) {
      let at = (low + high) >>> 1;
      // Lines between two messages are passed over.
      while (at < high && this.#entries[at]?.kind !== 'message') at++;
      const entry = this.#entries[at];
      if (entry?.kind === 'message' && entry.seq === seq) return at;
      if (entry?.kind === 'message' && entry.seq < seq) low = at + 1;
      else high = ((low + high) >>> 1) - 1;
    }
    return -1;
  }

  /** The message that comes next in the room. @returns false for one that is here already, which changes nothing. */
  append(message: Fields): boolean {
    if (message.seq <= this.#last) return false;
    this.#push({ kind: 'message', key: this.#nextKey++, ...fields(message) });
    // The log is empty of messages: this one is the oldest, wherever in the room it stands.
    if (this.#first > this.#last) this.#first = message.seq;
    this.#last = message.seq;
    return true;
  }

  /**
   * A message whose place may be anywhere: between two that are here, too, or where another one stands, which is no longer
   * there. Where what is older isn't here yet, it comes with that. @returns undefined for one that is here already, or is to
   * come with older ones; that changes nothing.
   */
  insert(message: Fields): Inserted | undefined {
    const isNewest = message.seq > this.#last;
    if (isNewest && !this.#isOlderThanLines(message)) return this.append(message) ? { moved: undefined } : undefined;
    if (message.seq < this.#first && this.older !== 'none') return undefined;
    const held = isNewest ? -1 : this.#indexOf(message.seq);
    if (held >= 0) return this.#replace(held, message);
    const index = this.#placeFor(message);
    const moved = this.#hasRoomAt(index) ? undefined : this.#spread();
    const key = this.#keyAt(index);
    this.#version++;
    this.#insertedKey = key;
    this.#entries.splice(index, 0, { kind: 'message', key, ...fields(message) });
    if (message.seq < this.#first || this.#first > this.#last) this.#first = message.seq;
    if (isNewest) this.#last = message.seq;
    return { moved };
  }

  #replace(index: number, message: Fields): Inserted | undefined {
    const held = this.#entries[index];
    if (held?.kind !== 'message' || isSame(held, message)) return undefined;
    this.#version++;
    this.#entries[index] = { kind: 'message', key: held.key, ...fields(message) };
    return { moved: undefined };
  }

  /** A message has another place from now on: it is no longer where it was. Its time stays. @returns where that was. */
  withdraw(message: Fields): Seq | undefined {
    for (let i = this.#entries.length - 1; i >= 0 && message.id !== undefined; i--) {
      const entry = this.#entries[i];
      if (entry?.kind !== 'message' || entry.time > message.time) continue;
      if (entry.time < message.time) break;
      if (!isSame(entry, message) || entry.seq === message.seq) continue;
      this.#version++;
      this.#entries.splice(i, 1);
      return entry.seq;
    }
    return undefined;
  }

  /** What answered the message at one place answers it at another. */
  moveAnswers(from: Seq, to: Seq): void {
    for (const [index, entry] of this.#entries.entries()) {
      if (entry.kind !== 'message' || entry.re !== from) continue;
      this.#version++;
      this.#entries[index] = { ...entry, re: to };
    }
  }

  /** How many messages stand after a place, up to and without another one; counted up to `enough`. */
  countBetween(after: Seq, end: Seq | undefined, enough: number): number {
    let count = 0;
    for (let i = this.#entries.length - 1; i >= 0 && count < enough; i--) {
      const entry = this.#entries[i];
      if (entry?.kind !== 'message' || (end !== undefined && entry.seq >= end)) continue;
      if (entry.seq <= after) break;
      count++;
    }
    return count;
  }

  /** Lines of our own at the end are of a later time: it was said before we came, and has come after that. */
  #isOlderThanLines({ time }: Fields): boolean {
    const line = this.#entries.at(-1);
    return line !== undefined && line.kind !== 'message' && line.time > time + SKEW_MS;
  }

  /** Behind the message before it, and those lines of our own that are older than it. */
  #placeFor({ seq, time }: Fields): number {
    let index = this.#entries.length;
    for (; index > 0; index--) {
      const before = this.#entries[index - 1];
      if (before?.kind === 'message' && before.seq < seq) break;
    }
    for (; index < this.#entries.length; index++) {
      const line = this.#entries[index];
      if (line === undefined || line.kind === 'message' || line.time > time) break;
    }
    return index;
  }

  /** Whether there is a number between the keys of the entries before and after an index. */
  #hasRoomAt(index: number): boolean {
    const before = this.#entries[index - 1]?.key;
    const after = this.#entries[index]?.key;
    if (before === undefined || after === undefined) return true;
    const key = this.#between(before, after);
    return before < key && key < after;
  }

  #keyAt(index: number): number {
    const before = this.#entries[index - 1]?.key;
    const after = this.#entries[index]?.key;
    if (after === undefined) return this.#nextKey++;
    if (before === undefined) {
      this.#lowestKey = Math.min(this.#lowestKey, after) - 1;
      return this.#lowestKey;
    }
    return this.#between(before, after);
  }

  /** Late messages mostly come in a row, one behind the other: so the gap is not halved with each of them. */
  #between(before: number, after: number): number {
    const share = before === this.#insertedKey ? RUN_SHARE : after === this.#insertedKey ? 1 - RUN_SHARE : 1 / 2;
    return before + (after - before) * share;
  }

  /** Numbers between two keys have come to an end: all entries get others. The newest keeps its own. */
  #spread(): ReadonlyMap<number, number> {
    const moved = new Map<number, number>();
    const newest = this.#entries.at(-1)?.key ?? 0;
    for (const [index, entry] of this.#entries.entries()) {
      const key = newest - (this.#entries.length - 1 - index);
      moved.set(entry.key, key);
      this.#entries[index] = { ...entry, key };
    }
    this.#lowestKey = Math.min(this.#lowestKey, this.#entries[0]?.key ?? 0);
    this.#insertedKey = undefined;
    return moved;
  }

  /** What stood after the last message here, up to and with a place, is nowhere any more: what comes next follows on. */
  skip(seq: Seq): void {
    if (seq <= this.#last) return;
    const isEmpty = this.#first > this.#last;
    this.#last = seq;
    if (isEmpty) this.#first = seqAfter(seq);
  }

  /** A page that stands before everything here. @returns how many of it were new. */
  prepend(messages: readonly Fields[]): number {
    const older = messages.filter((message) => message.seq < this.#first);
    const oldest = older[0];
    if (oldest === undefined) return 0;
    this.#version++;
    this.#lowestKey -= older.length;
    this.#entries.unshift(
      ...older.map((message, i): LogEntry => ({ kind: 'message', key: this.#lowestKey + i, ...fields(message) })),
    );
    this.#first = oldest.seq;
    return older.length;
  }

  /** Messages up to and with a place are left out: a page that has them in their order comes instead. */
  dropUpTo(seq: Seq): void {
    this.#version++;
    const stay = this.#entries.filter((entry) => entry.kind !== 'message' || entry.seq > seq);
    this.#entries.splice(0, this.#entries.length, ...stay);
    const oldest = stay.find((entry) => entry.kind === 'message');
    this.#first = oldest?.kind === 'message' ? oldest.seq : seqAfter(this.#last);
  }

  /** The newest page of a room whose messages are not known yet; local lines that are here already stay below it. */
  open(messages: readonly HistoryEntry[]): void {
    const newest = messages.at(-1);
    if (newest === undefined) return;
    this.#first = seqAfter(newest.seq);
    this.#last = newest.seq;
    this.prepend(messages);
  }

  event(time: UnixMs, sign: '+' | '-' | '*', user: UserName, text: string): void {
    this.#push({ kind: 'event', key: this.#nextKey++, time, sign, user, text });
  }

  notice(time: UnixMs, text: string, bad: boolean): void {
    this.#push({ kind: 'notice', key: this.#nextKey++, time, text, bad });
  }

  /** One line for late messages. @param since one that is no older than this goes on with them, at the end. */
  late(time: UnixMs, since: UnixMs, late: (known: Late | undefined) => { readonly late: Late; readonly text: string }) {
    const { length } = this.#entries;
    const isKnown = (entry: LogEntry): boolean =>
      entry.kind === 'notice' && entry.late !== undefined && entry.time >= since;
    const at = this.#entries.findLastIndex((entry, index) => index >= length - LATE_FROM && isKnown(entry));
    const [known] = at < 0 ? [] : this.#entries.splice(at, 1);
    const told = late(known?.kind === 'notice' ? known.late : undefined);
    this.#push({ kind: 'notice', key: this.#nextKey++, time, text: told.text, bad: false, late: told.late });
  }

  announcement(time: UnixMs, said: UnixMs, from: UserName, text: string): void {
    this.#push({ kind: 'announcement', key: this.#nextKey++, time, said, from, text });
  }

  #push(entry: LogEntry): void {
    this.#version++;
    this.#entries.push(entry);
  }

  /** Drops what is shown, and still knows its place: newer messages follow on, older ones can be paged in. */
  clear(): void {
    this.#version++;
    this.#entries.length = 0;
    this.#first = seqAfter(this.#last);
    if (this.#last > this.#before && this.older !== 'unknown') this.older = 'more';
  }

  /**
   * As new: the place is forgotten too. Announcements stay: nothing would bring them back.
   * @param notices whether words of our own stay, too.
   */
  reset(notices = false): void {
    this.resets++;
    this.#version++;
    const stay = this.#entries.filter(({ kind }) => kind === 'announcement' || (notices && kind === 'notice'));
    this.#entries.splice(0, this.#entries.length, ...stay);
    this.#first = seqAfter(this.#before);
    this.#last = this.#before;
    this.older = 'unknown';
  }

  /** The oldest `count` entries as a log of its own. Entries and their keys are the same, so a place in one is a place in the other. */
  oldest(count: number): MessageLog {
    const piece = new MessageLog(this.#before);
    piece.#entries.push(...this.#entries.slice(0, count));
    piece.#first = this.#first;
    piece.#last = piece.#newestSeq();
    piece.#nextKey = (piece.#entries.at(-1)?.key ?? -1) + 1;
    piece.#lowestKey = this.#lowestKey;
    piece.older = this.older;
    return piece;
  }

  /** Of what is here; where there is nothing, the place before the first. */
  #newestSeq(): Seq {
    const newest = this.#entries.findLast((entry) => entry.kind === 'message');
    return newest?.kind === 'message' ? newest.seq : this.#before;
  }

  /** Drops the newest entries beyond `limit`: the log ends before them, and they can be appended again. @returns whether there were any. */
  trimNewest(limit: number): boolean {
    if (this.#entries.length <= limit) return false;
    this.#version++;
    this.#entries.length = limit;
    this.#last = this.#newestSeq();
    this.#nextKey = (this.#entries.at(-1)?.key ?? -1) + 1;
    return true;
  }

  /** Drops the oldest entries beyond `limit`. */
  trim(limit: number): void {
    const excess = this.#entries.length - limit;
    if (excess <= 0) return;
    this.#version++;
    const dropped = this.#entries.splice(0, excess);
    if (!dropped.some((entry) => entry.kind === 'message')) return;
    const oldest = this.#entries.find((entry) => entry.kind === 'message');
    this.#first = oldest?.kind === 'message' ? oldest.seq : seqAfter(this.#last);
    // A page that is under way no longer fits to what is here; whoever asked for it compares `first`.
    if (this.older !== 'loading') this.older = 'more';
  }
}

/** What `insert` has done. `moved`: entries that were there have other keys now, by those that they had. */
export interface Inserted {
  readonly moved: ReadonlyMap<number, number> | undefined;
}

/** A window over what is older than the log, while one reads there. The screen is never at its end. */
export interface Far {
  readonly log: MessageLog;
  /** Whether there is something newer than its last message that it doesn't hold; `none`: its end is all there is. */
  newer: 'more' | 'loading' | 'none';
}

export const createLog = (before: Seq = NO_SEQ): MessageLog => new MessageLog(before);

type Fields = Omit<MessageEntry, 'kind' | 'key'>;

/** Whether it is one message, wherever it stands: ids are their authors' own. */
export const isSame = (a: Pick<Fields, 'from' | 'id'>, b: Pick<Fields, 'from' | 'id'>): boolean =>
  a.from === b.from && a.id === b.id;

/** Only what is there has a field: most messages are never changed, and there are thousands of them. */
function fields({ seq, from, text, time, id, re, edited, deleted, deletedBy, reactions, rev }: Fields): Fields {
  return {
    seq,
    from,
    text,
    time,
    ...(id === undefined ? {} : { id }),
    ...(re === undefined ? {} : { re }),
    ...(edited === undefined ? {} : { edited }),
    ...(deleted === undefined ? {} : { deleted }),
    ...(deletedBy === undefined ? {} : { deletedBy }),
    ...(reactions === undefined || reactions.length === 0 ? {} : { reactions }),
    ...(rev === undefined ? {} : { rev }),
  };
}
