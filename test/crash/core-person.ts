/** Somebody with the client that people have: its core, by way of its shell, on a real connection. Only the screen is left out. */

import type { Event } from '../../src/client/core/event.ts';
import type { LogEntry } from '../../src/client/core/message-log.ts';
import type { RoomTab, State } from '../../src/client/core/state.ts';
import { Client, type Front } from '../../src/client/shell/client.ts';
import { clientSettings, loginOf } from '../../src/client/shell/client-settings.ts';
import { dialServer } from '../../src/client/shell/dialing.ts';
import type { ServerMessage } from '../../src/protocol/server-messages.ts';
import { CLIENT, CLIENT_FILE, SCREEN } from '../../src/usage/options.ts';
import type { Participant, Traced } from './participant.ts';
import { changeOf, entryOf, type Screen } from './trace.ts';

interface Seen {
  last: number;
  resets: number;
}

const roomTabs = (state: State): RoomTab[] => state.tabs.filter((tab) => tab.kind === 'room');

export class CorePerson implements Participant, Front {
  readonly size = { columns: 100, rows: 50 };
  readonly lines = true;
  readonly name: string;
  readonly as: string;
  /** What was said at the edge of the screen, once each. */
  readonly told = new Set<string>();
  readonly #traced: Traced;
  readonly #client: Client;
  readonly #rooms: readonly string[];
  readonly #seen = new Map<string, Seen>();
  readonly #claimed = new Set<string>();
  readonly #wishes = new Set<string>();
  #session = 0;

  private constructor(name: string, rooms: readonly string[], traced: Traced, start: (front: Front) => Client) {
    this.name = name;
    this.as = `~${name}`;
    this.#rooms = rooms;
    this.#traced = traced;
    this.#client = start(this);
    this.#client.happens({ type: 'start' });
  }

  /** @param folder for what it remembers. */
  static async start(name: string, rooms: readonly string[], port: number, folder: string, traced: Traced) {
    const settings = clientSettings(
      { ...CLIENT, ...SCREEN, ...CLIENT_FILE },
      { HOST: `127.0.0.1:${port}`, guest: true, user: name, data: folder, config: undefined },
      { HOME: folder, XDG_CONFIG_HOME: folder },
    );
    if (!settings.ok) throw new Error(`the settings of ${name} are wrong`);
    const dialled = await dialServer(settings.value);
    const login = loginOf(settings.value, settings.value.address);
    if (!dialled.ok || !login.ok) throw new Error(`${name} can't connect`);
    const reached = { link: dialled.value.link, notices: [], settings: settings.value };
    return new CorePerson(name, rooms, traced, (front) => new Client(front, reached, login.value));
  }

  #note(what: Parameters<Traced['note']>[0]): void {
    this.#traced.note(what, { who: this.name, as: this.as, session: this.#session });
  }

  get #state(): State {
    return this.#client.state;
  }

  #tab(room: string): RoomTab | undefined {
    return roomTabs(this.#state).find((tab) => tab.room === room);
  }

  get isIn(): boolean {
    const { connection, inner } = this.#state;
    return (
      connection.kind === 'online' &&
      this.#rooms.every(
        (room) => this.#tab(room) && [...inner.rooms].some(([name, { joined }]) => name === room && joined),
      )
    );
  }

  get unanswered(): number {
    const changes = this.#state.inner.requests.values().filter(({ purpose }) => purpose.kind === 'change');
    return roomTabs(this.#state).reduce((sum, { pending }) => sum + pending.length, changes.toArray().length);
  }

  get isSettled(): boolean {
    if (!this.isIn || this.unanswered > 0) return false;
    return roomTabs(this.#state).every(({ room, log }) => {
      const inner = this.#state.inner.rooms.get(room);
      return inner !== undefined && inner.opened && log.last === inner.target && inner.rev >= inner.lastRev;
    });
  }

  /** What the client says of its connection. */
  get connection(): string {
    const { connection } = this.#state;
    return 'reason' in connection ? connection.reason : 'text' in connection ? connection.text : connection.kind;
  }

  line(text: string): void {
    this.#client.happens({ type: 'line', text });
  }

  #go(room: string): RoomTab | undefined {
    const { tabs, active } = this.#state;
    const tab = tabs[active];
    if (tab?.kind === 'room' && tab.room === room) return tab;
    this.line(this.#tab(room) === undefined ? `/join ${room}` : `/go ${room}`);
    const now = this.#state.tabs[this.#state.active];
    return now?.kind === 'room' && now.room === room ? now : undefined;
  }

  say(room: string, text: string): void {
    const tab = this.#go(room);
    if (tab === undefined) return;
    const before = new Set(tab.pending.map(({ id }) => id));
    const { effects } = this.#watch(() => this.line(text));
    for (const { id } of tab.pending) if (!before.has(id)) this.#note({ kind: 'asked', id, room, text });
    if (effects) this.#traced.saying();
  }

  /** Online, what is written goes out in the same turn: so it is noted before its answer can come. */
  #watch(what: () => void): { readonly effects: boolean } {
    what();
    return { effects: this.#state.connection.kind === 'online' };
  }

  /** `/correct`, `/delete` and `/react` are for the newest message. */
  change(room: string, command: string): void {
    const tab = this.#go(room);
    if (tab === undefined) return;
    this.line(command);
    const { requests } = this.#state.inner;
    for (const [id, { purpose, message }] of requests) {
      if (purpose.kind !== 'change' || this.#wishes.has(id)) continue;
      this.#wishes.add(id);
      const { seq } = purpose;
      const common = { kind: 'wished', id, room: purpose.room, seq } as const;
      if (message.type === 'edit') this.#note({ ...common, wish: { kind: 'edit', text: message.text } });
      else if (message.type === 'delete') this.#note({ ...common, wish: { kind: 'delete' } });
      else if (message.type === 'react')
        this.#note({ ...common, wish: { kind: 'react', emoji: message.emoji, on: message.on } });
    }
  }

  comeBack(): void {
    if (this.#state.connection.kind === 'waiting') this.line('');
  }

  screens(): Screen[] {
    return roomTabs(this.#state).map(({ room, log, pending }) => ({
      who: this.name,
      room,
      entries: log.entries.filter((entry) => entry.kind === 'message').map((entry) => entryOf(withoutUnknown(entry))),
      unsent: pending.length,
      whole: this.isSettled,
    }));
  }

  close(): void {
    this.#client.close();
  }

  perform(): void {
    // There is no screen.
  }

  changed(state: State, event: Event): void {
    if (event.type === 'linkUp') this.#session += 1;
    if (event.type === 'message') this.#heard(event.message);
    if (state.hint !== undefined) this.told.add(state.hint.text);
    for (const tab of roomTabs(state)) this.#look(tab);
    // It rejoins what it knows; the first time it is told to.
    if (event.type === 'message' && event.message.type === 'welcome')
      queueMicrotask(() => {
        for (const room of this.#rooms) if (this.#tab(room) === undefined) this.line(`/join ${room}`);
      });
  }

  /** What the server has said: the evidence for what the screen shows. */
  #heard(message: ServerMessage): void {
    if (message.type === 'welcome') {
      this.#traced.online(this.name);
      for (const { name, last, rev = 0 } of message.rooms) this.#note({ kind: 'began', room: name, last, rev });
    } else if (message.type === 'room') {
      const { name, last, rev = 0 } = message.room;
      this.#note({ kind: 'began', room: name, last, rev });
    } else if (message.type === 'message') this.#note({ kind: 'heard', room: message.to, entry: entryOf(message) });
    else if (message.type === 'ack') {
      this.#note({ kind: 'acked', id: message.id, room: message.to, seq: message.seq });
      this.#traced.acked();
    } else if (message.type === 'history')
      this.#note({ kind: 'read', room: message.room, entries: message.messages.map(entryOf) });
    else if (message.type === 'changed') {
      const { id } = message;
      this.#note({ kind: 'changed', change: changeOf(message), ...(id === undefined ? {} : { id }) });
    }
  }

  /** What has come onto the screen. */
  #look({ room, log }: RoomTab): void {
    const seen = this.#seen.get(room) ?? { last: 0, resets: log.resets };
    this.#seen.set(room, seen);
    // A page of its own begins wherever it begins.
    let isAnew = seen.last === 0 || seen.resets !== log.resets;
    if (seen.resets !== log.resets) seen.last = 0;
    seen.resets = log.resets;
    if (log.last === seen.last) return;
    const from = log.entries.findLastIndex((entry) => entry.kind === 'message' && entry.seq <= seen.last);
    for (const entry of log.entries.slice(from + 1)) {
      if (entry.kind !== 'message') continue;
      this.#note({ kind: 'shown', room, entry: entryOf(withoutUnknown(entry)), anew: isAnew });
      isAnew = false;
      seen.last = entry.seq;
      const { id } = entry;
      if (entry.from !== this.as || id === undefined || this.#claimed.has(id)) continue;
      this.#claimed.add(id);
      this.#note({ kind: 'claimed', id });
    }
  }
}

type Message = Extract<LogEntry, { kind: 'message' }>;

/** What a message of the log says, without what is only the log's. */
function withoutUnknown({ seq, from, text, id, deleted, reactions, rev }: Message): Parameters<typeof entryOf>[0] {
  return {
    seq,
    from,
    text,
    ...(id === undefined ? {} : { id }),
    ...(deleted === undefined ? {} : { deleted }),
    ...(reactions === undefined ? {} : { reactions }),
    ...(rev === undefined ? {} : { rev }),
  };
}
