/**
 * What the clients of a crash test have said, heard and shown, each in the order in which it noted it; and what is stored
 * at the end. Nothing here knows of sockets or processes, so the checker can be fed by hand.
 */
import type { HistoryEntry, ServerMessages } from '../../src/protocol/server-messages.ts';

export interface Reaction {
  readonly emoji: string;
  readonly users: readonly string[];
}

/** What somebody wants to become of a message. */
export type Wish =
  | { readonly kind: 'edit'; readonly text: string }
  | { readonly kind: 'delete' }
  | { readonly kind: 'react'; readonly emoji: string; readonly on: boolean };

/** A message as it is now, in whatever form it was seen. */
export interface Entry {
  readonly seq: number;
  readonly from: string;
  readonly text: string;
  readonly id?: string;
  readonly deleted?: boolean;
  readonly reactions?: readonly Reaction[];
  /** The number of its newest change; 0: none. */
  readonly rev: number;
}

/** Of a `changed`: only what has changed is there. */
export interface Changed {
  readonly room: string;
  readonly seq: number;
  readonly rev: number;
  readonly text?: string;
  readonly deleted?: boolean;
  readonly reactions?: readonly Reaction[];
}

type What =
  /** It will be said, and again until it is acknowledged: the promise is about this. */
  | { readonly kind: 'asked'; readonly id: string; readonly room: string; readonly text: string }
  /** The server's `ack`. */
  | { readonly kind: 'acked'; readonly id: string; readonly room: string; readonly seq: number }
  /** The server won't have it, ever; the person was told. */
  | { readonly kind: 'refused'; readonly id: string }
  /** A new connection: where the room ends, and how many changes it has had. */
  | { readonly kind: 'began'; readonly room: string; readonly last: number; readonly rev: number }
  /** A `message`, as it came. */
  | { readonly kind: 'heard'; readonly room: string; readonly entry: Entry }
  /** A page of history. */
  | { readonly kind: 'read'; readonly room: string; readonly entries: readonly Entry[] }
  /** A change is asked for, and again until it is answered. */
  | {
      readonly kind: 'wished';
      readonly id: string;
      readonly room: string;
      readonly seq: number;
      readonly wish: Wish;
    }
  /** A `changed`; `id`: the answer to a wish of ours. */
  | { readonly kind: 'changed'; readonly id?: string; readonly change: Changed }
  /** The client shows its own message as sent. */
  | { readonly kind: 'claimed'; readonly id: string }
  /** A message came onto the screen, below all others of its room; `anew`: the log before it was thrown away. */
  | { readonly kind: 'shown'; readonly room: string; readonly entry: Entry; readonly anew: boolean }
  | {
      readonly kind: 'mailAsked';
      readonly id: string;
      readonly to: string;
      readonly device: string;
      readonly body: string;
    }
  /** The server's `mailed`. */
  | { readonly kind: 'mailed'; readonly id: string }
  /** Mail that came to a device. */
  | { readonly kind: 'delivered'; readonly device: string; readonly mail: Mail };

export type Observation = What & {
  readonly who: string;
  /** The name that the server gave, which stands on what they write. */
  readonly as: string;
  /** Which connection of theirs: 1, 2, 3 … */
  readonly session: number;
};

export interface Mail {
  readonly n: number;
  readonly id: string;
  readonly from: string;
  readonly body: string;
}

export interface StoredRoom {
  readonly last: number;
  readonly rev: number;
  /** By their places. */
  readonly entries: readonly Entry[];
}

/** What is there at the end. */
export interface Stored {
  readonly rooms: ReadonlyMap<string, StoredRoom>;
  /** By the device that it is for. */
  readonly mail: ReadonlyMap<string, readonly Mail[]>;
}

/** What a client holds of a room at the end: a piece of it, in its order. */
export interface Screen {
  readonly who: string;
  readonly room: string;
  readonly entries: readonly Entry[];
  /** Its messages that are still on their way. */
  readonly unsent: number;
  /** It has all that there is up to the end: `entries` must end there. */
  readonly whole: boolean;
}

/** Each kind of thing that must never happen. */
export type ViolationKind =
  | 'acknowledged and missing'
  | 'shown and missing'
  | 'doubled'
  | 'two orders'
  | 'reordered'
  | 'text changed'
  | 'gap'
  | 'unacknowledged shown as sent'
  | 'change undone'
  | 'dropped silently'
  | 'invented'
  | 'mail lost'
  | 'mail doubled';

export interface Violation {
  readonly kind: ViolationKind;
  readonly text: string;
}

/** As a client or the server has it. */
export const entryOf = (entry: Omit<HistoryEntry, 'time' | 'edited' | 'rev'> & { rev?: number | undefined }): Entry => {
  const { seq, from, text, id, deleted, reactions, rev } = entry;
  return {
    seq,
    from,
    text,
    rev: rev ?? 0,
    ...(id === undefined ? {} : { id }),
    ...(deleted === true ? { deleted } : {}),
    ...(reactions === undefined ? {} : { reactions }),
  };
};

/** Without who has done it, and when. */
export function changeOf({ room, seq, rev, text, deleted, reactions }: ServerMessages['changed']): Changed {
  return {
    room,
    seq,
    rev,
    ...(text === undefined ? {} : { text }),
    ...(deleted === undefined ? {} : { deleted }),
    ...(reactions === undefined ? {} : { reactions }),
  };
}
