/** One tab's lines as the client holds them: a contiguous piece of the server's history, with local lines between. */
import { type ClientId, NO_SEQ, ownPlace, type Seq, seqAfter, type UnixMs, type UserName } from '../../base/ids.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';

export type LogEntry =
  | {
      readonly kind: 'message';
      /** Grows with the position in the log; an entry keeps its key for life. May be negative (older pages). */
      readonly key: number;
      readonly seq: Seq;
      readonly from: UserName;
      readonly text: string;
      readonly time: UnixMs;
      readonly id?: ClientId | undefined;
    }
  /** Somebody came, went, joined, left; neighbours may be folded into one line by the view. */
  | {
      readonly kind: 'event';
      readonly key: number;
      readonly time: UnixMs;
      readonly sign: '+' | '-' | '*';
      readonly user: UserName;
      /** `came`, `left`, `joined`, `logged off after 15 min away`. */
      readonly text: string;
    }
  /** An operator's words to everybody. */
  | {
      readonly kind: 'announcement';
      readonly key: number;
      /** When it came here. */
      readonly time: UnixMs;
      /** When it was said: earlier, where it waited for us. */
      readonly said: UnixMs;
      readonly from: UserName;
      readonly text: string;
    }
  /** Words of our own program: the answer of a command, an error. May have several lines. */
  | {
      readonly kind: 'notice';
      readonly key: number;
      readonly time: UnixMs;
      readonly text: string;
      readonly bad: boolean;
    };

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

/**
 * Knows nothing of requests: what arrives out of turn is kept aside by `backfill.ts`. The seqs of its messages ascend, and
 * everything the server has between `first` and `last` is here.
 */
export class MessageLog {
  older: OlderState = 'unknown';
  readonly #entries: LogEntry[] = [];
  readonly #before: Seq;
  #first: Seq;
  #last: Seq;
  #nextKey = 0;
  #lowestKey = 0;
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

  /** The message that comes next in the room. @returns false for one that is here already, which changes nothing. */
  append(message: HistoryEntry): boolean {
    if (message.seq <= this.#last) return false;
    this.#push({ kind: 'message', key: this.#nextKey++, ...fields(message) });
    // The log is empty of messages: this one is the oldest, wherever in the room it stands.
    if (this.#first > this.#last) this.#first = message.seq;
    this.#last = message.seq;
    return true;
  }

  /** A page that stands before everything here. @returns how many of it were new. */
  prepend(messages: readonly HistoryEntry[]): number {
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

  /** As new: the place is forgotten too. Announcements stay: nothing would bring them back. */
  reset(): void {
    this.#version++;
    const stay = this.#entries.filter(({ kind }) => kind === 'announcement');
    this.#entries.splice(0, this.#entries.length, ...stay);
    this.#first = seqAfter(this.#before);
    this.#last = this.#before;
    this.older = 'unknown';
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

export const createLog = (before: Seq = NO_SEQ): MessageLog => new MessageLog(before);

function fields({ seq, from, text, time, id }: HistoryEntry): {
  seq: Seq;
  from: UserName;
  text: string;
  time: UnixMs;
  id?: ClientId;
} {
  return id === undefined ? { seq, from, text, time } : { seq, from, text, time, id };
}
