/**
 * Whether a room is still the one that we know. A server whose newest messages were lost (its log was cut off, or a backup
 * put back) gives their places anew: by counting alone nobody would see it. So with the first page after a reconnect comes
 * the newest message that is here, too, and is compared.
 */
import type { HistoryEntry } from '../../protocol/server-messages.ts';
import type { MessageLog } from './message-log.ts';
import type { RoomTab, State } from './state.ts';

/**
 * Milliseconds before the connection was lost: what came earlier was on the server's disk by then. Where a room ends as it
 * did, only a message younger than that is asked for, so that a restart doesn't cost a page for every room of everybody.
 */
const YOUNG_MS = 60_000;

/** On entering a room that was open before: is there reason to look? */
export function mustProve(state: State, { log }: RoomTab, last: number): boolean {
  const newest = log.find(log.last);
  if (newest === undefined) return false;
  const lostAt = (state.inner.lostAt ?? 0) + state.clockOffset;
  return last > log.last || newest.time >= lostAt - YOUNG_MS;
}

/** A page has another message in a place than we: ids are for ever, and where there is none the time tells. */
export const contradicts = (log: MessageLog, page: readonly HistoryEntry[]): boolean =>
  page.some(({ seq, from, id, time }) => {
    const here = seq > log.last ? undefined : log.find(seq);
    if (here === undefined) return false;
    return here.from !== from || here.id !== id || (id === undefined && here.time !== time);
  });
