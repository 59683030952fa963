/** One tab's lines as the client holds them: a contiguous piece of the server's history, with local lines between. */
import { type ClientId, NO_SEQ, ownPlace, type Seq, seqAfter, type UnixMs, type UserName } from '../../base/ids.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';

/** Who has reacted with what. */
export type Reactions = NonNullable<HistoryEntry['reactions']>;

/** What of a message can become another after it was said. */
export interface Changeable {
  /** Empty where it was deleted. */
  readonly text: string;
  /** When its text was last edited. */
  readonly edited?: UnixMs | undefined;
  readonly deleted?: true | undefined;
  /** Who deleted it, where we have heard of it. */
  readonly deletedBy?: UserName | undefined;
  /** Never an empty list. */
  readonly reactions?: Reactions | undefined;
  /** In a room: the number of its newest change. */
  readonly rev?: number | undefined;
}

export type LogEntry =
  | (Changeable & {
      readonly kind: 'message';
      /** Grows with the position in the log; an entry keeps its key for life. May be negative (older pages). */
      readonly key: number;
      readonly seq: Seq;
      readonly from: UserName;
      readonly time: UnixMs;
      readonly id?: ClientId | undefined;
      /** The place of the message that it answers. */
      readonly re?: Seq | undefined;
    })
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

export type MessageEntry = Extract<LogEntry, { kind: 'message' }>;

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
  /** How often it has begun anew: what had a place before is another message there now. */
  resets = 0;
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

/** A window over what is older than the log, while one reads there. The screen is never at its end. */
export interface Far {
  readonly log: MessageLog;
  /** Whether there is something newer than its last message that it doesn't hold; `none`: its end is all there is. */
  newer: 'more' | 'loading' | 'none';
}

export const createLog = (before: Seq = NO_SEQ): MessageLog => new MessageLog(before);

type Fields = Omit<MessageEntry, 'kind' | 'key'>;

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
