/** Reactions: who has put which emoji to a message. */
import type { UserName } from '../../base/ids.ts';
import * as fields from '../../protocol/fields.ts';
import { parse } from '../../protocol/schema.ts';
import { namesLike } from './emoji-names.ts';
import { type Ignored, isIgnored } from './ignored.ts';
import type { MessageEntry } from './message-log.ts';
import type { Offered, State } from './state.ts';

/** Emoji that are offered for what was typed: as many as have digits. */
const MAX_OFFERED = 9;

/** The ones that people use nearly always, each with a number on the keys, and its name in GitHub's list (gemoji). */
export const FREQUENT = [
  { emoji: '👍', name: '+1', ascii: '+1' },
  { emoji: '❤️', name: 'heart', ascii: '<3' },
  { emoji: '😂', name: 'joy', ascii: ':D' },
  { emoji: '🎉', name: 'tada', ascii: '\\o' },
  { emoji: '😮', name: 'open_mouth', ascii: ':O' },
  { emoji: '😢', name: 'cry', ascii: ':(' },
  { emoji: '👀', name: 'eyes', ascii: 'oO' },
  { emoji: '✅', name: 'white_check_mark', ascii: 'ok' },
] as const satisfies readonly (Offered & { readonly ascii: string })[];

const NAME = /^:?([a-z0-9_+-]+):?$/i;

/** The name that was typed, as `tada` or `:tada:`; undefined for what is none. */
const nameTyped = (typed: string): string | undefined => NAME.exec(typed.trim())?.[1]?.toLowerCase();

/** An emoji, or the name of one; undefined for anything else. */
export function parseEmoji({ inner }: State, typed: string): string | undefined {
  const word = typed.trim();
  const name = nameTyped(word);
  if (name !== undefined) {
    const known = inner.emoji.kind === 'ready' ? inner.emoji.table.get(name) : undefined;
    return known ?? FREQUENT.find((one) => one.name === name)?.emoji;
  }
  // Many keyboards leave out the sign that makes a picture of it.
  for (const emoji of [word, `${word}\ufe0f`]) if (parse(fields.emoji, emoji).ok) return emoji;
  return undefined;
}

/** Emoji whose names begin so, or have a part that does; the best first. */
export function emojiLike({ inner }: State, typed: string): Offered[] {
  const name = nameTyped(typed);
  if (name === undefined) return [];
  if (inner.emoji.kind !== 'ready') return FREQUENT.filter((one) => one.name.startsWith(name));
  const { table } = inner.emoji;
  return namesLike(table, name)
    .slice(0, MAX_OFFERED)
    .map((one) => ({ name: one, emoji: table.get(one) ?? '' }));
}

export const hasReacted = ({ reactions = [] }: MessageEntry, emoji: string, user: UserName | undefined): boolean =>
  user !== undefined && reactions.some((one) => one.emoji === emoji && one.users.includes(user));

export interface Counted {
  readonly emoji: string;
  readonly count: number;
  /** We are among them. */
  readonly own: boolean;
}

/** What there is to see of a message's reactions: those of people who are left out don't count. */
export function countedReactions({ ignored, self }: State, { reactions = [] }: MessageEntry): Counted[] {
  return reactions.flatMap(({ emoji, users }) => {
    const count = shownUsers(ignored, users);
    return count === 0 ? [] : [{ emoji, count, own: self !== undefined && users.includes(self.name) }];
  });
}

const shownUsers = (ignored: Ignored, users: readonly UserName[]): number =>
  users.reduce((sum, user) => sum + (isIgnored(ignored, user) ? 0 : 1), 0);
