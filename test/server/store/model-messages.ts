/** Messages in rooms, as short as it can be said: what a store makes of changes and searches. */
import type { RoomName, Seq, UserName } from '../../../src/base/ids.ts';
import { NO_SEQ, seqAfter } from '../../../src/base/ids.ts';
import type { FoundEntry, HistoryEntry } from '../../../src/protocol/server-messages.ts';
import type {
  ChangeCame,
  Found,
  HistoryPage,
  NewChange,
  NewMessage,
  Page,
  Placed,
  ReactionLimits,
  Search,
} from '../../../src/server/store/store.ts';

interface Room {
  rev: number;
  last: Seq;
  /** What stood before is gone. */
  first: Seq;
  entries: HistoryEntry[];
  /** In the order in which they came. */
  reactions: { readonly seq: Seq; readonly emoji: string; readonly by: UserName }[];
}

type Reactions = NonNullable<HistoryEntry['reactions']>;

export class ModelMessages {
  readonly #rooms = new Map<RoomName, Room>();
  readonly #sent = new Map<string, Placed>();
  /** Names that were another account's, and where each room ended then. */
  readonly #former = new Map<UserName, Map<RoomName, Seq>>();

  #room(name: RoomName): Room {
    const room = this.#rooms.get(name) ?? { rev: 0, last: NO_SEQ, first: seqAfter(NO_SEQ), entries: [], reactions: [] };
    this.#rooms.set(name, room);
    return room;
  }

  append({ room: name, ...message }: NewMessage): Placed {
    const key = message.id === undefined ? undefined : `${message.from} ${message.id}`;
    const known = key === undefined ? undefined : this.#sent.get(key);
    if (known !== undefined) return { ...known, fresh: false };
    const room = this.#room(name);
    const seq = seqAfter(room.last);
    room.last = seq;
    room.entries.push({ seq, ...message });
    const placed = { room: name, seq, time: message.time, fresh: true };
    if (key !== undefined) this.#sent.set(key, placed);
    return placed;
  }

  /** Somebody else has the name from now on. */
  loseName(name: UserName): void {
    this.#former.set(name, new Map(Array.from(this.#rooms, ([room, { last }]) => [room, last])));
  }

  /** What stood before a place is kept no longer. */
  forget(name: RoomName, first: Seq): void {
    const room = this.#room(name);
    room.first = first;
    room.entries = room.entries.filter(({ seq }) => seq >= first);
    room.reactions = room.reactions.filter(({ seq }) => seq >= first);
  }

  change({ room: name, seq, by, time, what, may }: NewChange, limits: ReactionLimits): ChangeCame {
    const room = this.#room(name);
    if (seq >= 1 && seq < room.first) return { kind: 'not_kept' };
    const at = room.entries.findIndex((entry) => entry.seq === seq);
    const entry = room.entries[at];
    if (entry === undefined) return { kind: 'no_such_message' };
    const lost = this.#former.get(by)?.get(name) ?? 0;
    const isOwn = may.kind === 'any' || (entry.from === by && seq > may.after && seq > lost);
    if (what.kind !== 'react' && !isOwn) return { kind: 'not_yours' };
    const came = (kind: 'changed' | 'same', fields: object, next: HistoryEntry = entry): ChangeCame => {
      if (kind === 'changed') room.entries[at] = { ...next, rev: ++room.rev };
      return { kind, rev: room.entries[at]?.rev ?? 0, author: entry.from, fields };
    };
    if (what.kind === 'delete') {
      const { edited: _edited, reactions: _reactions, ...rest } = entry;
      const deleted = { deleted: true } as const;
      return came(entry.deleted === true ? 'same' : 'changed', deleted, { ...rest, text: '', ...deleted });
    }
    if (entry.deleted === true) return { kind: 'deleted' };
    if (what.kind === 'edit') {
      const { text } = what;
      if (entry.text === text)
        return came('same', { text, ...(entry.edited === undefined ? {} : { edited: entry.edited }) });
      return came('changed', { text, edited: time }, { ...entry, text, edited: time });
    }
    const { emoji, on } = what;
    const before = listed(room, seq);
    const users = before.find((one) => one.emoji === emoji)?.users ?? [];
    if (users.includes(by) === on) return came('same', { reactions: before });
    const count = before.reduce((sum, one) => sum + one.users.length, 0);
    if (on && (count >= limits.reactions || (users.length === 0 && before.length >= limits.emoji)))
      return { kind: 'too_many_reactions' };
    if (on) room.reactions.push({ seq, emoji, by });
    else room.reactions = room.reactions.filter((one) => one.seq !== seq || one.emoji !== emoji || one.by !== by);
    const reactions = listed(room, seq);
    const { reactions: _before, ...rest } = entry;
    return came('changed', { reactions }, reactions.length === 0 ? rest : { ...rest, reactions });
  }

  history(name: RoomName, page: Page, limit: number): HistoryPage {
    const { first } = this.#room(name);
    return { ...this.#page(name, page, limit), ...(first > 1 ? { first } : {}) };
  }

  #page(name: RoomName, page: Page, limit: number): HistoryPage {
    const { entries, first, last } = this.#room(name);
    switch (page.kind) {
      case 'newest':
        return { messages: entries.slice(-limit), more: entries.length > limit };
      case 'before': {
        const older = entries.filter(({ seq }) => seq < page.seq);
        return { messages: older.slice(-limit), more: older.length > limit };
      }
      case 'since': {
        const newer = entries.filter(({ seq }) => seq > page.seq);
        return { messages: newer.slice(0, limit), more: newer.length > limit };
      }
      case 'around': {
        const middle = Math.max(first, Math.min(page.seq, last));
        const older = entries.filter(({ seq }) => seq <= middle);
        const newer = entries.filter(({ seq }) => seq > middle);
        let back = Math.min(older.length, Math.ceil(limit / 2));
        const on = Math.min(newer.length, limit - back);
        back = Math.min(older.length, limit - on);
        const messages = [...older.slice(older.length - back), ...newer.slice(0, on)];
        return { messages, more: newer.length > on, moreOlder: older.length > back };
      }
      case 'changes': {
        const changed = entries.filter(({ rev = 0 }) => rev > page.rev).sort((a, b) => (a.rev ?? 0) - (b.rev ?? 0));
        return { messages: changed.slice(0, limit), more: changed.length > limit };
      }
    }
  }

  /** All at once: whoever tests the pages of a search tests a store. */
  search({ rooms, phrases, prefix, from, limit }: Search): Found {
    const found = rooms.flatMap((room) =>
      this.#room(room)
        .entries.filter(
          (entry) =>
            entry.deleted !== true &&
            (from === undefined || entry.from.toLowerCase() === from.toLowerCase()) &&
            phrases.every((phrase, i) => hasPhrase(entry.text, phrase, prefix && i === phrases.length - 1)),
        )
        .map((entry): FoundEntry => ({ room, ...entry })),
    );
    return { messages: found.sort((a, b) => b.time - a.time || b.seq - a.seq).slice(0, limit) };
  }
}

const listed = (room: Room, seq: Seq): Reactions =>
  Array.from(
    Map.groupBy(
      room.reactions.filter((one) => one.seq === seq),
      ({ emoji }) => emoji,
    ),
    ([emoji, ones]) => ({ emoji, users: ones.map(({ by }) => by) }),
  );

/** The words of a text of simple letters. */
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function hasPhrase(text: string, phrase: string, isPrefix: boolean): boolean {
  const [words, wanted] = [wordsOf(text), wordsOf(phrase)];
  const last = wanted.length - 1;
  return words.some((_, start) =>
    wanted.every((word, i) => {
      const here = words[start + i];
      return here === word || (isPrefix && i === last && word.length >= 3 && here?.startsWith(word) === true);
    }),
  );
}
