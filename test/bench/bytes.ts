/** What a short message costs the terminal: `node test/bench/bytes.ts`. All told: text, scrolling, status bar, cursor, title. */
import { setTimeout as delay } from 'node:timers/promises';
import { Stage } from '../e2e/harness/stage.ts';
import { alone, type Benchmark, type How, median } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';
import { talk } from './harness/talk.ts';
import { noteUchats, uchats } from './harness/uchats.ts';
import { Watched } from './harness/watched.ts';

/** Messages before it is measured, so that the pane is full; and those that are. */
const BEFORE = 60;
const MEASURED = 30;
const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 160, rows: 48 },
];
/** Messages a second: each is drawn by itself. */
const RATE = 5;
/** Milliseconds of silence after which a message has been drawn, with all that comes of it. */
const QUIET_MS = 60;
const F7 = '\x1b[18~';

/** Until it was sent more than so many bytes, and then no more for a moment. */
async function more(client: Watched, before: number): Promise<void> {
  while (client.bytes === before) await delay(1);
  await client.quiet(QUIET_MS);
}

async function* run(how: How): AsyncGenerator<Figure> {
  const stage = new Stage();
  const measured = how.size(MEASURED, 6);
  try {
    noteUchats(how);
    const server = await stage.server('--guests', '--rate-limit', 'off');
    await talk(server.port, BEFORE, 0).finished();
    const [, command = [process.execPath]] = uchats.at(-1) ?? [];
    for (const size of how.quick ? SIZES.slice(0, 1) : SIZES) {
      for (const list of [false, true]) {
        const env = stage.environment({ as: `alice-${size.columns}-${list}` });
        const client = new Watched({ command: [...command, server.address, '--guest', '--user', 'alice'], env, size });
        await client.seen(/online/);
        if (!list) client.write(F7);
        // The list of people, the focus, the unread line: whatever moves at the start.
        client.write('\x1b[I');
        await client.quiet(1500);
        const talker = talk(server.port, measured, RATE);
        const costs: number[] = [];
        await client.quiet(120);
        for (let i = 2; i < measured; i += 1) {
          const before = client.bytes;
          await more(client, before);
          costs.push(client.bytes - before);
        }
        await talker.finished();
        client.end();
        const name = `${size.columns}x${size.rows}, the list ${list ? 'shown' : 'hidden'}`;
        const goal = list ? {} : { goal: { atMost: 400 } };
        yield { name, value: median(costs), unit: 'bytes a message', ...goal };
        yield { name: `${name}: the most`, value: Math.max(...costs), unit: 'bytes a message' };
      }
    }
  } finally {
    await stage.close();
  }
}

export const benchmark: Benchmark = {
  name: 'bytes',
  measures: 'what a short message costs the terminal',
  run,
};

if (import.meta.main) await alone(benchmark);
