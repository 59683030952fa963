/** How far each room has been read: kept, so that the unread line stands there at the next start, too. */
import { NO_SEQ, ownPlace, type RoomName, type Seq } from '../../base/ids.ts';
import { MAX_ROOMS_OF_USER } from '../../protocol/server-messages.ts';
import { nextKept } from './gone.ts';
import { roomOf, roomTabs } from './lookup.ts';
import { keep } from './memory.ts';
import type { RoomTab, State } from './state.ts';

/** The place of the last message that was seen here; undefined: nobody has ever looked. */
const seenOf = ({ memory }: State, room: RoomName): Seq | undefined =>
  memory.seen?.find((one) => one.room === room)?.seq;

/** Where one has read to: the end, or up to what is unread. */
function readTo(state: State, { room, unreadFrom, unread, inner, log }: RoomTab): Seq | undefined {
  // Nothing has come of it on this connection.
  if (!roomOf(state, room).opened) return seenOf(state, room);
  const isUnread = unreadFrom !== undefined && (unread > 0 || inner.line !== 'seen');
  if (isUnread) return unreadFrom > NO_SEQ ? ownPlace(unreadFrom - 1) : NO_SEQ;
  return log.last;
}

/**
 * Notes it in the memory: when one leaves, and now and then, since each note is written to the disk. Of rooms without a
 * tab what was noted stays: a room that one joins again later has been read as far as that.
 */
export function noteSeen(state: State): void {
  // Which rooms there are, nobody knows yet.
  if (state.self === undefined) return;
  const seen = roomTabs(state).flatMap((tab) => {
    const seq = readTo(state, tab);
    return seq === undefined ? [] : [{ room: tab.room, seq }];
  });
  const others = state.memory.seen?.filter(({ room }) => !seen.some((one) => one.room === room)) ?? [];
  // What was noted last stays where there is too much.
  keep(state, { seen: [...others, ...seen].slice(-MAX_ROOMS_OF_USER) });
}

/** The room has begun anew on the server: places of its life before mean nothing. */
export function forgetSeen(state: State, room: RoomName): void {
  const { seen } = state.memory;
  if (seen !== undefined) keep(state, { seen: seen.filter((one) => one.room !== room) });
}

/**
 * The first page of a room has come, of which nothing was known in this program.
 * @returns the first place that is news; undefined: nothing is.
 */
export function firstNews(state: State, tab: RoomTab): Seq | undefined {
  const seen = seenOf(state, tab.room);
  return seen === undefined || seen >= tab.log.last ? undefined : nextKept(tab, seen);
}
