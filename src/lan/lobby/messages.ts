/**
 * The messages that the entries of a lobby make, in their places, and what has become of them since our own programs were
 * told of them last.
 */
import { NO_SEQ, type Seq } from '../../base/ids.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import { compareEntries, type Held, keyOfMessage } from './entries.ts';
import type { LobbyNews } from './lobby.ts';
import {
  emptyMessage,
  isEmpty,
  isShown,
  type Message,
  put,
  reactionLists,
  type Shown,
  stateOf,
  type Telling,
  textOf,
  userOf,
} from './message.ts';
import { comparePositions, firstNot, type MessageRef, type Position, placeAfter } from './place.ts';

type Changed = ServerMessages['changed'];

export interface MessagesPorts extends Omit<Telling, 'placeOf'> {
  readonly position: (ref: MessageRef) => Position;
  readonly isOwn: (held: Held) => boolean;
}

export class Messages {
  readonly telling: Telling;
  readonly #ports: MessagesPorts;
  readonly #byKey = new Map<string, Message>();
  /** In their order, which is that of their places. */
  readonly #shown: Shown[] = [];
  /** What has changed since `settle`, with the newest reaction that has come. */
  readonly #touched = new Map<Message, Held | undefined>();
  #rev = 0;
  #last: Seq = NO_SEQ;

  constructor(ports: MessagesPorts) {
    this.#ports = ports;
    this.telling = { room: ports.room, userOf: ports.userOf, placeOf: (ref) => this.#placeOf(ref) };
  }

  get shown(): readonly Shown[] {
    return this.#shown;
  }

  get rev(): number {
    return this.#rev;
  }

  /** The place of the newest message that there was. */
  get last(): Seq {
    return this.#last;
  }

  at(seq: Seq): Shown | undefined {
    const found = this.#shown[firstNot(this.#shown, (one) => one.seq < seq)];
    return found?.seq === seq ? found : undefined;
  }

  /** An entry is held from now on, or no longer. */
  put(held: Held, isHeld: boolean): void {
    const key = keyOfMessage(held.message);
    let message = this.#byKey.get(key);
    if (message === undefined) {
      if (!isHeld) return;
      message = emptyMessage(this.#ports.position(held.message));
      this.#byKey.set(key, message);
    }
    put(message, held, isHeld);
    if (isEmpty(message)) this.#byKey.delete(key);
    const reaction = isHeld && held.said.kind === 'react' ? held : this.#touched.get(message);
    this.#touched.set(message, reaction);
  }

  /** Gives places, and tells what is another now, in the messages' order. */
  settle(): LobbyNews[] {
    for (const message of this.#touched.keys()) this.#show(message);
    const touched = [...this.#touched].toSorted(([a], [b]) => comparePositions(a.position, b.position));
    this.#touched.clear();
    return touched.flatMap(([message, reaction]) => (isShown(message) ? this.#news(message, reaction) : []));
  }

  /**
   * The same at the start, when nobody is there to be told. Changes get numbers up to `rev` in the order in which they were
   * made: so one of our programs that was told others, lower ones, by the last hub gets them all.
   */
  settleQuietly(rev: number): void {
    this.settle();
    const changes = this.#shown
      .flatMap((message) => {
        const newest = newestChange(message);
        return newest === undefined ? [] : [{ message, newest }];
      })
      .toSorted((a, b) => compareEntries(a.newest, b.newest));
    this.#rev = Math.max(rev, changes.length);
    for (const [i, { message }] of changes.entries()) message.rev = this.#rev - changes.length + 1 + i;
  }

  #placeOf(ref: MessageRef): Seq {
    return this.#byKey.get(keyOfMessage(ref))?.seq ?? placeAfter(this.#ports.position(ref), 0);
  }

  /** Puts it where it belongs, or takes it out; what follows close behind may have to move. */
  #show(message: Message): void {
    const index = firstNot(this.#shown, ({ position }) => comparePositions(position, message.position) < 0);
    const isThere = message.say !== undefined || message.deletion !== undefined;
    if (isThere && !isShown(message)) {
      const shown = Object.assign(message, { seq: placeAfter(message.position, this.#shown[index - 1]?.seq ?? 0) });
      this.#shown.splice(index, 0, shown);
      this.#moveFrom(index + 1);
    } else if (!isThere && isShown(message)) {
      const from = this.#shown.indexOf(message);
      this.#shown.splice(from, 1);
      Object.assign(message, { seq: undefined, told: undefined });
      this.#moveFrom(from);
    }
    const newest = this.#shown.at(-1);
    if (newest !== undefined && newest.seq > this.#last) this.#last = newest.seq;
  }

  #moveFrom(index: number): void {
    for (let i = index; i < this.#shown.length; i++) {
      const one = this.#shown[i];
      if (one === undefined) return;
      const seq = placeAfter(one.position, this.#shown[i - 1]?.seq ?? 0);
      if (seq === one.seq) return;
      Object.assign(one, { seq });
      if (!this.#touched.has(one)) this.#touched.set(one, undefined);
    }
  }

  #news(message: Shown, reaction: Held | undefined): LobbyNews[] {
    const { told } = message;
    const now = stateOf(message);
    message.told = now;
    const { say, deletion, edit } = message;
    const news: LobbyNews[] = [];
    const isNew = told === undefined;
    const isPlaced = told?.seq === now.seq;
    if (!isPlaced && say !== undefined) news.push(this.#message(message, say, isNew && this.#ports.isOwn(say)));
    const since = isPlaced ? told : undefined;
    if (deletion !== undefined) {
      if (since?.isDeleted !== true) news.push(this.#changed(message, deletion, { deleted: true }));
      return news;
    }
    const author = edit ?? say;
    // The text that a message came with is the edited one.
    if (author !== undefined && (edit !== undefined || since !== undefined))
      if (since?.edit !== edit || (since !== undefined && since.say !== say))
        news.push(
          this.#changed(message, author, {
            text: textOf(message),
            ...(edit === undefined ? {} : { edited: edit.stamp }),
          }),
        );
    const by = reaction ?? [...message.reactions.values()].toSorted(compareEntries).at(-1) ?? author;
    if (by !== undefined && (since?.reactions ?? '') !== now.reactions)
      news.push(this.#changed(message, by, { reactions: reactionLists(message, this.telling) }));
    return news;
  }

  #message(message: Shown, say: NonNullable<Message['say']>, own: boolean): LobbyNews {
    const { id, re } = say.said;
    return {
      kind: 'message',
      own,
      message: {
        type: 'message',
        to: this.#ports.room,
        seq: message.seq,
        from: userOf(say, this.telling),
        text: textOf(message),
        time: message.position.stamp,
        id,
        ...(re === undefined ? {} : { re: this.telling.placeOf(re) }),
      },
    };
  }

  #changed(
    message: Shown,
    by: Held,
    what: Pick<Changed, 'text' | 'edited' | 'deleted' | 'reactions'>,
  ): Extract<LobbyNews, { kind: 'changed' }> {
    this.#rev += 1;
    message.rev = this.#rev;
    const { room } = this.#ports;
    const head = { type: 'changed', room, rev: this.#rev, seq: message.seq, by: userOf(by, this.telling) } as const;
    return { kind: 'changed', changed: { ...head, time: by.stamp, ...what } };
  }
}

function newestChange({ edit, deletion, reactions }: Message): Held | undefined {
  return [edit, deletion, ...reactions.values()]
    .filter((held) => held !== undefined)
    .toSorted(compareEntries)
    .at(-1);
}
