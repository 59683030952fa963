/** How long the first frame takes, and what a client keeps in memory: `node test/bench/paint.ts`. */
import { Stage } from '../e2e/harness/stage.ts';
import { alone, type Benchmark, type How, median, quantile } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';
import { talk } from './harness/talk.ts';
import { noteUchats, uchats } from './harness/uchats.ts';
import { Watched } from './harness/watched.ts';

const STARTS = 15;
const MESSAGES = 10_000;
/** Milliseconds after which a client that nobody uses has tidied up. */
const IDLE_MS = 3500;

async function* starts(name: string, open: () => Watched, count: number): AsyncGenerator<Figure> {
  const times: number[] = [];
  const work: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const client = open();
    times.push((await client.seen(/#lobby/)) - client.startedAt);
    work.push(client.cpu);
    await client.quiet(200);
    await client.leave();
    if (i > 0) continue;
    // The first one compiles everything, and leaves that to the others.
    times.length = 0;
    work.length = 0;
  }
  yield { name: `${name}: first paint after exec`, value: median(times), unit: 'ms', goal: { atMost: 100 } };
  yield { name: `${name}: first paint, p90`, value: quantile(times, 0.9), unit: 'ms' };
  yield { name: `${name}: first paint, of it work`, value: median(work), unit: 'ms' };
}

async function* run(how: How): AsyncGenerator<Figure> {
  const stage = new Stage();
  try {
    noteUchats(how);
    const server = await stage.server('--guests', '--rate-limit', 'off');
    // As nearly everybody starts it: its name, and no more.
    const env = { ...stage.environment({ as: 'alice' }), UCHAT_SERVER: server.address };
    const messages = how.size(MESSAGES, 200);
    for (const [name, command] of uchats) {
      const open = (): Watched => new Watched({ command, env });
      yield* starts(name, open, how.quick ? 2 : STARTS);
      const client = open();
      await client.seen(/online/);
      await client.quiet(IDLE_MS);
      yield { name: `${name}: own memory at the start`, value: client.ownMemory, unit: 'MiB' };
      const talker = talk(server.port, messages, 0);
      await client.seen(/QXQXQX/);
      await talker.finished();
      await client.quiet(IDLE_MS);
      const memory = { value: client.ownMemory, unit: 'MiB', goal: { atMost: 20 } };
      yield { name: `${name}: own memory after ${messages} messages`, ...memory };
      client.end();
    }
  } finally {
    await stage.close();
  }
}

export const benchmark: Benchmark = {
  name: 'paint',
  measures: 'how long the first frame takes, and what a client keeps in memory',
  run,
};

if (import.meta.main) await alone(benchmark);
