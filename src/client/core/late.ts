/**
 * Messages that come late: others that stand after them have been read. They are in their place, where nobody looks any more,
 * so a line at the end tells of them.
 */
import { type UnixMs, unixMs } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { clockTime, dayOf } from '../../base/text/time.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';
import type { Env } from './event.ts';
import type { Late } from './message-log.ts';
import type { RoomTab } from './state.ts';

/** Messages that may stand after a late one without a word: it is as near as the newest are. */
export const NEAR = 5;
/** Milliseconds by which it may be older than the newest here without a word. */
const NEAR_MS = 60_000;
/** Milliseconds for which one line tells of all that come. */
const FOLD_MS = 60_000;
/** Whose names it says. */
const MAX_NAMED = 3;

/** Whether somebody who has read to the end would pass it over. */
export const isFarUp = ({ log }: RoomTab, { time }: HistoryEntry, below: number): boolean =>
  below > NEAR && (log.find(log.last)?.time ?? time) - time > NEAR_MS;

/** It stands where nobody looks: the line at the end says so, or says it of one more. */
export function tellLate(env: Env, tab: RoomTab, message: HistoryEntry): void {
  tab.inner.late = message.seq;
  const time = message.time;
  tab.log.late(env.now, sinceOf(env), (known) => {
    const late =
      known === undefined ? { count: 1, from: [message.from], first: time, last: time } : more(known, message);
    return { late, text: lateWords(late, env.now) };
  });
}

const sinceOf = ({ now }: Env): UnixMs => unixMs(now - FOLD_MS);

function more(known: Late, { from, time }: HistoryEntry): Late {
  const names = known.from.includes(from) ? known.from : [...known.from, from];
  return {
    count: known.count + 1,
    // One more than are named, so that it is known that there are others.
    from: names.slice(0, MAX_NAMED + 1),
    first: time < known.first ? time : known.first,
    last: time > known.last ? time : known.last,
  };
}

function lateWords({ count, from, first, last }: Late, now: UnixMs): string {
  const what = count === 1 ? '1 message came late and stands above' : `${count} messages came late and stand above`;
  const names = from.slice(0, MAX_NAMED).map(sanitizeLine);
  const others = from.length > MAX_NAMED ? ' and others' : '';
  const at = (time: UnixMs): string => `${dayOf(time) === dayOf(now) ? '' : `${dayOf(time)} `}${clockTime(time)}`;
  const when = at(first) === at(last) ? ` at ${at(first)}` : `, ${at(first)} to ${at(last)}`;
  return `${what}, from ${names.join(', ')}${others}${when}`;
}
