/** Snapshots -> the figures that a screen shows. */
import { Windows } from '../../figures/histogram.ts';
import type { RoomFigure, Snapshot } from '../../figures/snapshot.ts';
import { firstOf, Rate } from './figures.ts';
import type { Rect, TableName } from './layout.ts';
import { insideOf } from './layout.ts';
import type { Places } from './places.ts';
import { RoomRates } from './room-rates.ts';
import type { Figures, Health } from './state.ts';
import { itemsOn, type Listing, NOTHING } from './tables/table.ts';

/** Looks, and so seconds, of one window of what changes all the time. */
const WINDOW_LOOKS = 10;

/** Which tables are to be seen, and where. */
type Seen = Readonly<Partial<Record<TableName, Rect>>>;

const NOWHERE: Figures = {
  connections: 0,
  behind: 0,
  outboxMaxBytes: 0,
  refused: 0,
  locked: 0,
  online: 0,
  away: 0,
  lists: { people: NOTHING, rooms: NOTHING, connections: NOTHING },
  messages: new Rate(),
  deliveries: new Rate(),
  health: undefined,
};

export class Lookout {
  readonly #places: Places;
  readonly #rates = new RoomRates();
  #snapshot: (() => Snapshot) | undefined;
  #windows: { readonly commits: Windows; readonly batches: Windows } | undefined;
  #looks = 0;
  /** At the last look: what the rates are taken from. */
  #before: { readonly messages: number; readonly deliveries: number } | undefined;
  #window: { readonly time: number; readonly cpuSeconds: number } | undefined;
  #figures: Figures = { ...NOWHERE, messages: new Rate(), deliveries: new Rate() };

  constructor(places: Places) {
    this.#places = places;
  }

  get figures(): Figures {
    return this.#figures;
  }

  watch(snapshot: () => Snapshot): void {
    this.#snapshot = snapshot;
  }

  /** Of the last snapshot's kind, taken now: for completion. */
  names(): { readonly people: string[]; readonly rooms: string[] } {
    const now = this.#snapshot?.();
    return {
      people: Array.from(now?.people ?? [], ({ name }) => name),
      rooms: Array.from(now?.rooms ?? [], ({ name }) => name),
    };
  }

  /** @param seconds since the last look that counted them; 0: what is to be seen has changed, and no time has passed. */
  look(seconds: number, seen: Seen): void {
    if (this.#snapshot === undefined) return;
    const snapshot = this.#snapshot();
    const { connections, behind, outboxMaxBytes, refused, locked, online, away } = snapshot;
    if (seconds > 0) this.#count(snapshot, seconds);
    const lists = this.#lists(snapshot, seen);
    this.#places.settle({
      people: lists.people.first,
      rooms: lists.rooms.first,
      connections: lists.connections.first,
    });
    this.#figures = {
      ...this.#figures,
      connections,
      behind,
      outboxMaxBytes,
      refused,
      locked,
      online,
      away,
      lists,
      health: this.#health(snapshot, seconds),
    };
  }

  #count({ counts, deliveries, rooms }: Snapshot, seconds: number): void {
    const { messages } = counts;
    const before = this.#before ?? { messages, deliveries };
    this.#before = { messages, deliveries };
    this.#figures.messages.add(messages - before.messages, seconds);
    this.#figures.deliveries.add(deliveries - before.deliveries, seconds);
    this.#rates.look(rooms, seconds);
  }

  #lists({ people, online, away, rooms, roomCount, links, connections }: Snapshot, seen: Seen): Figures['lists'] {
    const compare = this.#places.compareOf();
    const rated = { [Symbol.iterator]: () => this.#rated(rooms) };
    return {
      people: this.#listing('people', people, online + away, compare.people, seen),
      rooms: this.#listing('rooms', rated, roomCount, compare.rooms, seen),
      connections: this.#listing('connections', links, connections, compare.connections, seen),
    };
  }

  *#rated(rooms: Iterable<RoomFigure>): Generator<RoomFigure & { readonly rate: number }> {
    for (const room of rooms) yield { ...room, rate: this.#rates.of(room.name) };
  }

  #listing<Item>(
    table: TableName,
    items: Iterable<Item>,
    count: number,
    compare: (a: Item, b: Item) => number,
    seen: Seen,
  ): Listing<Item> {
    const rect = seen[table];
    const wanted = this.#places.firstOf(table);
    if (rect === undefined) return { count, first: Math.min(wanted, count), items: [] };
    const rows = Math.max(1, itemsOn(insideOf(rect).height, 0, 0));
    const first = Math.min(wanted, Math.max(0, count - rows));
    return { count, first, items: firstOf(items, first + rows, compare).slice(first) };
  }

  #health({ work, process, time }: Snapshot, seconds: number): Health {
    const { health } = this.#figures;
    this.#windows ??= { commits: new Windows(work.commits), batches: new Windows(work.batches) };
    if (seconds > 0) this.#looks += 1;
    // At first there is something to be seen at once; the event loop's first window ends a little later.
    if (
      health !== undefined &&
      health.process.loop !== undefined &&
      (seconds === 0 || this.#looks % WINDOW_LOOKS !== 0)
    )
      return health;
    const before = this.#window;
    const { cpuSeconds } = process;
    this.#window = { time, cpuSeconds };
    const elapsed = before === undefined ? 0 : (time - before.time) / 1000;
    return {
      process,
      cpu: before === undefined || elapsed <= 0 ? health?.cpu : (cpuSeconds - before.cpuSeconds) / elapsed,
      commits: this.#windows.commits.take(),
      batches: this.#windows.batches.take(),
    };
  }
}
