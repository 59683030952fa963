/**
 * The lobby as our own programs see it: what is new is on the disk before anybody is told of it, and what could not be
 * written waits, with all that comes after it.
 */
import type { ClientId, Seq } from '../../base/ids.ts';
import { ok, type Result } from '../../base/result.ts';
import { Alarm, type Timers } from '../../peer/tasks.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import { MAX_LOBBY_ENTRIES } from '../limits.ts';
import type { Lobby, LobbyNews, Refusal, Taken } from '../lobby/lobby.ts';
import { MAX_ENTRIES_IN_FRAME, type SignedEntry } from '../mesh/frames.ts';
import type { LanStore } from '../store/store.ts';
import { SAVE_AGAIN_MS, TIDY_EVERY_MS } from './limits.ts';
import type { Problems } from './problems.ts';
import type { Session } from './session.ts';

export interface LobbyRoomPorts {
  readonly lobby: Lobby;
  readonly store: LanStore;
  readonly timers: Timers;
  readonly problems: Problems;
  /** To our own programs, but that one. */
  readonly tell: (message: ServerMessages['message'] | ServerMessages['changed'], except: Session | undefined) => void;
  /** To all others on the network. */
  readonly sendAll: (entries: readonly SignedEntry[]) => void;
}

const NOT_STORED: Refusal = { code: 'not_stored', text: ERROR_CODES.not_stored.says };

export class LobbyRoom {
  readonly #ports: LobbyRoomPorts;
  readonly #again: Alarm;
  readonly #tidying: Alarm;
  /** What could not be written yet, in order. Where it is as much as a lobby holds, nothing more is taken. */
  #unsaved: { readonly taken: Taken; readonly isOwn: boolean }[] = [];

  constructor(ports: LobbyRoomPorts) {
    this.#ports = ports;
    this.#again = new Alarm(ports.timers);
    this.#tidying = new Alarm(ports.timers);
  }

  get #isFull(): boolean {
    let entries = 0;
    for (const { taken } of this.#unsaved) entries += taken.fresh.length;
    return entries >= MAX_LOBBY_ENTRIES;
  }

  get lobby(): Lobby {
    return this.#ports.lobby;
  }

  /** What is on the disk. */
  load(): void {
    const { lobby, store } = this.#ports;
    this.#put(lobby.load(store.entries()), false);
    this.#tidy();
  }

  /** A message of ours, in its author's session an `ack`. @returns where it stands. */
  say(
    session: Session,
    words: { readonly id: ClientId; readonly text: string; readonly re?: Seq | undefined },
  ): Result<{ readonly seq: Seq; readonly time: ServerMessages['ack']['time'] }, Refusal> {
    const { lobby } = this.#ports;
    if (lobby.placeOf(words.id) === undefined) {
      if (this.#isFull) return { ok: false, error: NOT_STORED };
      const said = lobby.say(words);
      if (!said.ok) return said;
      this.#put(said.value, true, session, words.id);
    } else this.#save();
    const place = lobby.placeOf(words.id);
    return this.#unsaved.length > 0 || place === undefined ? { ok: false, error: NOT_STORED } : ok(place);
  }

  /** An edit, a deletion or a reaction of ours. @returns what the message is now. */
  change(
    session: Session,
    seq: Seq,
    change: (lobby: Lobby) => Result<Taken, Refusal>,
  ): Result<ServerMessages['changed'] | undefined, Refusal> {
    if (this.#isFull) return { ok: false, error: NOT_STORED };
    const changed = change(this.#ports.lobby);
    if (!changed.ok) return changed;
    const { news, fresh } = changed.value;
    let own: ServerMessages['changed'] | undefined;
    for (const one of news) if (one.kind === 'changed' && one.changed.seq === seq) own = one.changed;
    // What is so already concerns nobody else.
    if (fresh.length > 0) this.#put(changed.value, true, session);
    else this.#save();
    return this.#unsaved.length > 0 ? { ok: false, error: NOT_STORED } : ok(own);
  }

  /** @returns how many of them were new. What isn't taken comes again, when lobbies are compared. */
  take(entries: readonly SignedEntry[]): number {
    if (this.#isFull) return 0;
    const taken = this.#ports.lobby.take(entries);
    if (taken.fresh.length > 0 || taken.dropped.length > 0 || taken.news.length > 0) this.#put(taken, false);
    return taken.fresh.length;
  }

  #put(taken: Taken, isOwn: boolean, author?: Session, id?: ClientId): void {
    this.#unsaved.push({ taken, isOwn });
    this.#save(author, id);
  }

  /** @param author the session whose message is the last of what waits: it learns of that in another way. */
  #save(author?: Session, id?: ClientId): void {
    const { store, problems } = this.#ports;
    for (let first = this.#unsaved[0]; first !== undefined; first = this.#unsaved[0]) {
      const { fresh, dropped } = first.taken;
      try {
        if (fresh.length > 0 || dropped.length > 0) store.putEntries(fresh, dropped);
      } catch (error) {
        problems.put('entries', `messages of the lobby can't be written: ${String(error)}`);
        this.#again.set(SAVE_AGAIN_MS, () => this.#save());
        return;
      }
      problems.end('entries');
      this.#unsaved.shift();
      const isLast = this.#unsaved.length === 0;
      this.#tell(first.taken.news, isLast ? author : undefined, id);
      if (first.isOwn) this.#ports.sendAll(fresh);
    }
  }

  #tell(news: readonly LobbyNews[], author: Session | undefined, id: ClientId | undefined): void {
    const { tell } = this.#ports;
    for (const one of news) {
      if (one.kind === 'changed') tell(one.changed, author);
      else tell(one.message, one.own && one.message.id === id ? author : undefined);
    }
  }

  #tidy(): void {
    const taken = this.#ports.lobby.tidy();
    if (taken.dropped.length > 0 || taken.news.length > 0) this.#put(taken, false);
    this.#tidying.set(TIDY_EVERY_MS, () => this.#tidy());
  }
}

/** Lists that fit a frame by their number; ours are so few that the bytes do, too. */
export const framesOf = (entries: readonly SignedEntry[]): readonly (readonly SignedEntry[])[] =>
  Array.from({ length: Math.ceil(entries.length / MAX_ENTRIES_IN_FRAME) }, (_, i) =>
    entries.slice(i * MAX_ENTRIES_IN_FRAME, (i + 1) * MAX_ENTRIES_IN_FRAME),
  );
