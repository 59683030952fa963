/**
 * What a private message can become after it was said: another text, nothing, or one with reactions. Here is what a change
 * makes of a message, whoever keeps it; how changes travel is in README.md.
 */
import type { ClientId, UnixMs, UserName } from '../base/ids.ts';
import { MAX_EMOJI } from '../protocol/limits.ts';
import type { HistoryEntry } from '../protocol/server-messages.ts';

/** Ids are unique for their author. */
export interface MessageRef {
  readonly from: UserName;
  readonly id: ClientId;
}

export type Reactions = NonNullable<HistoryEntry['reactions']>;

/** What a person wants of a message. */
export type ChangeWish =
  | { readonly kind: 'edit'; readonly text: string }
  | { readonly kind: 'delete' }
  | { readonly kind: 'react'; readonly emoji: string; readonly on: boolean };

/** `time`: when it was edited, by its author's clock. */
export type MessageChange =
  | (Extract<ChangeWish, { kind: 'edit' }> & { readonly time: UnixMs })
  | Exclude<ChangeWish, { kind: 'edit' }>;

/** What of a message can be another later. Of a deleted one the text is empty. */
export interface Changeable {
  readonly text: string;
  readonly edited?: UnixMs | undefined;
  readonly deleted?: true | undefined;
  readonly reactions?: Reactions | undefined;
}

/** Only its author edits or deletes a message; anybody reacts. */
export const mayChange = (author: UserName, by: UserName, { kind }: ChangeWish): boolean =>
  kind === 'react' || author === by;

/**
 * What a message is after a change: all that can be another, so that nothing of before is left. Edits count by their time, so
 * that all devices come to the same, in whatever order they hear of them.
 * @returns undefined where it makes no difference: it was deleted, it is so already, or it isn't theirs.
 */
export function changedBy(
  message: Changeable & { readonly from: UserName },
  by: UserName,
  change: MessageChange,
): Changeable | undefined {
  if (message.deleted === true || !mayChange(message.from, by, change)) return undefined;
  const { text, edited, reactions } = message;
  switch (change.kind) {
    case 'delete':
      return { text: '', deleted: true };
    case 'edit':
      if (edited !== undefined && (change.time < edited || (change.time === edited && change.text <= text)))
        return undefined;
      return { text: change.text, edited: change.time, reactions };
    case 'react': {
      const now = withReaction(reactions ?? [], by, change);
      return now && { text, edited, reactions: now };
    }
  }
}

function withReaction(
  reactions: Reactions,
  by: UserName,
  { emoji, on }: Extract<ChangeWish, { kind: 'react' }>,
): Reactions | undefined {
  const known = reactions.find((one) => one.emoji === emoji);
  const users = known?.users ?? [];
  if (users.includes(by) === on) return undefined;
  if (known === undefined) return reactions.length < MAX_EMOJI ? [...reactions, { emoji, users: [by] }] : undefined;
  const left = on ? [...users, by] : users.filter((user) => user !== by);
  return reactions.flatMap((one) => (one !== known ? [one] : left.length === 0 ? [] : [{ emoji, users: left }]));
}
