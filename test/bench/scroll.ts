/**
 * What reading back through a room of a million messages costs, from a real server: `node test/bench/scroll.ts [--size COUNT]`.
 *
 * A screen of 160x48 is scrolled by PgUp without a pause, each press as soon as the one before has been drawn; where the
 * next page isn't there yet, that is a wait. Memory is what the client holds after it (heap and own pages).
 */
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { UnixMs, UserName } from '../../src/base/ids.ts';
import { Client, type Front } from '../../src/client/shell/client.ts';
import { clientSettings } from '../../src/client/shell/client-settings.ts';
import { reachPlain } from '../../src/client/shell/reach.ts';
import { visibleSpan } from '../../src/client/view/scroll.ts';
import { view } from '../../src/client/view/view.ts';
import { LOBBY } from '../../src/protocol/names.ts';
import { openSqliteStore } from '../../src/server/store/sqlite/open.ts';
import { CLIENT, CLIENT_FILE, SCREEN } from '../../src/usage/options.ts';
import { Server } from '../e2e/harness/server.ts';
import { ROOT, Stage } from '../e2e/harness/stage.ts';
import { alone, type Benchmark, type How, quantile } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';
import { ownMemory } from './harness/processes.ts';

const COUNT = 1_000_000;
const PRESSES = 3000;
const START = 1_790_000_000_000;
const WORDS = 'the build is green again, and the log is here: https://box/log/4012';

async function fill(folder: string, count: number): Promise<void> {
  const store = await openSqliteStore({ folder, durability: 'process' });
  for (let n = 0; n < count; ) {
    const batch = Array.from({ length: Math.min(5000, count - n) }, () => {
      n += 1;
      const from = `user${n % 7}` as UserName;
      return store.append({ room: LOBBY, from, text: `${n} ${WORDS}`, time: (START + n * 1000) as UnixMs });
    });
    await Promise.all(batch);
  }
  await store.close();
}

/** MB that are this process's own. */
function ownPages(): number {
  globalThis.gc?.();
  return ownMemory('self') / 2 ** 20;
}

const front: Front = {
  size: { columns: 160, rows: 48 },
  perform: () => undefined,
  changed: () => undefined,
};

/** A client of the server on that port, on a screen that nobody sees. */
async function join(server: Server, data: string): Promise<Client> {
  const settings = clientSettings({ ...CLIENT_FILE, ...CLIENT, ...SCREEN }, { HOST: server.address, data }, {});
  if (!settings.ok) throw new Error(settings.error.line);
  const reached = await reachPlain(settings.value, ['uchat']);
  if (!('link' in reached)) throw new Error(reached.line);
  const client = new Client(front, reached, { method: 'host' });
  client.happens({ type: 'start' });
  await client.settled;
  return client;
}

async function* scrolled(client: Client, presses: number, count: number): AsyncGenerator<Figure> {
  const [tab] = client.state.tabs;
  if (tab === undefined) throw new Error('no tab');
  while (tab.log.entries.length < 100) await setImmediate();
  const waits: number[] = [];
  const press = async (name: string): Promise<void> => {
    const pressed = performance.now();
    const { scroll } = tab;
    do {
      client.happens({ type: 'key', key: { kind: 'key', name } });
      view(client.state, { now: START as UnixMs, mono: 0 });
      await setImmediate();
    } while (tab.scroll === scroll);
    waits.push(performance.now() - pressed);
  };
  const from = visibleSpan(client.state, tab)?.first ?? 0;
  const begun = performance.now();
  const memory: number[] = [];
  for (let i = 0; i < presses; i += 1) {
    if (i % 1000 === 0) memory.push(ownPages());
    await press('pageup');
  }
  const seconds = (performance.now() - begun) / 1000;
  const back = from - (visibleSpan(client.state, tab)?.first ?? 0);
  memory.push(ownPages());
  const what = `PgUp with its frame, ${count} messages in the room`;
  yield { name: `${what}: p50`, value: quantile(waits, 0.5), unit: 'ms' };
  yield { name: `${what}: p99`, value: quantile(waits, 0.99), unit: 'ms' };
  yield { name: `${what}: worst`, value: quantile(waits, 1), unit: 'ms' };
  yield { name: 'messages scrolled past', value: back / seconds, unit: '/s' };
  const held = tab.log.entries.length + (tab.far?.log.entries.length ?? 0);
  yield { name: `lines held after ${presses} times PgUp, ${back} messages back`, value: held, unit: 'lines' };
  yield { name: 'own memory at the start', value: memory[0] ?? Number.NaN, unit: 'MiB' };
  yield { name: 'own memory, the most', value: Math.max(...memory), unit: 'MiB' };
  yield { name: 'own memory at the end', value: memory.at(-1) ?? Number.NaN, unit: 'MiB' };
  const home = performance.now();
  await press('alt-home');
  while (visibleSpan(client.state, tab)?.first !== 1) await setImmediate();
  yield { name: 'Alt-Home, the first of all', value: performance.now() - home, unit: 'ms' };
}

async function* run(how: How): AsyncGenerator<Figure> {
  const count = how.size(COUNT, 3000);
  const stage = new Stage();
  const started: Server[] = [];
  try {
    const data = path.join(stage.folder, 'server');
    await fill(data, count);
    const server = await Server.start({
      command: [process.execPath, path.join(ROOT, 'src', 'cli.ts'), '--rate-limit', 'off'],
      env: stage.environment(),
      cwd: stage.folder,
      data,
      port: 0,
    });
    started.push(server);
    const client = await join(server, path.join(stage.folder, 'client'));
    // A screen is some forty messages.
    yield* scrolled(client, Math.min(PRESSES, Math.floor(count / 100)), count);
    client.close();
  } finally {
    for (const server of started) await server.dispose();
    await stage.close();
  }
}

export const benchmark: Benchmark = {
  name: 'scroll',
  measures: 'reading back through a room of a million messages, from a real server',
  run,
};

if (import.meta.main) await alone(benchmark);
