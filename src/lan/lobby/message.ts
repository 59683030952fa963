/** A message of the lobby, as the entries about it make it. */
import type { DeviceId, RoomName, Seq, UserName } from '../../base/ids.ts';
import { MAX_EMOJI, MAX_REACTIONS } from '../../protocol/limits.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';
import { compareEntries, type Held } from './entries.ts';
import type { MessageRef, Position } from './place.ts';
import type { Delete, Edit, React, Say } from './said.ts';

export type HeldOf<S> = Held & { readonly said: S };

/** What our own programs know of it. */
export interface Told {
  readonly seq: Seq;
  readonly say: Held | undefined;
  readonly edit: Held | undefined;
  readonly isDeleted: boolean;
  /** Which they are, in their order. */
  readonly reactions: string;
}

export interface Message {
  readonly position: Position;
  /** Its entry; not there while only changes of it are, and when it was deleted. */
  say: HeldOf<Say> | undefined;
  deletion: HeldOf<Delete> | undefined;
  edit: HeldOf<Edit> | undefined;
  /** The newest of each person with each emoji, also those that were taken back. */
  readonly reactions: Map<string, HeldOf<React>>;
  /** While it is shown. */
  seq: Seq | undefined;
  /** The number of its newest change; 0: none. */
  rev: number;
  told: Told | undefined;
}

/** One that is shown. */
export type Shown = Message & { readonly seq: Seq };

export const emptyMessage = (position: Position): Message => ({
  position,
  say: undefined,
  deletion: undefined,
  edit: undefined,
  reactions: new Map(),
  seq: undefined,
  rev: 0,
  told: undefined,
});

export const isShown = (message: Message): message is Shown => message.seq !== undefined;

const keyOfReaction = ({ device, said: { emoji } }: HeldOf<React>): string => `${device} ${emoji}`;

/** An entry is held, or no longer. */
export function put(message: Message, held: Held, isHeld: boolean): void {
  const { said } = held;
  switch (said.kind) {
    case 'say':
      if (isHeld) message.say = { ...held, said };
      else if (message.say?.token === held.token) message.say = undefined;
      break;
    case 'delete':
      if (isHeld) message.deletion = { ...held, said };
      else if (message.deletion?.token === held.token) message.deletion = undefined;
      break;
    case 'edit':
      if (isHeld) message.edit = { ...held, said };
      else if (message.edit?.token === held.token) message.edit = undefined;
      break;
    case 'react': {
      const one = { ...held, said };
      const key = keyOfReaction(one);
      if (isHeld) message.reactions.set(key, one);
      else if (message.reactions.get(key)?.token === held.token) message.reactions.delete(key);
    }
  }
}

export const isEmpty = ({ say, deletion, edit, reactions }: Message): boolean =>
  say === undefined && deletion === undefined && edit === undefined && reactions.size === 0;

/** Those that count, in the order in which they were made, as many as a message may have. */
export function reactionsOf({ deletion, reactions }: Message): HeldOf<React>[] {
  if (deletion !== undefined || reactions.size === 0) return [];
  const emoji = new Set<string>();
  return [...reactions.values()]
    .filter(({ said }) => said.on)
    .toSorted(compareEntries)
    .filter(({ said }) => emoji.has(said.emoji) || (emoji.size < MAX_EMOJI && emoji.add(said.emoji)))
    .slice(0, MAX_REACTIONS);
}

/** Whether there is room for one more. */
export function mayReact(message: Message, emoji: string): boolean {
  const all = reactionsOf(message);
  const kinds = new Set(all.map(({ said }) => said.emoji));
  return all.length < MAX_REACTIONS && (kinds.has(emoji) || kinds.size < MAX_EMOJI);
}

/** What it takes to tell of messages. */
export interface Telling {
  readonly room: RoomName;
  readonly userOf: (device: DeviceId, name: string) => UserName;
  /** Where a message stands that another one answers, here or not. */
  readonly placeOf: (ref: MessageRef) => Seq;
}

export const userOf = ({ device, said }: Held, telling: Telling): UserName => telling.userOf(device, said.name);

export function reactionLists(message: Message, telling: Telling): NonNullable<HistoryEntry['reactions']> {
  const lists = new Map<string, UserName[]>();
  for (const held of reactionsOf(message)) {
    const users = lists.get(held.said.emoji) ?? [];
    lists.set(held.said.emoji, users);
    users.push(userOf(held, telling));
  }
  return Array.from(lists, ([emoji, users]) => ({ emoji, users }));
}

/** As a page has it. The time is the stamp: at most a minute from its author's clock, and never before what it follows. */
export function entryOf(message: Shown, telling: Telling): HistoryEntry | undefined {
  const { say, deletion, edit, seq, rev, position } = message;
  const head = deletion ?? say;
  if (head === undefined) return undefined;
  const reactions = reactionLists(message, telling);
  return {
    seq,
    from: userOf(head, telling),
    text: textOf(message),
    time: position.stamp,
    id: head.said.kind === 'delete' ? head.said.of.id : head.said.id,
    ...(say?.said.re === undefined || deletion !== undefined ? {} : { re: telling.placeOf(say.said.re) }),
    ...(edit === undefined || deletion !== undefined ? {} : { edited: edit.stamp }),
    ...(deletion === undefined ? {} : { deleted: true }),
    ...(reactions.length === 0 ? {} : { reactions }),
    ...(rev === 0 ? {} : { rev }),
  };
}

/** Empty where it was deleted. */
export const textOf = ({ say, deletion, edit }: Message): string =>
  deletion === undefined ? ((edit ?? say)?.said.text ?? '') : '';

/** What there is of it now, to be compared with what was told. */
export const stateOf = (message: Shown): Told => ({
  seq: message.seq,
  say: message.say,
  edit: message.edit,
  isDeleted: message.deletion !== undefined,
  reactions: reactionsOf(message)
    .map(({ token }) => token)
    .join(' '),
});
