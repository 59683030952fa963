/**
 * A client as anybody could write one: it speaks the protocol over the real link, and keeps its rules (ids, sending again,
 * acknowledgement, backfill of messages and of changes). It shows nothing; what it holds is its screen.
 */
import { userInfo } from 'node:os';
import type { Link } from '../../src/link/link.ts';
import { connectTcp } from '../../src/link/tcp.ts';
import type { ServerMessage, ServerMessages } from '../../src/protocol/server-messages.ts';
import { deviceOf, mailTo, sayDevice } from '../server/sealed.ts';
import type { Participant, Traced } from './participant.ts';
import { changeOf, type Entry, entryOf, type Screen, type Wish } from './trace.ts';

/** Messages of a page: small, so that a reader often is between two. */
const PAGE = 100;
/** Milliseconds until it tries to connect again, and until what was refused for now is sent again. */
const RETRY_MS = 60;
const CONNECT_WITHIN_MS = 5000;

interface Held {
  readonly entries: Entry[];
  /** What came before its turn. */
  readonly early: Map<number, Entry>;
  target: number;
  rev: number;
  lastRev: number;
  isReading: boolean;
  isReadingChanges: boolean;
}

export interface WireOptions {
  readonly name: string;
  /** The user who runs this, as the host knows them; else a guest. */
  readonly asUser?: boolean;
  /** This session is a device of theirs, by this name. */
  readonly device?: string;
  readonly rooms: readonly string[];
}

type Unanswered =
  | { readonly kind: 'say'; readonly room: string; readonly text: string }
  | { readonly kind: 'wish'; readonly room: string; readonly seq: number; readonly wish: Wish }
  | { readonly kind: 'mail'; readonly to: string; readonly device: string; readonly body: string };

export class WirePerson implements Participant {
  readonly name: string;
  readonly as: string;
  readonly #options: WireOptions;
  readonly #port: number;
  readonly #traced: Traced;
  readonly #rooms = new Map<string, Held>();
  /** In the order in which it was asked for. */
  readonly #unanswered = new Map<string, Unanswered>();
  readonly #asked = new Map<string, { readonly room: string; readonly changes: boolean; readonly rev: number }>();
  readonly #joined = new Set<string>();
  #link: Link | undefined;
  #session = 0;
  #isOnline = false;
  #isOver = false;
  #ids = 0;
  #timer: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** Up to where its mail has come, over all connections; what is older is known. */
  #mailUpTo = 0;
  /** Refusals, by their codes. */
  readonly refusals = new Map<string, number>();
  /** Errors of the server, as a person would read them. */
  readonly told: string[] = [];

  constructor(options: WireOptions, port: number, traced: Traced) {
    this.#options = options;
    this.#port = port;
    this.#traced = traced;
    this.name = options.name;
    this.as = options.asUser === true ? userInfo().username : `~${options.name}`;
    for (const room of options.rooms) this.#rooms.set(room, newRoom());
    this.#connect();
  }

  #note(what: Parameters<Traced['note']>[0]): void {
    this.#traced.note(what, { who: this.name, as: this.as, session: this.#session });
  }

  get isIn(): boolean {
    return this.#isOnline && this.#options.rooms.every((room) => this.#joined.has(room));
  }

  get unanswered(): number {
    return this.#unanswered.size;
  }

  /** Nothing is missing, and nothing under way. */
  get isSettled(): boolean {
    if (!this.isIn || this.#unanswered.size > 0 || this.#asked.size > 0) return false;
    return [...this.#rooms.values()].every(
      ({ entries, target, early, rev, lastRev }) => entries.length === target && early.size === 0 && rev >= lastRev,
    );
  }

  /** How many messages it has of a room. */
  count(room: string): number {
    return this.#rooms.get(room)?.entries.length ?? 0;
  }

  ownNewest(room: string): Entry | undefined {
    return this.#rooms.get(room)?.entries.findLast(({ from, deleted }) => from === this.as && deleted !== true);
  }

  newest(room: string): Entry | undefined {
    return this.#rooms.get(room)?.entries.findLast(({ deleted }) => deleted !== true);
  }

  say(room: string, text: string): void {
    const id = this.#newId();
    this.#note({ kind: 'asked', id, room, text });
    this.#ask(id, { kind: 'say', room, text });
  }

  wish(room: string, seq: number, wish: Wish): void {
    const id = this.#newId();
    this.#note({ kind: 'wished', id, room, seq, wish });
    this.#ask(id, { kind: 'wish', room, seq, wish });
  }

  mail(to: string, device: string, body: string): void {
    const id = this.#newId();
    this.#note({ kind: 'mailAsked', id, to, device: deviceOf(device), body });
    this.#ask(id, { kind: 'mail', to, device, body });
  }

  /** At once, where it waits. */
  comeBack(): void {
    if (this.#link !== undefined || this.#isOver) return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  screens(): Screen[] {
    return Array.from(this.#rooms, ([room, { entries, rev, lastRev }]) => ({
      who: this.name,
      room,
      entries,
      unsent: this.#unanswered
        .values()
        .filter((one) => one.kind === 'say' && one.room === room)
        .toArray().length,
      whole: this.isSettled && rev >= lastRev,
    }));
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
    this.#link?.destroy();
  }

  #newId(): string {
    this.#ids += 1;
    // As good ids are: they grow with time.
    return `${this.name}-${String(this.#ids).padStart(7, '0')}`;
  }

  #ask(id: string, what: Unanswered): void {
    this.#unanswered.set(id, what);
    if (this.#isOnline) this.#send(id, what);
  }

  #send(id: string, what: Unanswered): void {
    switch (what.kind) {
      case 'say':
        if (!this.#joined.has(what.room)) return;
        this.#traced.saying();
        return this.#write({ type: 'say', id, to: what.room, text: what.text });
      case 'wish': {
        if (!this.#joined.has(what.room)) return;
        const { room, seq, wish } = what;
        if (wish.kind === 'edit') return this.#write({ type: 'edit', id, room, seq, text: wish.text });
        if (wish.kind === 'delete') return this.#write({ type: 'delete', id, room, seq });
        return this.#write({ type: 'react', id, room, seq, emoji: wish.emoji, on: wish.on });
      }
      case 'mail':
        return this.#write(mailTo(what.to, what.device, id, what.body));
    }
  }

  #write(message: object): void {
    this.#link?.write(`${JSON.stringify(message)}\n`);
  }

  #connect(): void {
    connectTcp({ host: '127.0.0.1', port: this.#port, timeoutMs: CONNECT_WITHIN_MS }).then(
      (dialled) => {
        if (this.#isOver && dialled.ok) dialled.value.destroy();
        if (this.#isOver) return;
        if (dialled.ok) this.#connected(dialled.value);
        else this.#later();
      },
      (error: unknown) => {
        throw error;
      },
    );
  }

  #later(): void {
    if (!this.#isOver) this.#timer = setTimeout(() => this.#connect(), RETRY_MS);
  }

  #connected(link: Link): void {
    this.#link = link;
    this.#session += 1;
    link.listen({
      frame: (line) => {
        if (this.#link === link) this.#receive(JSON.parse(line) as ServerMessage);
      },
      fault: (fault) => {
        throw new Error(`the server sent what is no line: ${fault}`);
      },
      drained: () => undefined,
      closed: () => {
        if (this.#link !== link) return;
        this.#link = undefined;
        this.#isOnline = false;
        this.#joined.clear();
        this.#asked.clear();
        clearTimeout(this.#retry);
        for (const room of this.#rooms.values()) Object.assign(room, { isReading: false, isReadingChanges: false });
        this.#later();
      },
    });
    const { name, asUser } = this.#options;
    const who = asUser === true ? { auth: { method: 'host' } } : { name, auth: { method: 'guest' } };
    this.#write({ type: 'hello', version: 1, ...who });
  }

  #receive(message: ServerMessage): void {
    if (message.type === 'welcome') this.#welcome(message);
    else if (message.type === 'room') this.#entered(message.room);
    else if (message.type === 'message') {
      this.#note({ kind: 'heard', room: message.to, entry: entryOf(message) });
      this.#place(message.to, entryOf(message));
    } else if (message.type === 'ack') this.#acked(message);
    else if (message.type === 'changed') this.#changed(message);
    else if (message.type === 'history') this.#page(message);
    else if (message.type === 'mail') this.#mailed(message);
    else if (message.type === 'mailed') {
      this.#note({ kind: 'mailed', id: message.id });
      this.#unanswered.delete(message.id);
    } else if (message.type === 'error') this.#refused(message);
  }

  #welcome({ rooms }: ServerMessages['welcome']): void {
    this.#isOnline = true;
    this.#traced.online(this.name);
    for (const info of rooms) this.#entered(info);
    for (const room of this.#options.rooms) if (!this.#joined.has(room)) this.#write({ type: 'join', room });
    if (this.#options.device !== undefined) this.#write(sayDevice(this.#options.device));
    for (const [id, what] of this.#unanswered) if (what.kind === 'mail') this.#send(id, what);
  }

  #entered({ name, last, rev = 0 }: ServerMessages['room']['room']): void {
    const room = this.#rooms.get(name);
    if (room === undefined || this.#joined.has(name)) return;
    this.#note({ kind: 'began', room: name, last, rev });
    this.#joined.add(name);
    room.target = Math.max(room.target, last);
    room.lastRev = Math.max(room.lastRev, rev);
    if (room.entries.length === 0) room.rev = rev;
    for (const [id, what] of this.#unanswered) if (what.kind !== 'mail' && what.room === name) this.#send(id, what);
    this.#fill(name, room);
  }

  #acked({ id, to, seq }: ServerMessages['ack']): void {
    this.#note({ kind: 'acked', id, room: to, seq });
    this.#traced.acked();
    const asked = this.#unanswered.get(id);
    this.#unanswered.delete(id);
    const room = this.#rooms.get(to);
    // What was stored over an earlier connection may have changed since: a page brings it as it is now.
    const mayHaveChanged = room !== undefined && seq <= room.target;
    if (asked?.kind === 'say' && !mayHaveChanged) this.#place(to, { seq, from: this.as, text: asked.text, id, rev: 0 });
  }

  #place(name: string, entry: Entry): void {
    const room = this.#rooms.get(name);
    if (room === undefined) return;
    room.target = Math.max(room.target, entry.seq);
    if (entry.seq > room.entries.length) room.early.set(entry.seq, entry);
    this.#take(name, room);
    this.#fill(name, room);
  }

  /** Shows what follows on. */
  #take(name: string, room: Held): void {
    for (const seq of room.early.keys()) if (seq <= room.entries.length) room.early.delete(seq);
    for (;;) {
      const next = room.early.get(room.entries.length + 1);
      if (next === undefined) return;
      room.early.delete(next.seq);
      room.entries.push(next);
      this.#note({ kind: 'shown', room: name, entry: next, anew: false });
      // A page may have brought what the acknowledgement would have said.
      if (next.from === this.as && next.id !== undefined) {
        this.#unanswered.delete(next.id);
        this.#note({ kind: 'claimed', id: next.id });
      }
    }
  }

  #fill(name: string, room: Held): void {
    if (!this.#joined.has(name)) return;
    if (!room.isReading && room.entries.length < room.target) {
      room.isReading = true;
      this.#question(name, false, room.rev, { since: room.entries.length });
    }
    if (!room.isReadingChanges && room.rev < room.lastRev) {
      room.isReadingChanges = true;
      this.#question(name, true, room.rev, { changes: room.rev });
    }
  }

  #question(room: string, changes: boolean, rev: number, which: object): void {
    const id = this.#newId();
    this.#asked.set(id, { room, changes, rev });
    this.#write({ type: 'history', id, room, limit: PAGE, ...which });
  }

  #page({ id, room: name, messages }: ServerMessages['history']): void {
    const asked = id === undefined ? undefined : this.#asked.get(id);
    const room = this.#rooms.get(name);
    if (id === undefined || asked === undefined || room === undefined) return;
    this.#asked.delete(id);
    const entries = messages.map(entryOf);
    this.#note({ kind: 'read', room: name, entries });
    if (asked.changes) {
      room.isReadingChanges = false;
      for (const entry of entries) this.#update(room, entry);
      if (room.rev >= asked.rev) room.rev = Math.max(room.rev, entries.at(-1)?.rev ?? room.lastRev);
    } else {
      room.isReading = false;
      // It may have been read before changes that have come since it was asked for.
      room.rev = Math.min(room.rev, asked.rev);
      for (const entry of entries) if (entry.seq > room.entries.length) room.early.set(entry.seq, entry);
      this.#take(name, room);
    }
    this.#fill(name, room);
  }

  /** As it is now, where it isn't newer here. */
  #update(room: Held, entry: Entry): void {
    const held = room.entries[entry.seq - 1];
    if (held !== undefined && entry.rev >= held.rev) room.entries[entry.seq - 1] = entry;
  }

  #changed(message: ServerMessages['changed']): void {
    const { id, room: name, rev, seq, deleted } = message;
    const change = changeOf(message);
    this.#note({ kind: 'changed', change, ...(id === undefined ? {} : { id }) });
    if (id !== undefined) this.#unanswered.delete(id);
    const room = this.#rooms.get(name);
    if (room === undefined) return;
    room.lastRev = Math.max(room.lastRev, rev);
    // A page brings it as it is by then.
    room.early.delete(seq);
    if (rev <= room.rev + 1) {
      room.rev = Math.max(room.rev, rev);
      const held = room.entries[seq - 1];
      if (held !== undefined && rev >= held.rev) {
        const { text = held.text, reactions = held.reactions } = change;
        const { from, id: given } = held;
        const known = { seq: held.seq, from, rev, ...(given === undefined ? {} : { id: given }) };
        room.entries[seq - 1] =
          deleted === true
            ? { ...known, text: '', deleted }
            : { ...known, text, ...(reactions === undefined ? {} : { reactions }) };
      }
    }
    this.#fill(name, room);
  }

  #mailed(message: ServerMessages['mail']): void {
    if (message.kind !== 'sealed') return;
    const { n, id, from, sealed, device } = message;
    this.#note({ kind: 'delivered', device, mail: { n, id, from, body: sealed.message } });
    this.#mailUpTo = Math.max(this.#mailUpTo, n);
    // Every now and then, so that some comes again after a crash.
    if (n % 5 === 0) this.#write({ type: 'received', n });
  }

  #refused({ id, code, text, closes }: ServerMessages['error']): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
    this.told.push(`${text} (${code})`);
    if (closes || id === undefined) return;
    const asked = this.#unanswered.get(id);
    const question = this.#asked.get(id);
    if (question !== undefined) {
      this.#asked.delete(id);
      const room = this.#rooms.get(question.room);
      if (room !== undefined)
        Object.assign(room, question.changes ? { isReadingChanges: false } : { isReading: false });
      this.#again();
    }
    if (asked === undefined) return;
    if (code === 'not_stored' || code === 'rate_limited') return this.#again();
    this.#unanswered.delete(id);
    if (asked.kind === 'say') this.#note({ kind: 'refused', id });
  }

  /** Later, all that has no answer. */
  #again(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      if (!this.#isOnline) return;
      for (const [id, what] of this.#unanswered) this.#send(id, what);
      for (const [name, room] of this.#rooms) this.#fill(name, room);
    }, RETRY_MS);
  }
}

const newRoom = (): Held => ({
  entries: [],
  early: new Map(),
  target: 0,
  rev: 0,
  lastRev: 0,
  isReading: false,
  isReadingChanges: false,
});
