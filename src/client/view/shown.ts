/** What of a log is shown: all but what comes from those who are left out. */
import type { Seq, UserName } from '../../base/ids.ts';
import { type Ignored, isIgnored, isNobody } from '../core/ignored.ts';
import type { LogEntry, MessageLog } from '../core/message-log.ts';
import type { State, Tab } from '../core/state.ts';

interface Cached {
  readonly version: number;
  readonly ignored: Ignored;
  readonly entries: readonly LogEntry[];
}

/** A log is gone through once for each of its states, however often it is asked for. */
const cache = new WeakMap<MessageLog, Cached>();

export function shownEntries({ ignored }: State, { log }: Tab): readonly LogEntry[] {
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
  const { log, unreadFrom } = tab;
  if (unreadFrom === undefined) return undefined;
  // Older than the oldest line here: that one stands for it.
  const from = unreadFrom > log.first ? unreadFrom : log.first;
  if (isNobody(state.ignored)) return from;
  let found: Seq | undefined;
  for (let i = entries.length - 1; i >= 0; i -= 1) {
    const entry = entries[i];
    if (entry?.kind !== 'message') continue;
    if (entry.seq < from) break;
    found = entry.seq;
  }
  return found;
}

interface Counted {
  readonly entries: readonly LogEntry[];
  readonly version: number;
  readonly own: UserName | undefined;
  readonly after: number;
  readonly count: number;
}

/** The unread line is drawn again with every key: what it says is counted once for each state of the log. */
const counts = new WeakMap<MessageLog, Counted>();

/** Messages of others after a place, those that are left out not counted. */
export function countAfter({ self, ignored }: State, tab: Tab, entries: readonly LogEntry[], after: number): number {
  const { log } = tab;
  const own = self?.name;
  const known = counts.get(log);
  if (known?.version === log.version && known.entries === entries && known.own === own && known.after === after) {
    return known.count;
  }
  // Who wrote what is no longer held here, nobody knows. The places of a room have no gaps; those of a person have some.
  const dropped = tab.kind === 'room' && isNobody(ignored) ? Math.max(0, log.first - 1 - after) : 0;
  const count = dropped + countHeld(entries, own, after);
  counts.set(log, { entries, version: log.version, own, after, count });
  return count;
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
