/**
 * What must last. Implementations: SQLite (`sqlite/`); each runs `test/server/store/conformance.ts`.
 *
 * Every promise rejects with a `StoreError` when the store can't do it; then nothing of that call is stored. (Where the
 * store itself broke down, a call that was under way may have been: to send again with the same id is safe.) Calls are
 * done in the order they were made, whatever they are; each sees those before it.
 */
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../../base/ids.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';

/** A message on its way into its room. */
export interface NewMessage {
  readonly room: RoomName;
  readonly from: UserName;
  readonly text: string;
  readonly time: UnixMs;
  /** With an id, a second append by the same author returns the first one's place and stores nothing. */
  readonly id?: ClientId;
}

/** Where a message stands. `fresh: false`: its id was known, and `room`, `seq` and `time` are the first one's. */
export interface Placed {
  readonly room: RoomName;
  readonly seq: Seq;
  readonly time: UnixMs;
  readonly fresh: boolean;
}

export interface RoomRecord {
  readonly name: RoomName;
  readonly topic: string;
  /** Seq of the newest message; 0 in an empty room. */
  readonly last: Seq;
}

/** A person who isn't a guest. */
export interface Account {
  readonly name: UserName;
  /** The Unix user id that the kernel vouched for. */
  readonly uid: number;
  readonly lastSeen: UnixMs;
}

/** Which page: the newest, those just before a place, or those just after it. */
export type Page =
  | { readonly kind: 'newest' }
  | { readonly kind: 'before'; readonly seq: Seq }
  | { readonly kind: 'since'; readonly seq: Seq };

export interface HistoryPage {
  /** In the room's order. */
  readonly messages: readonly HistoryEntry[];
  /** There is more in the direction asked for (`newest` counts as backwards). */
  readonly more: boolean;
}

export interface Store {
  /**
   * Resolves when the message is durable, in the order of the calls for one room: the promise of an earlier call settles
   * first. Calls are committed in groups. A room that isn't there is `failed`, and fails nobody else.
   */
  append(message: NewMessage): Promise<Placed>;
  /** At most `limit` messages and at most `maxBytes` of their JSON (at least one message, if there is one). Of no room: empty. */
  history(room: RoomName, page: Page, limit: number, maxBytes: number): Promise<HistoryPage>;
  /** All rooms. `#lobby` always exists. */
  rooms(): Promise<readonly RoomRecord[]>;
  /** A room that exists stays as it is. */
  createRoom(room: RoomName, time: UnixMs): Promise<void>;
  /** A room that isn't there is `failed`; so it is for `addMember`. */
  setTopic(room: RoomName, topic: string, by: UserName, time: UnixMs): Promise<void>;
  /** Which accounts are members of which rooms, `#lobby` left out. */
  memberships(): Promise<readonly { readonly room: RoomName; readonly user: UserName }[]>;
  addMember(room: RoomName, user: UserName, time: UnixMs): Promise<void>;
  removeMember(room: RoomName, user: UserName): Promise<void>;
  accounts(): Promise<readonly Account[]>;
  /**
   * Adds the account, or moves its name and `lastSeen`. The Unix user id is what identifies it: renamed, it keeps its
   * memberships; and an account that had the name before is one no more, its memberships gone.
   */
  saveAccount(account: Account): Promise<void>;
  /** Finishes what was asked for, then closes. */
  close(): Promise<void>;
}

/** `full` survives a power cut; `process` survives `kill -9` only. */
export type Durability = 'full' | 'process';

/** Stable codes: `disk_full`, `read_only`, `in_use` (another server), `newer_data`, `damaged`, `failed` (all else). */
export type StoreErrorCode = 'disk_full' | 'read_only' | 'in_use' | 'newer_data' | 'damaged' | 'failed';

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}
