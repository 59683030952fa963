/**
 * What the full-text index costs, and how fast searches are: `node test/bench/search.ts [--size MESSAGES]`.
 *
 * An append's wait is how long one takes while the search, or the index, is at work: a message is appended every 2 ms.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RoomName, UnixMs, UserName } from '../../src/base/ids.ts';
import { readWords } from '../../src/server/core/search-words.ts';
import { openSqliteStore } from '../../src/server/store/sqlite/open.ts';
import type { SearchPlace, Store } from '../../src/server/store/store.ts';
import { alone, type Benchmark, type How, quantile, timedAsync } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';

const COUNT = 500_000;
const ROOMS = 20;
const START = 1_790_000_000_000;
const RUNS = 30;
const rooms = Array.from({ length: ROOMS }, (_, i) => `#room${i}` as RoomName);

/** Chance that is the same in every run (mulberry32). */
let seed = 1;
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

/** Words of which the nth is used in proportion to 1/n, as people use theirs; their letters, too. */
const LETTERS = 'etaoinshrdlucmfwypvbgkjqxz';
const WORDS = Array.from({ length: 60_000 }, (_, i) =>
  Array.from(
    { length: 2 + Math.floor(Math.log(i + 2) / 1.5 + random() * 3) },
    () => LETTERS[Math.floor(random() * random() * 26)],
  ).join(''),
);
const anyWord = (): string => WORDS[Math.floor(Math.exp(random() * Math.log(WORDS.length))) - 1] ?? '';
const sentence = (): string => Array.from({ length: 3 + Math.floor(random() * 15) }, anyWord).join(' ');
const rank = (n: number): string => WORDS[n] ?? '';

/** Appends all the time while something else is done. @returns how long each took, in ms. */
async function appendDuring(store: Store, work: () => Promise<void>): Promise<number[]> {
  const waits: number[] = [];
  let isDone = false;
  const appending = (async () => {
    while (!isDone) {
      const start = performance.now();
      await store.append({
        room: rooms[0] ?? ('#lobby' as RoomName),
        from: 'bench' as UserName,
        text: sentence(),
        time: START as UnixMs,
      });
      waits.push(performance.now() - start);
      await new Promise((resolve) => {
        setTimeout(resolve, 2);
      });
    }
  })();
  await work();
  isDone = true;
  await appending;
  return waits;
}

const waitOf = (name: string, waits: readonly number[]): Figure => ({
  name: `${name}: an append's wait, p99`,
  value: quantile(waits, 0.99),
  unit: 'ms',
});

async function fill(store: Store, count: number): Promise<void> {
  for (const room of rooms) await store.createRoom(room, START as UnixMs);
  for (let n = 0; n < count; n += 2000)
    await Promise.all(
      Array.from({ length: Math.min(2000, count - n) }, (_, i) =>
        store.append({
          room: rooms[Math.floor(random() * random() * ROOMS)] ?? ('#lobby' as RoomName),
          from: `user${Math.floor(random() * 200)}` as UserName,
          text: sentence(),
          time: (START + n + i) as UnixMs,
        }),
      ),
    );
}

async function search(store: Store, words: string, wanted: readonly RoomName[], before?: SearchPlace): Promise<number> {
  const read = readWords(words);
  if (read === undefined) return 0;
  const found = await store.search({
    rooms: wanted,
    ...read,
    ...(before === undefined ? {} : { before }),
    limit: 50,
    maxBytes: 65_000,
  });
  return found === 'busy' ? 0 : found.messages.length;
}

async function* searches(store: Store, runs: number): AsyncGenerator<Figure> {
  // In quotes no word is the beginning of others.
  const common = `"${rank(0)}"`;
  const questions: readonly (readonly [string, string])[] = [
    ['the commonest word', common],
    ['a rare word', `"${rank(40_000)}"`],
    ['no word that there is', 'zzzzzz'],
    ['two common words', `"${rank(1)}" "${rank(2)}"`],
    ['a common and a rare word', `${common} "${rank(20_000)}"`],
    ['a phrase of common words', `"${rank(0)} ${rank(1)} ${rank(0)}"`],
    ['a beginning of three letters', rank(300).slice(0, 3).padEnd(3, 'e')],
    ['a beginning of five letters', rank(20_000).slice(0, 5)],
    // The worst there is: this word is in more than half of the messages.
    ['the commonest, as a beginning', rank(0)],
    ['of one person', 'from:user7'],
    ['a common word of one person', `${common} from:user7`],
  ];
  for (const [what, words] of questions)
    for (const [where, wanted] of [
      ['one room', rooms.slice(0, 1)],
      [`${ROOMS} rooms`, rooms],
    ] as const) {
      const times: number[] = [];
      const waits = await appendDuring(store, async () => {
        for (let run = 0; run < runs; run++) times.push(await timedAsync(() => search(store, words, wanted)));
      });
      const name = `${what}, ${where}`;
      yield { name: `${name}: p50`, value: quantile(times, 0.5), unit: 'ms' };
      yield { name: `${name}: worst`, value: quantile(times, 1), unit: 'ms' };
      yield waitOf(name, waits);
    }
}

async function* run(how: How): AsyncGenerator<Figure> {
  const count = how.size(COUNT, 2000);
  const folder = await mkdtemp(join(tmpdir(), 'uchat-bench-'));
  const size = async (): Promise<number> => (await stat(join(folder, 'uchat.db'))).size / 2 ** 20;
  const store = await openSqliteStore({ folder, durability: 'process' });
  try {
    const filled = (await timedAsync(() => fill(store, count))) / 1000;
    yield { name: 'messages appended', value: count / filled, unit: '/s' };
    yield { name: `${count} messages`, value: await size(), unit: 'MiB' };
    let indexed = 0;
    const waits = await appendDuring(store, async () => {
      indexed = (await timedAsync(() => search(store, 'zzzzzz', rooms))) / 1000;
    });
    yield { name: 'put into the index by the first search', value: count / indexed, unit: '/s' };
    yield waitOf('the same', waits);
    yield* searches(store, how.quick ? 1 : RUNS);
    yield { name: 'in the end', value: await size(), unit: 'MiB' };
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

export const benchmark: Benchmark = {
  name: 'search',
  measures: 'the full-text index and searches, and how long an append waits meanwhile',
  run,
};

if (import.meta.main) await alone(benchmark);
