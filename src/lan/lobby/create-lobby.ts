/** The lobby: a set of entries, the messages that they make, and the clock that stamps ours. */
import { type ClientId, type Seq, seqAfter, type UnixMs, unixMs } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import { MAX_FRAME_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import { MAX_ENTRIES_A_MINUTE } from '../limits.ts';
import { MAX_ENTRIES_IN_FRAME, type SignedEntry } from '../mesh/frames.ts';
import { Entries, type Held } from './entries.ts';
import { keyOfEntry } from './entry-key.ts';
import type { Lobby, LobbyPorts, PageWish, Refusal, Taken } from './lobby.ts';
import { entryOf, type Message, mayReact, reactionLists, reactionsOf, type Shown, textOf } from './message.ts';
import { Messages } from './messages.ts';
import { pageOf } from './pages.ts';
import { EPOCH, type MessageRef, positionOf } from './place.ts';
import { MAX_SAID_CHARS, type Said } from './said.ts';
import { searchIn } from './search.ts';

/** Bytes of a frame of `lobby` or `held` beside its entries. */
const ENVELOPE_BYTES = 1024;
/** Characters that an entry is known by: 8 bytes in base64url. */
const TOKEN_CHARS = 11;

const refused = (code: Refusal['code'], text: string = ERROR_CODES[code].says): { ok: false; error: Refusal } =>
  err({ code, text });

/** What is left out where it isn't known yet: all but the stamp, the name and the version. */
type Unstamped<S = Said> = S extends Said ? Omit<S, 'v' | 'name' | 'stamp'> : never;

class SharedLobby implements Lobby {
  readonly #ports: LobbyPorts;
  readonly #entries: Entries;
  readonly #messages: Messages;
  /** Where ours stand, by their ids. */
  readonly #own = new Map<ClientId, MessageRef>();
  /** Something that was shown was dropped: then a page says where what is left begins. */
  #hasForgotten = false;

  constructor(ports: LobbyPorts) {
    this.#ports = ports;
    this.#entries = new Entries(ports);
    this.#messages = new Messages({
      room: ports.room,
      userOf: ports.userOf,
      position: (ref) => positionOf(ref, ports.hash),
      isOwn: ({ device }) => device === ports.device,
    });
  }

  get last(): Seq {
    return this.#messages.last;
  }

  get rev(): number {
    return this.#messages.rev;
  }

  get digest(): string {
    return this.#entries.digest();
  }

  agrees(digest: string): boolean {
    return this.#entries.agrees(digest);
  }

  load(stored: readonly SignedEntry[]): Taken {
    const held = new Set<SignedEntry>();
    const dropped: string[] = [];
    for (const entry of stored) {
      const read = this.#entries.read(entry, true);
      if (read === undefined) continue;
      held.add(entry);
      for (const one of this.#add(read)) held.delete(one.entry);
    }
    for (const entry of stored) if (!held.has(entry)) dropped.push(keyOfEntry(entry));
    if (held.size > 0) this.#messages.settleQuietly(Math.max(0, this.#ports.now() - EPOCH));
    return { news: [], fresh: [], dropped };
  }

  take(entries: readonly SignedEntry[]): Taken {
    const fresh = new Set<SignedEntry>();
    const dropped: string[] = [];
    for (const entry of entries) {
      const read = this.#entries.read(entry);
      if (read === undefined) continue;
      fresh.add(entry);
      for (const one of this.#add(read)) if (!fresh.delete(one.entry)) dropped.push(keyOfEntry(one.entry));
    }
    return { news: this.#messages.settle(), fresh: [...fresh], dropped };
  }

  tidy(): Taken {
    const gone = this.#entries.tidy();
    for (const one of gone) this.#forget(one);
    return { news: this.#messages.settle(), fresh: [], dropped: gone.map(({ entry }) => keyOfEntry(entry)) };
  }

  say({ id, text, re }: Parameters<Lobby['say']>[0]): Result<Taken, Refusal> {
    if (this.placeOf(id) !== undefined) return ok({ news: [], fresh: [], dropped: [] });
    const answered = re === undefined ? undefined : this.#messages.at(re);
    if (re !== undefined && answered === undefined) return this.#notThere(re);
    const about = answered === undefined ? {} : { re: refOf(answered) };
    return this.#write({ kind: 'say', id, text, ...about }, answered);
  }

  edit({ seq, text }: Parameters<Lobby['edit']>[0]): Result<Taken, Refusal> {
    const message = this.#messages.at(seq);
    if (message === undefined) return this.#notThere(seq);
    if (!this.#isOwn(message)) return refused('not_yours');
    if (message.deletion !== undefined) return refused('deleted');
    if (textOf(message) === text)
      return this.#same(message, { text, ...(message.edit === undefined ? {} : { edited: message.edit.stamp }) });
    const of = refOf(message);
    return this.#write({ kind: 'edit', id: of.id, of, text }, message);
  }

  delete({ seq }: Parameters<Lobby['delete']>[0]): Result<Taken, Refusal> {
    const message = this.#messages.at(seq);
    if (message === undefined) return this.#notThere(seq);
    if (!this.#isOwn(message)) return refused('not_yours');
    if (message.deletion !== undefined) return this.#same(message, { deleted: true });
    const of = refOf(message);
    return this.#write({ kind: 'delete', id: of.id, of }, message);
  }

  react({ seq, emoji, on }: Parameters<Lobby['react']>[0]): Result<Taken, Refusal> {
    const message = this.#messages.at(seq);
    if (message === undefined) return this.#notThere(seq);
    if (message.deletion !== undefined) return refused('deleted');
    const { device } = this.#ports;
    const isOn = reactionsOf(message).some((one) => one.device === device && one.said.emoji === emoji);
    if (isOn === on) return this.#same(message, { reactions: reactionLists(message, this.#messages.telling) });
    if (on && !mayReact(message, emoji)) return refused('too_many_reactions');
    const of = refOf(message);
    return this.#write({ kind: 'react', id: of.id, of, emoji, on }, message);
  }

  page(wish: PageWish): ReturnType<Lobby['page']> {
    const { shown, telling, last } = this.#messages;
    const page = pageOf(shown, wish, telling);
    if ('code' in page) return page;
    const first = this.#hasForgotten ? { first: shown[0]?.seq ?? seqAfter(last) } : {};
    return { room: this.#ports.room, ...page, ...first };
  }

  search(wish: Parameters<Lobby['search']>[0]): ReturnType<Lobby['search']> {
    return searchIn(this.#messages.shown, wish, this.#messages.telling);
  }

  find(seq: Seq): ReturnType<Lobby['find']> {
    const found = this.#messages.at(seq);
    return found === undefined ? undefined : entryOf(found, this.#messages.telling);
  }

  placeOf(id: ClientId): ReturnType<Lobby['placeOf']> {
    const ref = this.#own.get(id);
    return ref === undefined ? undefined : { seq: this.#messages.telling.placeOf(ref), time: ref.stamp };
  }

  held(): readonly string[] {
    const tokens = this.#entries.shared().map(({ token }) => token);
    const most = Math.floor((MAX_FRAME_BYTES - ENVELOPE_BYTES) / TOKEN_CHARS);
    const texts: string[] = [];
    for (let i = 0; i < tokens.length || i === 0; i += most) texts.push(tokens.slice(i, i + most).join(''));
    return texts;
  }

  missing(held: readonly string[], most = Infinity): readonly (readonly SignedEntry[])[] {
    const known = new Set<string>();
    for (const text of held)
      for (let i = 0; i + TOKEN_CHARS <= text.length; i += TOKEN_CHARS) known.add(text.slice(i, i + TOKEN_CHARS));
    const lists: SignedEntry[][] = [];
    let bytes = 0;
    let all = 0;
    for (const { entry, token } of this.#entries.shared()) {
      if (known.has(token)) continue;
      if (all > most) break;
      const more = utf8Bytes(JSON.stringify(entry)) + 1;
      all += more;
      const list = lists.at(-1);
      if (
        list === undefined ||
        list.length >= MAX_ENTRIES_IN_FRAME ||
        bytes + more > MAX_FRAME_BYTES - ENVELOPE_BYTES
      ) {
        lists.push([entry]);
        bytes = more;
      } else {
        list.push(entry);
        bytes += more;
      }
    }
    return lists;
  }

  /** Signs it, and takes it as everybody does. @param about what it answers or changes. */
  #write(words: Unstamped, about: Message | undefined): Result<Taken, Refusal> {
    const { device, name, sign } = this.#ports;
    const stamp = this.#stamp(about);
    if (this.#entries.isFlood(device, stamp))
      return refused('rate_limited', `too many messages: ${MAX_ENTRIES_A_MINUTE} in a minute get through`);
    const said = JSON.stringify({ v: 1, name: name(), stamp, ...words });
    if (said.length > MAX_SAID_CHARS) return refused('bad_message', 'the text has too many control characters');
    const entry: SignedEntry = { device, said, signature: sign(said) };
    const held = this.#entries.made(entry);
    if (held === undefined) return refused('bad_message', 'this is nothing that may stand in the lobby');
    const dropped = this.#add(held).map((one) => keyOfEntry(one.entry));
    return ok({ news: this.#messages.settle(), fresh: [entry], dropped });
  }

  /** Later than all that we have seen, and than what it is about, wherever our clock stands. */
  #stamp(about: Message | undefined): UnixMs {
    const seen = [
      about?.position.stamp,
      about?.edit?.stamp,
      ...(about?.reactions.values() ?? []).map((one) => one.stamp),
    ];
    const after = Math.max(EPOCH, this.#entries.newest ?? 0, ...seen.map((stamp) => stamp ?? 0)) + 1;
    return unixMs(Math.max(this.#ports.now(), after));
  }

  #add(held: Held): readonly Held[] {
    const dropped = this.#entries.add(held);
    // In this order: what it takes the place of would leave a message with nothing in between.
    this.#messages.put(held, true);
    for (const one of dropped) if (one !== held) this.#forget(one, held);
    if (dropped.includes(held)) this.#forget(held);
    if (held.message.device === this.#ports.device && held.device === this.#ports.device) this.#noteOwn(held);
    return dropped;
  }

  #noteOwn({ said, message }: Held): void {
    if (said.kind === 'say') this.#own.set(said.id, message);
    else if (said.kind === 'delete') this.#own.set(said.of.id, message);
  }

  /** @param replacedBy what has taken its place. */
  #forget(held: Held, replacedBy?: Held): void {
    this.#messages.put(held, false);
    if (held.said.kind !== 'say' && held.said.kind !== 'delete') return;
    if (replacedBy?.key === held.key) return;
    this.#hasForgotten = true;
    if (held.device === this.#ports.device) this.#own.delete(held.said.kind === 'say' ? held.said.id : held.said.of.id);
  }

  #isOwn({ position }: Shown): boolean {
    return position.device === this.#ports.device;
  }

  #notThere(seq: Seq): { ok: false; error: Refusal } {
    const first = this.#messages.shown[0]?.seq;
    const isGone = this.#hasForgotten && seq > 0 && (first === undefined ? seq <= this.last : seq < first);
    return refused(isGone ? 'not_kept' : 'no_such_message');
  }

  /** It is so already: for whoever has asked. */
  #same(
    { seq, rev }: Shown,
    what: Omit<
      Extract<Taken['news'][number], { kind: 'changed' }>['changed'],
      'type' | 'room' | 'rev' | 'seq' | 'by' | 'time'
    >,
  ): Result<Taken, Refusal> {
    const { room, device, name, userOf: nameOf, now } = this.#ports;
    const changed = { type: 'changed', room, rev, seq, by: nameOf(device, name()), time: now(), ...what } as const;
    return ok({ news: [{ kind: 'changed', changed }], fresh: [], dropped: [] });
  }
}

const refOf = ({ position: { device, id, stamp } }: Shown): MessageRef => ({ device, id, stamp });

export const createLobby = (ports: LobbyPorts): Lobby => new SharedLobby(ports);
