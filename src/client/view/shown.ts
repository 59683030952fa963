/** What of a log is shown: all but what comes from those who are left out. */
import type { Seq, UserName } from '../../base/ids.ts';
import { type Ignored, isIgnored, isNobody } from '../core/ignored.ts';
import { logOf } from '../core/lookup.ts';
import type { LogEntry, MessageLog } from '../core/message-log.ts';
import type { State, Tab } from '../core/state.ts';

interface Cached {
  readonly version: number;
  readonly ignored: Ignored;
  readonly entries: readonly LogEntry[];
}

/** A log is gone through once for each of its states, however often it is asked for. */
const cache = new WeakMap<MessageLog, Cached>();

export function shownEntries({ ignored }: State, tab: Tab): readonly LogEntry[] {
  const log = logOf(tab);
  if (isNobody(ignored)) return log.entries;
  const cached = cache.get(log);
  if (cached?.version === log.version && cached.ignored === ignored) return cached.entries;
  const entries = log.entries.filter((entry) => isShown(entry, ignored));
  cache.set(log, { version: log.version, ignored, entries });
  return entries;
}

function isShown(entry: LogEntry, ignored: Ignored): boolean {
  switch (entry.kind) {
    case 'message':
      return !isIgnored(ignored, entry.from);
    case 'event':
      // A topic is the room's, whoever set it.
      return entry.sign === '*' || !isIgnored(ignored, entry.user);
    case 'announcement':
    case 'notice':
      return true;
  }
}

/** The message above which the unread line stands: the first unread one that is shown here. */
export function firstUnread(state: State, tab: Tab, entries: readonly LogEntry[]): Seq | undefined {
  const { unreadFrom } = tab;
  const log = logOf(tab);
  if (unreadFrom === undefined) return undefined;
  // Older than the oldest line here: that one stands for it. In a window, what is older may be just above it.
  if (unreadFrom < log.first && tab.far !== undefined && log.older !== 'none') return undefined;
  const from = unreadFrom > log.first ? unreadFrom : log.first;
  // Where places have gaps, the message may stand behind it.
  if (isNobody(state.ignored) && !isSparse(tab)) return from;
  let found: Seq | undefined;
  for (let i = entries.length - 1; i >= 0; i -= 1) {
    const entry = entries[i];
    if (entry?.kind !== 'message') continue;
    if (entry.seq < from) break;
    found = entry.seq;
  }
  return found;
}

const isSparse = (tab: Tab): boolean => tab.kind === 'room' && tab.sparse;

/** Its places have no gaps. */
const isCounted = (tab: Tab): boolean => tab.kind === 'room' && !tab.sparse;

interface Counted {
  readonly entries: readonly LogEntry[];
  readonly version: number;
  readonly own: UserName | undefined;
  readonly after: number;
  readonly last: Seq;
  readonly count: number;
}

/** The unread line is drawn again with every key: what it says is counted once for each state of the log. */
const counts = new WeakMap<MessageLog, Counted>();

/** Messages of others after a place, to the end of all; those that are known to be left out not counted. */
export function countAfter({ self }: State, tab: Tab, entries: readonly LogEntry[], after: number): number {
  const log = logOf(tab);
  const own = self?.name;
  const { last } = tab.log;
  const known = counts.get(log);
  if (
    known?.version === log.version &&
    known.entries === entries &&
    known.own === own &&
    known.after === after &&
    known.last === last
  ) {
    return known.count;
  }
  const count = countHeld(entries, own, after) + (isCounted(tab) ? countElsewhere(log, last, after) : 0);
  counts.set(log, { entries, version: log.version, own, after, last, count });
  return count;
}

/** What is not held here, by whomever it is. The places of a room have no gaps; those of a person have some. */
function countElsewhere({ older, first, last: end }: MessageLog, last: Seq, after: number): number {
  const above = older === 'none' ? 0 : Math.max(0, first - 1 - after);
  return above + Math.max(0, last - Math.max(end, after));
}

function countHeld(entries: readonly LogEntry[], own: UserName | undefined, after: number): number {
  let count = 0;
  for (let i = entries.length - 1; i >= 0; i -= 1) {
    const entry = entries[i];
    if (entry?.kind !== 'message') continue;
    if (entry.seq <= after) break;
    if (entry.from !== own) count += 1;
  }
  return count;
}
