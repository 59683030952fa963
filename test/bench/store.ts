/**
 * How many appends a second the store takes, and what each costs: `node test/bench/store.ts [--size APPENDS]`.
 *
 * `main` is the time of the thread that runs the server, its share of each append; `all` is both threads together, which
 * is what counts where they share a core (`taskset -c 0 node test/bench/store.ts`).
 */

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientId, UnixMs, UserName } from '../../src/base/ids.ts';
import { LOBBY } from '../../src/protocol/names.ts';
import { openSqliteStore } from '../../src/server/store/sqlite/open.ts';
import type { Durability, NewMessage, Store } from '../../src/server/store/store.ts';
import { alone, type Benchmark, type How, quantile } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';

type Ids = 'none' | 'growing' | 'random';

const TEXT = 'x'.repeat(100);
const AUTHORS = 100;
const START = 1_790_000_000_000;
const APPENDS = 200_000;

function messageAt(n: number, ids: Ids): NewMessage {
  const message = { room: LOBBY, from: `~u${n % AUTHORS}` as UserName, text: TEXT, time: (START + n) as UnixMs };
  if (ids === 'none') return message;
  const tail = randomUUID();
  // As UUIDv7: time first, then chance.
  return {
    ...message,
    id: (ids === 'random' ? tail : `${(START + n).toString(16).padStart(12, '0')}${tail.slice(12)}`) as ClientId,
  };
}

/** Keeps `inFlight` appends under way until `count` are done; the waits of each, in ms. */
function drive(store: Store, messages: readonly NewMessage[], inFlight: number): Promise<readonly number[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly number[]>();
  const waits = messages.map(() => 0);
  let next = 0;
  let done = 0;
  const one = (): void => {
    const at = next++;
    const message = messages[at];
    if (message === undefined) return;
    const asked = performance.now();
    store.append(message).then(() => {
      waits[at] = performance.now() - asked;
      done += 1;
      if (done === messages.length) resolve(waits);
      one();
    }, reject);
  };
  for (let i = 0; i < inFlight; i++) one();
  return promise;
}

async function* measure(durability: Durability, inFlight: number, ids: Ids, count: number): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'uchat-bench-'));
  const store = await openSqliteStore({ folder, durability });
  try {
    const messages = Array.from({ length: count }, (_, n) => messageAt(n, ids));
    await drive(
      store,
      messages.slice(0, Math.min(1000, count)).map((m) => ({ ...m, from: '~warm' as UserName })),
      inFlight,
    );
    const [main, all, start] = [process.threadCpuUsage(), process.cpuUsage(), performance.now()];
    const waits = await drive(store, messages, inFlight);
    const ms = performance.now() - start;
    const mainUsed = process.threadCpuUsage(main);
    const allUsed = process.cpuUsage(all);
    const per = ({ user, system }: { user: number; system: number }): number => (user + system) / count;
    const what = `${durability}, ${inFlight} in flight, ids ${ids}`;
    yield { name: what, value: (count / ms) * 1000, unit: 'appends/s' };
    yield { name: `${what}: main`, value: per(mainUsed), unit: 'µs each' };
    yield { name: `${what}: all`, value: per(allUsed), unit: 'µs each' };
    yield { name: `${what}: wait p50`, value: quantile(waits, 0.5), unit: 'ms' };
    yield { name: `${what}: wait p99`, value: quantile(waits, 0.99), unit: 'ms' };
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

async function* run(how: How): AsyncGenerator<Figure> {
  const count = how.size(APPENDS, 1000);
  for (const durability of ['full', 'process'] as const) {
    for (const inFlight of [1, 16, 64, 512, 4096])
      yield* measure(durability, inFlight, 'none', inFlight < 64 ? Math.ceil((count * inFlight) / 512) : count);
    for (const ids of ['growing', 'random'] as const) yield* measure(durability, 512, ids, count);
  }
}

export const benchmark: Benchmark = {
  name: 'store',
  measures: 'appends a second to the store, and what each costs and waits',
  run,
};

if (import.meta.main) await alone(benchmark);
