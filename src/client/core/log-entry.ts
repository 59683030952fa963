/** What a tab's log is made of. */
import type { ClientId, Seq, UnixMs, UserName } from '../../base/ids.ts';
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
      /**
       * Grows with the position in the log; an entry keeps its key for life, but where `insert` says otherwise. May be
       * negative (older pages), and between two whole numbers (late messages).
       */
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
      /** It tells of these, and may come to tell of more. */
      readonly late?: Late;
    };

/** Messages that came when others had been said after them, and stand among those. */
export interface Late {
  readonly count: number;
  /** Whose they are, each once, in the order in which they came; no more than are named. */
  readonly from: readonly UserName[];
  /** The earliest and the latest time at which one of them was said. */
  readonly first: UnixMs;
  readonly last: UnixMs;
}

export type MessageEntry = Extract<LogEntry, { kind: 'message' }>;
