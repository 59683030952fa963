/**
 * How many appends a second the store takes, and what each costs: `node test/bench/store.ts`.
 *
 * `main` is the time of the thread that runs the server, its share of each append; `all` is both threads together, which
 * is what counts where they share a core (`taskset -c 0 node test/bench/store.ts`).
 */

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ClientId, UnixMs, UserName } from '../../src/base/ids.ts';
import { LOBBY } from '../../src/protocol/names.ts';
import { openSqliteStore } from '../../src/server/store/sqlite/open.ts';
import type { Durability, NewMessage, Store } from '../../src/server/store/store.ts';

type Ids = 'none' | 'growing' | 'random';

const TEXT = 'x'.repeat(100);
const AUTHORS = 100;
const START = 1_790_000_000_000;

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
function drive(store: Store, messages: readonly NewMessage[], inFlight: number): Promise<Float64Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Float64Array>();
  const waits = new Float64Array(messages.length);
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

async function measure(durability: Durability, inFlight: number, ids: Ids, count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'uchat-bench-'));
  const store = await openSqliteStore({ folder, durability });
  try {
    const messages = Array.from({ length: count }, (_, n) => messageAt(n, ids));
    await drive(
      store,
      messages.slice(0, 1000).map((m) => ({ ...m, from: '~warm' as UserName })),
      inFlight,
    );
    const [main, all, start] = [process.threadCpuUsage(), process.cpuUsage(), performance.now()];
    const waits = await drive(store, messages, inFlight);
    const ms = performance.now() - start;
    const mainUsed = process.threadCpuUsage(main);
    const allUsed = process.cpuUsage(all);
    waits.sort();
    const per = ({ user, system }: { user: number; system: number }): string => ((user + system) / count).toFixed(2);
    console.log(
      `${durability.padEnd(8)} in flight ${String(inFlight).padStart(4)}  ids ${ids.padEnd(7)}` +
        `  ${String(Math.round((count / ms) * 1000)).padStart(7)} appends/s` +
        `  main ${per(mainUsed)} µs  all ${per(allUsed)} µs` +
        `  wait p50 ${(waits[count >> 1] ?? 0).toFixed(2)} ms  p99 ${(waits[Math.floor(count * 0.99)] ?? 0).toFixed(2)} ms`,
    );
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

const { values } = parseArgs({ options: { count: { type: 'string', default: '200000' } } });
const count = Number(values.count);
for (const durability of ['full', 'process'] as const) {
  for (const inFlight of [1, 16, 64, 512, 4096])
    await measure(durability, inFlight, 'none', inFlight < 64 ? Math.ceil((count * inFlight) / 512) : count);
  for (const ids of ['growing', 'random'] as const) await measure(durability, 512, ids, count);
}
