/**
 * What reading back through a room of a million messages costs, from a real server: `node test/bench/scroll.ts [COUNT]`.
 *
 * A screen of 160x48 is scrolled by PgUp without a pause, each press as soon as the one before has been drawn; where the
 * next page isn't there yet, that is a wait. Memory is what the client holds after it (heap and own pages).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { UnixMs, UserName } from '../../src/base/ids.ts';
import { logOf } from '../../src/client/core/lookup.ts';
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
import { quantile } from './harness/watched.ts';

const COUNT = Number(process.argv[2] ?? 1_000_000);
const PRESSES = 3000;
const START = 1_790_000_000_000;
const WORDS = 'the build is green again, and the log is here: https://box/log/4012';

async function fill(folder: string): Promise<void> {
  const store = await openSqliteStore({ folder, durability: 'process' });
  for (let n = 0; n < COUNT; ) {
    const batch = Array.from({ length: 5000 }, () => {
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
  const rollup = readFileSync('/proc/self/smaps_rollup', 'utf8');
  return Number(/^Pss_Anon: +(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
}

const front: Front = {
  size: { columns: 160, rows: 48 },
  perform: () => undefined,
  changed: () => undefined,
};

const stage = new Stage();
const started: Server[] = [];
try {
  const data = join(stage.folder, 'server');
  await fill(data);
  const server = await Server.start({
    command: [process.execPath, join(ROOT, 'src', 'cli.ts'), '--rate-limit', 'off'],
    env: stage.environment(),
    cwd: stage.folder,
    data,
    port: 0,
  });
  started.push(server);
  const settings = clientSettings(
    { ...CLIENT_FILE, ...CLIENT, ...SCREEN },
    { HOST: server.address, data: join(stage.folder, 'client') },
    {},
  );
  if (!settings.ok) throw new Error(settings.error.line);
  const reached = await reachPlain(settings.value, ['uchat']);
  if (!('link' in reached)) throw new Error(reached.line);
  const client = new Client(front, reached, { method: 'host' });
  client.happens({ type: 'start' });
  await client.settled;
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
  for (let i = 0; i < PRESSES; i += 1) {
    if (i % 1000 === 0) memory.push(ownPages());
    await press('pageup');
  }
  const seconds = (performance.now() - begun) / 1000;
  const to = visibleSpan(client.state, tab)?.first ?? 0;
  const ms = (q: number): string => quantile(waits, q).toFixed(2);
  console.log(`${COUNT} messages in the room; ${PRESSES} times PgUp: ${from - to} messages back`);
  console.log(
    `PgUp with its frame: p50 ${ms(0.5)} ms, p99 ${ms(0.99)}, worst ${ms(1)}; ${Math.round((from - to) / seconds)} messages/s`,
  );
  console.log(
    `lines held: ${tab.log.entries.length + (tab.far?.log.entries.length ?? 0)} (on the screen ${logOf(tab).entries.length})`,
  );
  memory.push(ownPages());
  console.log(`own memory (Pss_Anon), every 1000 presses: ${memory.map((mb) => mb.toFixed(0)).join(', ')} MB`);
  const home = performance.now();
  await press('alt-home');
  while (visibleSpan(client.state, tab)?.first !== 1) await setImmediate();
  console.log(`Alt-Home, the first of all: ${(performance.now() - home).toFixed(1)} ms`);
  client.close();
} finally {
  for (const server of started) await server.dispose();
  await stage.close();
}
