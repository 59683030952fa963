/** How long the first frame takes, and what a client keeps in memory: `node test/bench/paint.ts`. */
import { Stage } from '../e2e/harness/stage.ts';
import { talk } from './harness/talk.ts';
import { about, uchats } from './harness/uchats.ts';
import { quantile, Watched } from './harness/watched.ts';

const STARTS = 15;
const MESSAGES = 10_000;
/** Milliseconds after which a client that nobody uses has tidied up. */
const IDLE_MS = 3500;

const stage = new Stage();
try {
  process.stdout.write(about);
  const server = await stage.server('--guests', '--rate-limit', 'off');
  // As nearly everybody starts it: its name, and no more.
  const env = { ...stage.environment({ as: 'alice' }), UCHAT_SERVER: server.address };
  for (const [name, command] of uchats) {
    const open = (): Watched => new Watched({ command, env });
    const times: number[] = [];
    const work: number[] = [];
    for (let i = 0; i < STARTS; i += 1) {
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
    const [median, p90] = [0.5, 0.9].map((q) => quantile(times, q).toFixed(0));
    const busy = quantile(work, 0.5).toFixed(0);
    console.log(`${name}: first paint ${median} ms (p90 ${p90}) after exec, ${busy} ms of work; goal 100`);

    const client = open();
    await client.seen(/online/);
    await client.quiet(IDLE_MS);
    const before = client.ownMemory;
    const talker = talk(server.port, MESSAGES, 0);
    await client.seen(/QXQXQX/);
    await talker.finished();
    await client.quiet(IDLE_MS);
    console.log(
      `${name}: own memory ${client.ownMemory.toFixed(1)} MB after ${MESSAGES} messages, ${before.toFixed(1)} MB before; goal 20`,
    );
    client.end();
  }
} finally {
  await stage.close();
}
