/**
 * How soon a pressed key is on the screen, and what a message costs the processor: `node test/bench/keys.ts`. Where weechat
 * is installed, the same of it, beside a chat server that says the same.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Stage } from '../e2e/harness/stage.ts';
import { ircServer } from './harness/irc-server.ts';
import { talk } from './harness/talk.ts';
import { about, uchats } from './harness/uchats.ts';
import { quantile, Watched } from './harness/watched.ts';
import { weechat } from './harness/weechat.ts';

const SIZE = { columns: 160, rows: 48 };
const KEYS = 300;
/** Milliseconds between two keys: nobody types as fast, and no two fall into one frame. */
const KEY_EVERY_MS = 30;
/** Keys after which the line is emptied. */
const LINE = 40;
/** Letters that nobody else writes, each of one cell everywhere. */
const LETTERS = Array.from({ length: 32 }, (_, i) => String.fromCharCode(0x430 + i));
const FLOOD_PER_SECOND = 1000;
const FLOOD_SECONDS = Math.ceil((KEYS * KEY_EVERY_MS * 1.5) / 1000);
const STEADY_PER_SECOND = 100;
const STEADY_MESSAGES = 1500;
const BURST_MESSAGES = 20_000;
const LAST = /QXQXQX/;

interface Pressed {
  /** Milliseconds from the pressed key to its letter. */
  readonly times: number[];
  /** Milliseconds of processor meanwhile: what the times would be on a machine that does nothing else. */
  readonly work: number[];
}

async function press(client: Watched): Promise<Pressed> {
  const times: number[] = [];
  const work: number[] = [];
  for (let i = 0; i < KEYS; i += 1) {
    if (i % LINE === 0) {
      client.write('\x15');
      await delay(KEY_EVERY_MS);
    }
    const letter = LETTERS[i % LETTERS.length] ?? '';
    const seen = client.next(new RegExp(letter));
    const before = client.cpu;
    const pressed = performance.now();
    client.write(letter);
    times.push((await seen) - pressed);
    work.push(client.cpu - before);
    await delay(KEY_EVERY_MS);
  }
  client.write('\x15');
  return { times, work };
}

const figures = (values: readonly number[]): string =>
  [0.5, 0.99, 1].map((q) => quantile(values, q).toFixed(1)).join(' / ');
const inWords = ({ times, work }: Pressed): string =>
  `${figures(times)} ms (p50 / p99 / worst), of which it works ${figures(work)}`;

interface Talk {
  /** @returns when all has been said. */
  (count: number, rate: number): Promise<unknown>;
}

async function measure(name: string, client: Watched, say: Talk): Promise<void> {
  await client.quiet(500);
  await press(client);
  console.log(`${name}: key to screen, idle: ${inWords(await press(client))}`);
  const flood = say(FLOOD_PER_SECOND * FLOOD_SECONDS, FLOOD_PER_SECOND);
  await delay(1000);
  const during = await press(client);
  console.log(`${name}: the same with ${FLOOD_PER_SECOND} messages a second: ${inWords(during)}; goal 5 at p99`);
  await flood;
  await client.quiet(500);
  for (const [words, count, rate] of [
    [`at ${STEADY_PER_SECOND} a second`, STEADY_MESSAGES, STEADY_PER_SECOND],
    ['in a burst', BURST_MESSAGES, 0],
  ] as const) {
    const before = client.cpu;
    const last = client.next(LAST);
    await say(count, rate);
    await last;
    const each = ((client.cpu - before) * 1000) / count;
    console.log(`${name}: ${each.toFixed(0)} microseconds of processor a message ${words}`);
    await client.quiet(500);
  }
}

const stage = new Stage();
try {
  process.stdout.write(about);
  const server = await stage.server('--guests', '--rate-limit', 'off');
  for (const [name, command] of uchats) {
    const env = stage.environment({ as: name });
    const client = new Watched({
      command: [...command, server.address, '--guest', '--user', 'alice'],
      env,
      size: SIZE,
    });
    await client.seen(/online/);
    await measure(name, client, (count, rate) => talk(server.port, count, rate).finished(300_000));
    client.end();
  }
  const other = weechat(stage);
  if (other === undefined) console.log('weechat is not installed: nothing to compare with');
  else {
    const irc = await ircServer();
    const client = new Watched({ command: other.command(irc.port), env: other.env, size: SIZE });
    await irc.joined;
    await client.quiet(500);
    client.write('/buffer #lobby\r');
    await measure('weechat', client, (count, rate) => irc.say(count, rate));
    client.end();
    irc.close();
  }
} finally {
  await stage.close();
}
