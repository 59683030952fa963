import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RoomName, type Seq, type UserName, unixMs } from '../../../src/base/ids.ts';
import { rowOf, seqOf } from '../../../src/server/store/sqlite/places.ts';
import { Searches } from '../../../src/server/store/sqlite/searches.ts';
import type { Answer, Step } from '../../../src/server/store/sqlite/wire.ts';
import type { Found, Search, SearchPlace } from '../../../src/server/store/store.ts';

/** A message of a room: when it was said, and whether it is what is searched for. */
type Said = readonly [time: number, isHit: boolean];

const nameOf = (room: number): RoomName => `#room${room}` as RoomName;

/** A worker that looks at so many messages in a step, and says that a step takes so many milliseconds. */
class SlowWorker {
  readonly steps: Step['kind'][] = [];
  readonly #rooms: readonly (readonly Said[])[];
  readonly #each: number;
  readonly #took: number;

  constructor(rooms: readonly (readonly Said[])[], each: number, took: number) {
    this.#rooms = rooms;
    this.#each = each;
    this.#took = took;
  }

  ask = <T>(step: Step, pick: (answer: Answer) => T | undefined): Promise<T> => {
    this.steps.push(step.kind);
    const value = pick(this.#answer(step));
    return value === undefined ? Promise.reject(new Error(step.kind)) : Promise.resolve(value);
  };

  #answer(step: Step): Answer {
    if (step.kind === 'index') return { kind: 'index', left: step.goals.slice(1) };
    if (step.kind === 'entries')
      return {
        kind: 'entries',
        count: step.ns.length,
        messages: step.ns.map((n) => ({
          room: nameOf(Math.floor(n / 2 ** 32)),
          seq: seqOf(n),
          from: 'alice' as UserName,
          text: 'x',
          time: unixMs(0),
        })),
      };
    if (step.kind !== 'find') throw new Error(`a search asks no ${step.kind}`);
    const room = this.#rooms.findIndex((_, i) => nameOf(i + 1) === step.room) + 1;
    const said = this.#rooms[room - 1] ?? [];
    const placeOf = (seq: number): SearchPlace => ({ time: unixMs(said[seq - 1]?.[0] ?? 0), n: rowOf(room, seq) });
    const { before } = step;
    const isOlder = ({ time, n }: SearchPlace): boolean =>
      before === null || time < before.time || (time === before.time && n < before.n);
    let seq = said.length;
    while (seq > 0 && !isOlder(placeOf(seq))) seq -= 1;
    const hits: SearchPlace[] = [];
    for (let looked = 0; seq > 0 && looked < this.#each; looked += 1) {
      if (said[seq - 1]?.[1] === true) hits.push(placeOf(seq));
      if (hits.length === step.limit)
        return { kind: 'find', hits, reached: placeOf(seq), took: this.#took, stretch: null };
      seq -= 1;
    }
    return { kind: 'find', hits, reached: seq === 0 ? null : placeOf(seq + 1), took: this.#took, stretch: null };
  }
}

const newSearch = (rooms: number, limit: number): Search => ({
  rooms: Array.from({ length: rooms }, (_, i) => nameOf(i + 1)),
  phrases: ['x'],
  prefix: false,
  limit,
  maxBytes: 1000,
});

test('however slow the worker is, the pages have every hit once, by time, and come to an end', async () => {
  const room = fc
    .array(fc.tuple(fc.nat({ max: 3 }), fc.boolean()), { maxLength: 40 })
    // Times grow, and are often the same.
    .map((steps) => {
      let time = 0;
      return steps.map(([later, isHit]): Said => [(time += later), isHit]);
    });
  await fc.assert(
    fc.asyncProperty(
      fc.array(room, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 10 }),
      fc.constantFrom(0, 30, 150, 1000),
      async (rooms, limit, each, took) => {
        const worker = new SlowWorker(rooms, each, took);
        const searches = new Searches(worker.ask);
        const found: string[] = [];
        let before: SearchPlace | undefined;
        let pages = 0;
        do {
          const more: object = before === undefined ? {} : { before };
          const page: Found | 'busy' = await searches.search({ ...newSearch(rooms.length, limit), ...more });
          if (page === 'busy') throw new Error('busy');
          expect(page.messages.length).toBeLessThanOrEqual(limit);
          found.push(...page.messages.map(({ room: name, seq }) => `${name} ${seq}`));
          before = page.before;
          pages += 1;
        } while (before !== undefined && pages < 1000);
        const all = rooms.flatMap((said, i) =>
          said.flatMap(([time, isHit], at) =>
            isHit ? [{ time, n: rowOf(i + 1, at + 1), room: i + 1, seq: at + 1 }] : [],
          ),
        );
        const wanted = all
          .toSorted((a, b) => b.time - a.time || b.n - a.n)
          .map(({ room: of, seq }) => `${nameOf(of)} ${seq}`);
        expect(found).toEqual(wanted);
      },
    ),
  );
});

test('a search gives up after a while, and says where to go on', async () => {
  const long: readonly Said[] = Array.from({ length: 10_000 }, (_, i): Said => [i, false]);
  const worker = new SlowWorker([long], 10, 50);
  const found = await new Searches(worker.ask).search(newSearch(1, 5));
  // So many milliseconds for all of it.
  expect(worker.steps.filter((kind) => kind === 'find')).toHaveLength(400 / 50);
  expect(found).toEqual({ messages: [], before: { time: 9920, n: rowOf(1, 9921) } });
});

test('each room is looked at, however little time there is', async () => {
  const rooms = Array.from({ length: 20 }, (_, i): readonly Said[] => [[i, true]]);
  const worker = new SlowWorker(rooms, 10, 10_000);
  const found = await new Searches(worker.ask).search(newSearch(20, 50));
  if (found === 'busy') throw new Error('busy');
  expect(found.messages.map(({ seq }) => seq)).toEqual(rooms.map((): Seq => 1 as Seq));
  expect(found.before).toBeUndefined();
});

test('one search that fails leaves the next one alone', async () => {
  const worker = new SlowWorker([[[1, true]]], 10, 1);
  let isBroken = true;
  const searches = new Searches((step, pick) =>
    isBroken ? Promise.reject(new Error('full')) : worker.ask(step, pick),
  );
  const first = searches.search(newSearch(1, 5));
  const second = searches.search(newSearch(1, 5));
  await expect(first).rejects.toThrow('full');
  await expect(second).rejects.toThrow('full');
  isBroken = false;
  expect(await searches.search(newSearch(1, 5))).toMatchObject({ messages: [{ seq: 1 }] });
});
