/** What a short message costs the terminal: `node test/bench/bytes.ts`. All told: text, scrolling, status bar, cursor, title. */
import { setTimeout as delay } from 'node:timers/promises';
import { Stage } from '../e2e/harness/stage.ts';
import { talk } from './harness/talk.ts';
import { about, uchats } from './harness/uchats.ts';
import { quantile, Watched } from './harness/watched.ts';

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

const stage = new Stage();
try {
  process.stdout.write(about);
  const server = await stage.server('--guests', '--rate-limit', 'off');
  await talk(server.port, BEFORE, 0).finished();
  const [, command = [process.execPath]] = uchats.at(-1) ?? [];
  for (const size of SIZES) {
    for (const list of [false, true]) {
      const env = stage.environment({ as: `alice-${size.columns}-${list}` });
      const client = new Watched({ command: [...command, server.address, '--guest', '--user', 'alice'], env, size });
      await client.seen(/online/);
      if (!list) client.write(F7);
      // The list of people, the focus, the unread line: whatever moves at the start.
      client.write('\x1b[I');
      await client.quiet(1500);
      const talker = talk(server.port, MEASURED, RATE);
      const costs: number[] = [];
      await client.quiet(120);
      for (let i = 2; i < MEASURED; i += 1) {
        const before = client.bytes;
        await more(client, before);
        costs.push(client.bytes - before);
      }
      await talker.finished();
      const [median, most] = [0.5, 1].map((q) => quantile(costs, q));
      const goal = list ? '' : '; goal 400';
      const where = `${size.columns}x${size.rows}, the list ${list ? 'shown' : 'hidden'}`;
      console.log(`${where}: ${median} bytes a message, ${most} at most${goal}`);
      client.end();
    }
  }
} finally {
  await stage.close();
}
