/** Comings and goings, folded: neighbours in the log become one line, `+ dave, frank came  - erin left`. */

import { sanitizeLine } from '../../base/text/sanitize.ts';
import { dayOf } from '../../base/text/time.ts';
import type { LogEntry } from '../core/message-log.ts';

export type EventEntry = LogEntry & { kind: 'event' };

/** Entries that one line folds at most, so that finding a fold's beginning costs the same in a flood of them. */
const MAX_FOLD = 64;

function folds(entry: LogEntry | undefined): entry is EventEntry {
  return entry?.kind === 'event' && entry.sign !== '*';
}

/** Whether `later` stands on the same line as `earlier`, its neighbour. */
function together(earlier: LogEntry | undefined, later: LogEntry | undefined): boolean {
  return (
    folds(earlier) &&
    folds(later) &&
    // In a long run the cut is at fixed keys, wherever one starts to look.
    Math.floor(earlier.key / MAX_FOLD) === Math.floor(later.key / MAX_FOLD) &&
    dayOf(earlier.time) === dayOf(later.time)
  );
}

/** The first and last index of the entries that are shown as one with the entry at `index`. */
export function foldAround(
  entries: readonly LogEntry[],
  index: number,
): { readonly first: number; readonly last: number } {
  let first = index;
  while (together(entries[first - 1], entries[first])) first -= 1;
  let last = index;
  while (together(entries[last], entries[last + 1])) last += 1;
  return { first, last };
}

/** Names of those who did the same that are told: ten who come at once are a crowd, not news of each. */
const MAX_NAMED = 8;

function named(users: readonly string[]): string {
  if (users.length <= MAX_NAMED) return users.join(', ');
  const told = users.slice(0, MAX_NAMED - 2);
  return `${told.join(', ')} and ${users.length - told.length} others`;
}

/** One line of words. Of a person who came and went meanwhile, only the last is told. */
export function foldedText(events: readonly EventEntry[]): string {
  const latest = new Map<string, EventEntry>();
  for (const event of events) {
    latest.delete(event.user);
    latest.set(event.user, event);
  }
  const groups = new Map<string, { sign: string; text: string; users: string[] }>();
  for (const { sign, user, text } of latest.values()) {
    const key = `${sign}${text}`;
    const group = groups.get(key) ?? { sign, text, users: [] };
    group.users.push(user);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ sign, users, text }) => `${sign} ${named(users)} ${sanitizeLine(text)}`)
    .join('  ');
}
