/** What of a log is shown: all but what comes from those who are left out. */
import type { Seq } from '../../base/ids.ts';
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

/** Messages after a place, those that are left out not counted. */
export function countAfter(state: State, tab: Tab, entries: readonly LogEntry[], after: number): number {
  if (isNobody(state.ignored)) return Math.max(0, tab.log.last - after);
  let count = 0;
  for (let i = entries.length - 1; i >= 0; i -= 1) {
    const entry = entries[i];
    if (entry?.kind !== 'message') continue;
    if (entry.seq <= after) break;
    count += 1;
  }
  return count;
}
