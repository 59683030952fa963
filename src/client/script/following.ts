import type { Seq } from '../../base/ids.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';

/** Which page of history. */
export interface PageWish {
  readonly since?: Seq;
  readonly before?: Seq;
  readonly limit?: number;
}

/** What of a room was put, and what is to be asked for. */
export interface Following {
  /**
   * A connection begins, on which the newest message of the room has this place.
   * @returns whether the room has less than was put.
   */
  begin(newest: Seq): boolean;
  /** What to ask for now; undefined: nothing, or it is under way. */
  wish(): PageWish | undefined;
  /** One that was said just now. */
  live(entry: HistoryEntry): void;
  /** What was asked for. @param first where the room begins. @param more whether there is more in the same direction. */
  page(entries: readonly HistoryEntry[], first: number | undefined, more: boolean): void;
  /** What was asked for is not given now. */
  refused(): void;
}
