/**
 * What the two threads say to each other: one message for a batch of calls, one back.
 *
 * Appends are most of the traffic, so a run of them is a few flat lists instead of an object each: to clone that costs
 * the main thread a third of what objects cost (measured: 0.09 against 0.25 microseconds an append).
 */
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../../../base/ids.ts';
import type { Account, Durability, HistoryPage, Page, Placed, RoomRecord, StoreErrorCode } from '../store.ts';

/** Consecutive appends; the lists are as long as each other. */
export interface AppendRun {
  readonly kind: 'appends';
  readonly rooms: RoomName[];
  readonly authors: UserName[];
  readonly texts: string[];
  readonly times: UnixMs[];
  readonly ids: (ClientId | null)[];
}

export type ReadStep =
  | {
      readonly kind: 'history';
      readonly room: RoomName;
      readonly page: Page;
      readonly limit: number;
      readonly maxBytes: number;
    }
  | { readonly kind: 'rooms' }
  | { readonly kind: 'memberships' }
  | { readonly kind: 'accounts' };

export type WriteStep =
  | AppendRun
  | { readonly kind: 'createRoom'; readonly room: RoomName; readonly time: UnixMs }
  | {
      readonly kind: 'setTopic';
      readonly room: RoomName;
      readonly topic: string;
      readonly by: UserName;
      readonly time: UnixMs;
    }
  | { readonly kind: 'addMember'; readonly room: RoomName; readonly user: UserName; readonly time: UnixMs }
  | { readonly kind: 'removeMember'; readonly room: RoomName; readonly user: UserName }
  | { readonly kind: 'saveAccount'; readonly account: Account };

/** One call, or a run of appends. */
export type Step = ReadStep | WriteStep;

export interface Membership {
  readonly room: RoomName;
  readonly user: UserName;
}

/** What came of a step. */
export type Answer =
  | {
      readonly kind: 'appends';
      /** One for each append; 0 for those that are in `others`. */
      readonly seqs: (Seq | 0)[];
      /** The few that didn't get a new place in the room they asked for. `at` is the index in the run. */
      readonly others: { readonly at: number; readonly came: Placed | Refusal }[];
    }
  | { readonly kind: 'done' }
  | { readonly kind: 'history'; readonly page: HistoryPage }
  | { readonly kind: 'rooms'; readonly rooms: readonly RoomRecord[] }
  | { readonly kind: 'memberships'; readonly memberships: readonly Membership[] }
  | { readonly kind: 'accounts'; readonly accounts: readonly Account[] }
  | Refusal;

/** A `StoreError` on its way between threads. Of a run of appends, all of it is refused. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: StoreErrorCode;
  readonly text: string;
}

export type ToWorker =
  /** The first, once; answered by `opened` or a refusal, with which the worker ends. */
  | { readonly kind: 'open'; readonly folder: string; readonly durability: Durability }
  /** Answered by `batch`. */
  | { readonly kind: 'batch'; readonly steps: readonly Step[] }
  /** The last: the worker ends, which is the answer. */
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'opened' }
  | Refusal
  | { readonly kind: 'batch'; readonly answers: readonly Answer[] };
