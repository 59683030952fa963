/**
 * What the full-text index costs, and how fast searches are: `node test/bench/search.ts [--count N] [--rooms N]`.
 *
 * `wait` is how long an append takes while the search, or the index, is at work: a message is appended every 2 ms.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RoomName, UnixMs, UserName } from '../../src/base/ids.ts';
import { readWords } from '../../src/server/core/search-words.ts';
import { openSqliteStore } from '../../src/server/store/sqlite/open.ts';
import type { SearchPlace, Store } from '../../src/server/store/store.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '500000' }, rooms: { type: 'string', default: '20' } },
});
const [COUNT, ROOMS] = [Number(values.count), Number(values.rooms)];
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

const folder = await mkdtemp(join(tmpdir(), 'uchat-bench-'));
const size = async (): Promise<number> => (await stat(join(folder, 'uchat.db'))).size / 2 ** 20;
const percentile = (times: readonly number[], part: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;

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

const waitsOf = (waits: readonly number[]): string =>
  `wait p50 ${percentile(waits, 0.5).toFixed(2)}  p99 ${percentile(waits, 0.99).toFixed(2)}  max ${Math.max(...waits).toFixed(1)} ms`;

async function fill(store: Store): Promise<void> {
  for (const room of rooms) await store.createRoom(room, START as UnixMs);
  for (let n = 0; n < COUNT; n += 2000)
    await Promise.all(
      Array.from({ length: Math.min(2000, COUNT - n) }, (_, i) =>
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

async function measureSearches(store: Store): Promise<void> {
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
      let found = 0;
      const waits = await appendDuring(store, async () => {
        for (let run = 0; run < RUNS; run++) {
          const start = performance.now();
          found = await search(store, words, wanted);
          times.push(performance.now() - start);
        }
      });
      const p = (part: number): string => percentile(times, part).toFixed(1).padStart(6);
      console.log(
        `${what.padEnd(30)} ${where.padEnd(9)} ${String(found).padStart(3)} found  p50 ${p(0.5)}  max ${p(1)} ms   ${waitsOf(waits)}`,
      );
    }
}

const store = await openSqliteStore({ folder, durability: 'process' });
try {
  const start = performance.now();
  await fill(store);
  console.log(
    `${COUNT} messages appended in ${((performance.now() - start) / 1000).toFixed(1)} s, ${(await size()).toFixed(0)} MiB`,
  );
  const began = performance.now();
  const waits = await appendDuring(store, async () => void (await search(store, 'zzzzzz', rooms)));
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `put into the index by the first search in ${seconds.toFixed(1)} s, ${Math.round(COUNT / seconds)} a second   ${waitsOf(waits)}`,
  );
  await measureSearches(store);
} finally {
  await store.close();
  console.log(`in the end ${(await size()).toFixed(0)} MiB`);
  await rm(folder, { recursive: true });
}
