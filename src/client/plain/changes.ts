/** What has become of messages that were told already. */
import type { UserName } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { clockTime } from '../../base/text/time.ts';
import { isIgnored } from '../core/ignored.ts';
import type { MessageEntry, Reactions } from '../core/message-log.ts';
import type { State } from '../core/state.ts';
import { safeLines, shortText } from './entry.ts';

const NOBODY: ReadonlySet<UserName> = new Set();

const usersOf = (reactions: Reactions | undefined): Map<string, ReadonlySet<UserName>> =>
  new Map((reactions ?? []).map(({ emoji, users }) => [emoji, new Set(users)]));

function reacted({ ignored }: State, before: MessageEntry, now: MessageEntry): string[] {
  const [old, fresh] = [usersOf(before.reactions), usersOf(now.reactions)];
  const to = `to ${now.from}: ${shortText(now.text)}`;
  const lines: string[] = [];
  for (const emoji of new Set([...old.keys(), ...fresh.keys()])) {
    const was = old.get(emoji) ?? NOBODY;
    const is = fresh.get(emoji) ?? NOBODY;
    for (const user of is) {
      if (!was.has(user) && !isIgnored(ignored, user)) lines.push(`${user} reacts with ${sanitizeLine(emoji)} ${to}`);
    }
    for (const user of was) {
      if (!is.has(user) && !isIgnored(ignored, user)) lines.push(`${user} takes back ${sanitizeLine(emoji)} ${to}`);
    }
  }
  return lines;
}

/** Lines that say how `now` is another than `before`. */
export function changeLines(state: State, before: MessageEntry, now: MessageEntry): string[] {
  if (isIgnored(state.ignored, now.from)) return [];
  if (now.deleted === true) {
    if (before.deleted === true) return [];
    const by = now.deletedBy === undefined || now.deletedBy === now.from ? '' : ` by ${now.deletedBy}`;
    return [`a message of ${now.from} was deleted${by} (${clockTime(now.time)})`];
  }
  const edited = before.text === now.text ? [] : safeLines(`${now.from} has changed a message to: ${now.text}`);
  return [...edited, ...reacted(state, before, now)];
}
