/** Messages that the server has removed because they are kept no longer: nothing waits for them, and it is said where they stood. */
import { NO_SEQ, ownPlace, type Seq, seqAfter } from '../../base/ids.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';
import type { Env } from './event.ts';
import { roomOf } from './lookup.ts';
import type { RoomTab, State, Tab } from './state.ts';

export const NO_LONGER_KEPT = 'older messages are no longer kept';

/** Why nothing comes before what is here; a place follows. */
export const nothingOlder = (tab: Tab): string =>
  tab.kind === 'room' && !tab.sparse && tab.log.first > 1 ? NO_LONGER_KEPT : 'there is nothing older';

/** A page says where the room begins; left out, that is with its first message. */
export function knowFirst(tab: RoomTab, first: Seq = seqAfter(NO_SEQ)): void {
  tab.first = first;
  // What is unread and was never here begins with what is left.
  if (tab.unreadFrom !== undefined && tab.unreadFrom < tab.log.first && tab.unreadFrom < tab.first)
    tab.unreadFrom = tab.first;
}

/** The first place after one at which there can be something. */
export const nextKept = ({ first }: RoomTab, after: Seq): Seq => {
  const next = seqAfter(after);
  return first > next ? first : next;
};

/** A page is about to follow the log's end: between them there may be messages that are gone. */
export function passGone(state: State, env: Env, tab: RoomTab, messages: readonly HistoryEntry[]): void {
  const { log } = tab;
  const { target } = roomOf(state, tab.room);
  // A server that says more than that says nonsense: what comes live would be taken for old.
  const end = Math.min(tab.first - 1, target);
  if (end <= log.last) return;
  const isBegun = log.first <= log.last;
  const next = messages.find(({ seq }) => seq > log.last);
  // Of the same time as what it stands above, so that no day is told twice.
  if (isBegun) log.notice(next?.time ?? env.now, NO_LONGER_KEPT, false);
  log.skip(ownPlace(end));
}
