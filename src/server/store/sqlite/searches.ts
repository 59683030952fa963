import type { RoomName, UnixMs } from '../../../base/ids.ts';
import { type Found, MAX_WAITING_SEARCHES, type Search, type SearchPlace } from '../store.ts';
import type { Answer, IndexGoal, Step, Stretch } from './wire.ts';
import { matchFor } from './words.ts';

/** Milliseconds of the worker's time that one step of a search may take, so that nobody waits longer for it. */
const STEP_MS = 10;
/** Milliseconds of the worker's time for one search; then it answers with what it has. */
const SEARCH_MS = 400;

/** Asks the worker for one step. */
type Ask = <T>(step: Step, pick: (answer: Answer) => T | undefined) => Promise<T>;

/** How far a room has been looked through. */
interface Progress {
  readonly room: RoomName;
  /** The newest first. The times never grow from one to the next. */
  readonly hits: SearchPlace[];
  /** All after this was looked at; undefined: nothing yet; null: all of it. */
  reached: SearchPlace | undefined | null;
  /** How far the last step went at a time. */
  stretch: Stretch | null;
}

/**
 * Searches, one after the other, each in short steps between which the worker serves others.
 *
 * A room is read from its end, for there rows stand in the order of time; what was found in several rooms is merged by
 * time. Only what is newer than the place down to which all rooms have been looked through is known to be complete.
 */
export class Searches {
  readonly #ask: Ask;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  async search(search: Search): Promise<Found | 'busy'> {
    const match = matchFor(search.phrases, search.prefix, search.from);
    if (match === undefined) return { messages: [] };
    if (this.#waiting >= MAX_WAITING_SEARCHES) return 'busy';
    this.#waiting += 1;
    const found = this.#last.then(
      () => this.#run(search, match),
      () => this.#run(search, match),
    );
    this.#last = found;
    try {
      return await found;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #run(search: Search, match: string): Promise<Found> {
    await this.#index(search.rooms);
    const { before, limit } = search;
    const rooms: Progress[] = search.rooms.map((room) => ({ room, hits: [], reached: undefined, stretch: null }));
    let took = 0;
    for (;;) {
      const next = newest(rooms);
      if (next === undefined) break;
      // Each room gets a step, so that however many there are, one search after the other gets on.
      if (next.reached !== undefined && (took >= SEARCH_MS || complete(rooms).length > limit)) break;
      took += await this.#step(search, match, next, before);
    }
    const [hits, end] = [complete(rooms), newest(rooms)?.reached ?? undefined];
    return this.#read(hits, end, search);
  }

  /** Brings the index of these rooms to where they end now. */
  async #index(rooms: readonly RoomName[]): Promise<void> {
    let goals: readonly IndexGoal[] = rooms.map((room) => ({ room }));
    while (goals.length > 0)
      goals = await this.#ask({ kind: 'index', goals }, (a) => (a.kind === 'index' ? a.left : undefined));
  }

  /** Looks a bit further through a room. @returns the milliseconds that it took. */
  async #step(
    { from, limit }: Search,
    match: string,
    progress: Progress,
    start: SearchPlace | undefined,
  ): Promise<number> {
    const before = progress.reached ?? start ?? null;
    const wanted = limit + 1 - progress.hits.length;
    const { room, stretch: last } = progress;
    const { hits, reached, took, stretch } = await this.#ask(
      { kind: 'find', room, match, from: from ?? null, before, limit: wanted, within: STEP_MS, stretch: last },
      (answer) => (answer.kind === 'find' ? answer : undefined),
    );
    let time: UnixMs | undefined = before?.time;
    const inOrder = (place: SearchPlace): SearchPlace => {
      if (time === undefined || place.time < time) time = place.time;
      return { time, n: place.n };
    };
    progress.stretch = stretch;
    progress.hits.push(...hits.map(inOrder));
    progress.reached = reached === null ? null : inOrder(reached);
    return took;
  }

  /** @param end down to where everything was looked at; undefined: everything there is. */
  async #read(hits: readonly SearchPlace[], end: SearchPlace | undefined, search: Search): Promise<Found> {
    const wanted = hits.slice(0, search.limit);
    const { messages, count } =
      wanted.length === 0
        ? { messages: [], count: 0 }
        : await this.#ask({ kind: 'entries', ns: wanted.map(({ n }) => n), maxBytes: search.maxBytes }, (answer) =>
            answer.kind === 'entries' ? answer : undefined,
          );
    const before = count < hits.length ? (wanted[count - 1] ?? end) : end;
    return before === undefined ? { messages } : { messages, before };
  }
}

/** By time, and by the store's number among what has the same; the newer one first. */
const byPlace = (a: SearchPlace, b: SearchPlace): number => b.time - a.time || b.n - a.n;

/** The room whose unknown part begins the latest; undefined where all are known. */
function newest(rooms: readonly Progress[]): Progress | undefined {
  let found: Progress | undefined;
  for (const room of rooms) {
    if (room.reached === undefined) return room;
    if (room.reached === null) continue;
    if (!found?.reached || byPlace(room.reached, found.reached) < 0) found = room;
  }
  return found;
}

/** What was found and is in its place: nothing newer can still be found. */
function complete(rooms: readonly Progress[]): SearchPlace[] {
  const end = newest(rooms)?.reached;
  const hits = rooms.flatMap((room) => room.hits).toSorted(byPlace);
  return end ? hits.filter((hit) => byPlace(hit, end) <= 0) : hits;
}
