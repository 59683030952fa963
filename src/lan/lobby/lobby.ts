/**
 * The lobby: what was said to all on the network, the same for everybody who has heard the same. The interface;
 * `create-lobby.ts` makes one. Pure.
 *
 * Entries are signed by their author, so that anybody may pass them on. Each has a stamp, milliseconds of a hybrid logical
 * clock: at least the author's clock, and later than every stamp that the author had seen. So an answer never stands before
 * what it answers; and since entries are ordered by stamp, then key, then id, the order is a function of the set alone:
 * whoever holds the same entries shows them in the same order, however they came.
 */
import type { ClientId, DeviceId, RoomName, Seq, UnixMs, UserName } from '../../base/ids.ts';
import type { Result } from '../../base/result.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { FoundEntry, HistoryEntry, ServerMessages } from '../../protocol/server-messages.ts';
import type { SignedEntry } from '../mesh/frames.ts';

export interface LobbyPorts {
  readonly device: DeviceId;
  /** What we call ourselves; it is in what we sign. */
  readonly name: () => string;
  readonly now: () => UnixMs;
  /** 64 bytes, base64url, over the UTF-8 of `said` behind a domain separator. */
  readonly sign: (said: string) => string;
  readonly verify: (entry: SignedEntry) => boolean;
  /** SHA-256, 32 bytes. */
  readonly hash: (text: string) => Uint8Array;
  /** As whom our own programs know the author. */
  readonly userOf: (device: DeviceId, name: string) => UserName;
  /** The room's name to our own programs. */
  readonly room: RoomName;
}

/** What has become of the lobby, for our own programs, in order. */
export type LobbyNews =
  /**
   * `message.seq` may be before places that were told already. Ours, too: to the session that wrote it it is an `ack`. In the
   * rare case that `place.ts` tells of, it has a place that another was told at: it takes it, and the other is told anew.
   */
  | { readonly kind: 'message'; readonly message: ServerMessages['message']; readonly own: boolean }
  | { readonly kind: 'changed'; readonly changed: ServerMessages['changed'] };

export interface Taken {
  readonly news: readonly LobbyNews[];
  /** What is new here and good: to be stored. */
  readonly fresh: readonly SignedEntry[];
  /** What is no longer kept: to be deleted from the disk, by `keyOfEntry`. */
  readonly dropped: readonly string[];
}

export interface PageWish {
  readonly before?: Seq | undefined;
  readonly since?: Seq | undefined;
  readonly around?: Seq | undefined;
  readonly changes?: number | undefined;
  readonly limit?: number | undefined;
}

export type Refusal = { readonly code: ErrorCode; readonly text: string };

export interface Lobby {
  /** The place of the newest message; 0 where there is none. */
  readonly last: Seq;
  /** Changes so far, as our own programs count them. */
  readonly rev: number;
  /** base64url of 32 bytes: equal where two hold the same. */
  readonly digest: string;
  /** Whether another's digest says that they hold the same; `digest` itself may differ for as long as two clocks do. */
  agrees(digest: string): boolean;
  /** From the disk, once, before all else: not verified again. `dropped` is what need not be there any more. */
  load(stored: readonly SignedEntry[]): Taken;
  /** Under an id that is there already it does nothing: see `placeOf`. */
  say(words: { readonly id: ClientId; readonly text: string; readonly re?: Seq | undefined }): Result<Taken, Refusal>;
  /** This and the next two: what is so already changes nothing. Then `news` is one `changed` with an old `rev`, for whoever has asked. */
  edit(change: { readonly seq: Seq; readonly text: string }): Result<Taken, Refusal>;
  delete(change: { readonly seq: Seq }): Result<Taken, Refusal>;
  react(change: { readonly seq: Seq; readonly emoji: string; readonly on: boolean }): Result<Taken, Refusal>;
  /** From others. What is known, forged, or from too far in the future changes nothing. */
  take(entries: readonly SignedEntry[]): Taken;
  page(wish: PageWish): Omit<ServerMessages['history'], 'type' | 'id'> | Refusal;
  search(wish: {
    readonly words: string;
    readonly before?: string | undefined;
    readonly limit?: number | undefined;
  }): { readonly messages: readonly FoundEntry[]; readonly more: boolean; readonly before?: string } | Refusal;
  find(seq: Seq): HistoryEntry | undefined;
  /** Where our message of this id stands: it may be said again, and is there once. */
  placeOf(id: ClientId): { readonly seq: Seq; readonly time: UnixMs } | undefined;
  /** Our own or anybody's: as `held` frames say it, cut so that each fits a frame. */
  held(): readonly string[];
  /** What isn't among those, oldest first, in lists that fit a frame each. @param most bytes of all, more or less a frame. */
  missing(held: readonly string[], most?: number): readonly (readonly SignedEntry[])[];
  /** What is too old goes. An hour after the last time is soon enough. */
  tidy(): Taken;
}
