/**
 * What it costs to remove messages that are kept no longer, and how much longer an append waits meanwhile:
 * `node test/bench/keep.ts [--size MESSAGES]`. Times in one run can be compared, those of two can't.
 *
 * `step`: the time of the store's thread for one step, which is what an append may have to wait for it.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientId, type UserName, unixMs } from '../../src/base/ids.ts';
import type { Keep } from '../../src/base/keep.ts';
import { LOBBY } from '../../src/protocol/names.ts';
import { openSqliteStore } from '../../src/server/store/sqlite/open.ts';
import type { Durability, Store } from '../../src/server/store/store.ts';
import { alone, type Benchmark, type How, quantile } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';

const START = 1_790_000_000_000;
const FOREVER: Keep = {};
/** Milliseconds between two appends that are measured. */
const PACE_MS = 5;
/** As the server does it (`keeper.ts`): so many times as long as a step took is left to others. */
const PAUSES = 4;
const LEAST_PAUSE_MS = 5;

const WORDS = 'the a of and to in is it you that he was for on are with as his they be at one have this'.split(' ');

/** About 100 characters: common words, and some that are rare. */
function textAt(n: number): string {
  const words = Array.from({ length: 14 }, (_, i) => WORDS[(n * 7 + i * 5) % WORDS.length]);
  return [...words, `w${(n * 2_654_435_761) % 50_000}`, `w${n % 3000}`, `word${n}`].join(' ').padEnd(100, '.');
}

const say = (store: Store, n: number, from: string) =>
  store.append({
    room: LOBBY,
    from: from as UserName,
    text: textAt(n),
    time: unixMs(START + n),
    id: randomUUID() as ClientId,
  });

async function fill(store: Store, count: number): Promise<void> {
  for (let done = 0; done < count; done += 2000)
    await Promise.all(
      Array.from({ length: Math.min(2000, count - done) }, (_, i) => say(store, done + i, `u${i % 50}`)),
    );
  // Puts all of it into the index.
  await store.search({ rooms: [LOBBY], phrases: ['word1'], prefix: false, limit: 1, maxBytes: 1000 });
}

function* told(name: string, values: readonly number[]): Generator<Figure> {
  for (const [what, part] of [
    ['p50', 0.5],
    ['p99', 0.99],
    ['max', 1],
  ] as const)
    yield { name: `${name}: ${what}`, value: quantile(values, part), unit: 'ms' };
}

/** Appends at a steady pace while something else is done; the wait of each. */
async function appendDuring(store: Store, work: () => Promise<void>): Promise<number[]> {
  const waits: number[] = [];
  let isOver = false;
  const appends = (async () => {
    for (let n = 0; !isOver; n++) {
      const asked = performance.now();
      await say(store, 10_000_000 + n, 'pace');
      waits.push(performance.now() - asked);
      await sleep(PACE_MS);
    }
  })();
  await work();
  isOver = true;
  await appends;
  return waits;
}

async function* measure(durability: Durability, count: number, rest: number): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'uchat-bench-'));
  const store = await openSqliteStore({ folder, durability });
  const fileBytes = async (): Promise<number> => (await stat(join(folder, 'uchat.db'))).size;
  try {
    await fill(store, count);
    yield* told(`${durability}, append alone`, await appendDuring(store, () => sleep(rest)));
    const steps: number[] = [];
    let removed = 0;
    let first = 1;
    const start = performance.now();
    const rule: Keep = { bytes: Math.min(1_000_000, count * 50) };
    const during = await appendDuring(store, async () => {
      // Not to the end: those that are appended meanwhile are too many for the rule, too.
      for (let more = true; more && removed < count / 2; ) {
        const done = await store.retain({ rule, wall: unixMs(START), mono: performance.now() });
        steps.push(done.took);
        ({ more } = done);
        const next = done.rooms[0]?.first ?? first;
        removed += next - first;
        first = next;
        if (more) await sleep(Math.max(LEAST_PAUSE_MS, PAUSES * done.took));
      }
    });
    const seconds = (performance.now() - start) / 1000;
    const took = steps.reduce((sum, ms) => sum + ms, 0);
    yield* told(`${durability}, append while removing`, during);
    yield* told(`${durability}, step`, steps);
    yield { name: `${durability}, removal`, value: (took * 1000) / removed, unit: 'µs each' };
    yield { name: `${durability}, removed`, value: removed / seconds, unit: 'messages/s' };
    await store.retain({ rule: FOREVER, wall: unixMs(START), mono: performance.now() });
    const before = await fileBytes();
    yield* told(
      `${durability}, append while the file is cleared and shrinks`,
      await appendDuring(store, () => sleep(rest * 3)),
    );
    yield { name: `${durability}, file after, to before`, value: (await fileBytes()) / before, unit: 'ratio' };
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

async function* run(how: How): AsyncGenerator<Figure> {
  const count = how.size(60_000, 1000);
  for (const durability of ['process', 'full'] as const) yield* measure(durability, count, how.quick ? 300 : 3000);
}

export const benchmark: Benchmark = {
  name: 'keep',
  measures: 'what it costs to remove messages that are kept no longer, and how long an append waits meanwhile',
  run,
};

if (import.meta.main) await alone(benchmark);
