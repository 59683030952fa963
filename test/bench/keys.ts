/**
 * How soon a pressed key is on the screen, and what a message costs the processor: `node test/bench/keys.ts`. Where weechat
 * is installed, the same of it, beside a chat server that says the same.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Stage } from '../e2e/harness/stage.ts';
import { alone, type Benchmark, type How, quantile } from './harness/benchmark.ts';
import type { Figure, Goal } from './harness/figure.ts';
import { ircServer } from './harness/irc-server.ts';
import { talk } from './harness/talk.ts';
import { noteUchats, uchats } from './harness/uchats.ts';
import { Watched } from './harness/watched.ts';
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

async function press(client: Watched, keys: number): Promise<Pressed> {
  const times: number[] = [];
  const work: number[] = [];
  for (let i = 0; i < keys; i += 1) {
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

function* spread(name: string, { times, work }: Pressed, goal?: Goal): Generator<Figure> {
  yield { name: `${name}: p50`, value: quantile(times, 0.5), unit: 'ms' };
  yield { name: `${name}: p99`, value: quantile(times, 0.99), unit: 'ms', ...(goal === undefined ? {} : { goal }) };
  yield { name: `${name}: worst`, value: quantile(times, 1), unit: 'ms' };
  yield { name: `${name}: of it work, p99`, value: quantile(work, 0.99), unit: 'ms' };
}

interface Talk {
  /** @returns when all has been said. */
  (count: number, rate: number): Promise<unknown>;
}

async function* measure(name: string, client: Watched, say: Talk, how: How): AsyncGenerator<Figure> {
  const keys = how.size(KEYS, 20);
  await client.quiet(500);
  await press(client, keys);
  yield* spread(`${name}: key to screen, idle`, await press(client, keys));
  const seconds = Math.ceil((keys * KEY_EVERY_MS * 1.5) / 1000);
  const flood = say(FLOOD_PER_SECOND * seconds, FLOOD_PER_SECOND);
  await delay(1000);
  const what = `${name}: key to screen, ${FLOOD_PER_SECOND} messages a second`;
  yield* spread(what, await press(client, keys), { atMost: 5 });
  await flood;
  await client.quiet(500);
  const share = how.quick ? 0.05 : 1;
  for (const [words, count, rate] of [
    [`at ${STEADY_PER_SECOND} a second`, STEADY_MESSAGES * share, STEADY_PER_SECOND],
    ['in a burst', BURST_MESSAGES * share, 0],
  ] as const) {
    const before = client.cpu;
    const last = client.next(LAST);
    await say(count, rate);
    await last;
    const value = ((client.cpu - before) * 1000) / count;
    yield { name: `${name}: processor ${words}`, value, unit: 'µs a message' };
    await client.quiet(500);
  }
}

async function* run(how: How): AsyncGenerator<Figure> {
  const stage = new Stage();
  try {
    noteUchats(how);
    const server = await stage.server('--guests', '--rate-limit', 'off');
    for (const [name, command] of uchats) {
      const env = stage.environment({ as: name });
      const start = [...command, server.address, '--guest', '--user', 'alice'] as const;
      const client = new Watched({ command: start, env, size: SIZE });
      await client.seen(/online/);
      yield* measure(name, client, (count, rate) => talk(server.port, count, rate).finished(300_000), how);
      client.end();
    }
    const other = weechat(stage);
    if (other === undefined) return how.note('weechat is not installed: nothing to compare with');
    const irc = await ircServer();
    const client = new Watched({ command: other.command(irc.port), env: other.env, size: SIZE });
    await irc.joined;
    await client.quiet(500);
    client.write('/buffer #lobby\r');
    yield* measure('weechat', client, (count, rate) => irc.say(count, rate), how);
    client.end();
    irc.close();
  } finally {
    await stage.close();
  }
}

export const benchmark: Benchmark = {
  name: 'keys',
  measures: 'how soon a pressed key is on the screen, and what a message costs the processor; the same of weechat',
  run,
};

if (import.meta.main) await alone(benchmark);
