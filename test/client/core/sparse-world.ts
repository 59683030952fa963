/** A program of the local network, as far as its own screen sees it, and the wire between them. */
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import type { Effect } from '../../../src/client/core/event.ts';
import { nextWake } from '../../../src/client/core/wake.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import type { HistoryEntry, ServerMessage } from '../../../src/protocol/server-messages.ts';
import { at, clientId, Drive, deviceId, info, OUR_KEY, START, seq, user } from './drive.ts';

/** What is between two places at least: a stamp has room for many. */
const STEP = 1000;

const timeAt = (place: number): UnixMs => at(Math.floor(place / STEP));

/** It holds the lobby, answers at once, and what it says lies on the wire until it is delivered. */
export class SparseWorld {
  readonly drive = new Drive();
  readonly room: RoomName = LOBBY;
  /** In order. */
  readonly entries: HistoryEntry[] = [];
  readonly #page: number;
  #wire: ServerMessage[] | undefined;
  #rev = 0;
  #count = 0;
  readonly said: string[] = [];

  constructor(page: number) {
    this.#page = page;
    this.#do(this.drive.event({ type: 'start' }));
  }

  #do(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.do === 'connect') this.#connect();
      else if (effect.do === 'send') this.#take(effect.message);
      else if (effect.do === 'disconnect') this.#wire = undefined;
    }
  }

  #connect(): void {
    this.#wire = [];
    this.#do(this.drive.event({ type: 'linkUp' }));
  }

  #tell(message: ServerMessage): void {
    this.#wire?.push(message);
  }

  #take(message: ClientMessage): void {
    const id = 'id' in message ? message.id : undefined;
    const own = id === undefined ? {} : { id };
    if (message.type === 'hello') this.#welcome();
    else if (message.type === 'who') this.#tell({ type: 'users', ...own, users: [], more: false });
    else if (message.type === 'history') this.#history(message);
    else if (message.type === 'say') {
      const known = this.entries.find((entry) => entry.id === id && entry.from === 'alice');
      const [entry, ...moved] = known === undefined ? this.add('alice', message.text, this.#after(), id) : [known];
      this.#tell({ type: 'ack', id: id ?? clientId('?'), to: this.room, seq: entry.seq, time: entry.time });
      for (const one of moved) this.#tell({ type: 'message', to: this.room, ...one });
    }
  }

  #welcome(): void {
    this.#tell({
      type: 'welcome',
      version: 1,
      server: 'lan',
      user: user('alice'),
      time: this.now,
      awayAfter: 10_000,
      logOffAfter: 900_000,
      rooms: [{ ...info('#lobby', this.entries.at(-1)?.seq ?? 0), rev: this.#rev }],
      lan: { device: deviceId(OUR_KEY) },
      sparse: [this.room],
    });
  }

  get now(): UnixMs {
    return at(START + this.drive.mono);
  }

  /** The first free place at the end. */
  #after(): number {
    const last = this.entries.at(-1)?.seq ?? 0;
    return Math.max(last + STEP, (START + this.drive.mono) * STEP);
  }

  /** @returns it, and those that had to move on for it, in order. */
  add(from: string, text: string, place: number, id?: ClientId): [HistoryEntry, ...HistoryEntry[]] {
    const name: UserName = user(from);
    const entry = {
      seq: seq(place),
      from: name,
      text,
      time: timeAt(place),
      id: id ?? clientId(`${from}-${++this.#count}`),
    };
    // Of those that would have the same place, the one whose id comes first has it.
    let at = this.entries.findIndex((one) => one.seq >= place);
    if (at < 0) at = this.entries.length;
    while ((this.entries[at]?.id ?? '') < entry.id && this.entries[at]?.seq === entry.seq) {
      entry.seq = seq(entry.seq + 1);
      at++;
    }
    this.entries.splice(at, 0, entry);
    const moved: HistoryEntry[] = [];
    for (let i = at + 1; i < this.entries.length; i++) {
      const [before, one] = [this.entries[i - 1], this.entries[i]];
      if (before === undefined || one === undefined || one.seq > before.seq) break;
      const now = { ...one, seq: seq(before.seq + 1) };
      this.entries[i] = now;
      moved.push(now);
    }
    return [entry, ...moved];
  }

  /** Somebody says something, `ago` ms before now: others may stand after it. */
  other(from: string, ago: number): void {
    const place = ago === 0 ? this.#after() : (START + this.drive.mono - ago) * STEP;
    const told = this.add(from, `${from} ${++this.#count}`, Math.max(1, place));
    for (const entry of told) this.#tell({ type: 'message', to: this.room, ...entry });
  }

  change(which: number): void {
    const index = which % Math.max(1, this.entries.length);
    const entry = this.entries[index];
    if (entry === undefined) return;
    const rev = ++this.#rev;
    const changed = { ...entry, text: `${entry.text}!`, edited: this.now, rev };
    this.entries[index] = changed;
    const { seq: place, from, text, edited } = changed;
    this.#tell({ type: 'changed', room: this.room, seq: place, by: from, time: this.now, text, edited, rev });
  }

  #history(ask: Extract<ClientMessage, { type: 'history' }>): void {
    const size = Math.min(this.#page, ask.limit ?? 200);
    const all = this.entries;
    const own = ask.id === undefined ? {} : { id: ask.id };
    const answer = (messages: HistoryEntry[], more: boolean): void =>
      this.#tell({ type: 'history', ...own, room: this.room, messages, more });
    if (ask.changes !== undefined) {
      const { changes } = ask;
      const changed = all.filter(({ rev = 0 }) => rev > changes).toSorted((a, b) => (a.rev ?? 0) - (b.rev ?? 0));
      answer(changed.slice(0, size), changed.length > size);
    } else if (ask.since !== undefined) {
      const { since } = ask;
      const newer = all.filter((entry) => entry.seq > since);
      answer(newer.slice(0, size), newer.length > size);
    } else {
      const end: Seq | undefined = ask.before;
      const older = all.filter((entry) => end === undefined || entry.seq < end);
      answer(older.slice(-size), older.length > size);
    }
  }

  say(): void {
    const text = `ours ${++this.#count}`;
    this.said.push(text);
    this.#do(this.drive.event({ type: 'key', key: { kind: 'text', text } }));
    this.press('enter');
  }

  press(name: string): void {
    this.#do(this.drive.event({ type: 'key', key: { kind: 'key', name } }));
  }

  deliver(count: number): void {
    for (let i = 0; i < count; i++) {
      const message = this.#wire?.shift();
      if (message !== undefined) this.#do(this.drive.event({ type: 'message', message }));
    }
  }

  /** What is on the wire is lost with it. */
  cut(): void {
    if (this.#wire === undefined) return;
    this.#wire = undefined;
    this.#do(this.drive.event({ type: 'linkDown', text: 'the program has ended' }));
  }

  wake(): void {
    const due = nextWake(this.drive.state);
    if (due === undefined) return;
    this.drive.mono = Math.max(this.drive.mono, due);
    this.#do(this.drive.event({ type: 'tick' }));
  }

  /** Until nothing is on its way any more. */
  settle(): void {
    for (let i = 0; i < 2000; i++) {
      if (this.drive.state.connection.kind !== 'online' && (this.#wire?.length ?? 0) === 0) this.wake();
      if ((this.#wire?.length ?? 0) === 0 && this.drive.state.connection.kind === 'online') return;
      this.deliver(1);
    }
    throw new Error('it never comes to rest');
  }
}
