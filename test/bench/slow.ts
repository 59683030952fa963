/**
 * What readers that stop reading cost the others, and the server: `node test/bench/slow.ts`.
 *
 * The same room on three servers: nobody has stopped, one has, a third of them has. They have stopped for good, and bytes
 * wait for them while the others are measured, by turns; then so much is said that they are cut off. What they cost is told
 * by ratios, since everything else is the same.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Server } from '../e2e/harness/server.ts';
import { ROOT, Stage } from '../e2e/harness/stage.ts';
import { alone, type Benchmark, type How, median, quantile } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';
import { canPin, cpuOf, ownMemory, pinned } from './harness/processes.ts';

const READERS = 300;
/** Messages a second while latency is measured, messages in a round, and bytes of each. */
const RATE = 100;
const ROUNDS = 9;
const ROUND_MESSAGES = 100;
const BYTES = 100;
/** So that the code is compiled. */
const WARM_MESSAGES = 200;
/** Before that: more than the kernel takes for somebody who reads nothing. After it: more than the server keeps. */
const FILL_BYTES = 1_200_000;
const FLOOD_BYTES = 2_400_000;
const BIG_BYTES = 8000;
/** Each of them a second, so that it is no load of its own. */
const BIG_RATE = 100;
/** Milliseconds between two looks at the clock, and until all has come and what is no longer needed is given back. */
const TICK_MS = 1;
const SETTLE_MS = 2000;
const READ_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** Bytes of what the kernel holds in all TCP sockets of the machine (proc(5), /proc/net/sockstat: pages). */
const kernelMemory = (): number =>
  Number(/^TCP: .* mem (\d+)$/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1] ?? Number.NaN) * 4096;

interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

class Room {
  readonly #readers: { readonly socket: Socket; seen: number; isCut: boolean }[] = [];
  readonly #port: number;
  readonly #shared = Buffer.allocUnsafe(READ_BYTES);
  #speaker: Socket | undefined;
  /** When each message was said, since all were in. */
  readonly #saidAt: number[] = [];
  #latencies: number[] = [];
  #stopped = 0;

  constructor(port: number) {
    this.#port = port;
  }

  async enter(readers: number): Promise<void> {
    for (let i = 0; i < readers; i++) await this.#logIn(`r${i}`);
    this.#speaker = await this.#logIn('speaker');
    this.#readers.pop();
  }

  async #logIn(name: string): Promise<Socket> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let isIn = false;
    const socket = connect({
      host: '127.0.0.1',
      port: this.#port,
      noDelay: true,
      onread: {
        buffer: this.#shared,
        callback: (length, bytes) => {
          if (isIn) this.#take(reader, bytes.subarray(0, length));
          else resolve();
          isIn = true;
          return true;
        },
      },
    });
    const reader = { socket, seen: 0, isCut: false };
    socket.on('error', reject);
    socket.on('close', () => {
      reader.isCut = true;
    });
    socket.write(`${JSON.stringify({ type: 'hello', version: 1, name, auth: { method: 'guest' } })}\n`);
    this.#readers.push(reader);
    await promise;
    return socket;
  }

  #take(reader: { seen: number }, bytes: Uint8Array): void {
    const now = performance.now();
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
      this.#latencies.push(now - (this.#saidAt[reader.seen] ?? now));
      reader.seen += 1;
    }
  }

  /** The last ones read no more. */
  stop(count: number): void {
    this.#stopped = count;
    for (const { socket } of this.#readers.slice(this.#readers.length - count)) socket.pause();
  }

  /** @returns what the others waited for each message. */
  async say(messages: number, bytes: number, rate: number): Promise<Latencies> {
    const line = `${JSON.stringify({ type: 'say', to: '#lobby', text: 'x'.repeat(bytes) })}\n`;
    this.#latencies = [];
    const others = this.#readers.slice(0, this.#readers.length - this.#stopped);
    const start = performance.now();
    const until = this.#saidAt.length + messages;
    const before = this.#saidAt.length;
    while (others.some(({ seen }) => seen < until)) {
      const due = Math.min(until, before + Math.floor(((performance.now() - start) / 1000) * rate) + 1);
      while (this.#saidAt.length < due) {
        this.#saidAt.push(performance.now());
        this.#speaker?.write(line);
      }
      await delay(TICK_MS);
    }
    return { p50: quantile(this.#latencies, 0.5), p99: quantile(this.#latencies, 0.99) };
  }

  /** They read again, and so learn that they have been cut off. @returns how many. */
  async resume(): Promise<number> {
    const stopped = this.#readers.slice(this.#readers.length - this.#stopped);
    for (const { socket } of stopped)
      socket
        .removeAllListeners('error')
        .on('error', () => undefined)
        .resume();
    await delay(SETTLE_MS);
    return stopped.filter(({ isCut }) => isCut).length;
  }

  leave(): void {
    this.#speaker?.destroy();
    for (const { socket } of this.#readers)
      socket
        .removeAllListeners('error')
        .on('error', () => undefined)
        .destroy();
  }
}

/** A server, and its room, in which some have stopped. */
class Case {
  readonly stopped: number;
  readonly steady: Latencies[] = [];
  /** Milliseconds of the server's while that was measured. */
  cpu = 0;
  readonly #stage = new Stage();
  #server: Server | undefined;
  #room: Room | undefined;

  constructor(stopped: number) {
    this.stopped = stopped;
  }

  async open(readers: number): Promise<void> {
    const stage = this.#stage;
    this.#server = await Server.start({
      command: pinned(0, [join(ROOT, 'src', 'uchat'), '--guests', '--rate-limit', 'off']),
      env: stage.environment(),
      cwd: stage.folder,
      data: stage.newFolder('server'),
      port: 0,
    });
    this.#room = new Room(this.#server.port);
    await this.#room.enter(readers);
  }

  get pid(): number {
    if (this.#server === undefined) throw new Error('it is not open');
    return this.#server.program.pid;
  }

  get room(): Room {
    if (this.#room === undefined) throw new Error('it is not open');
    return this.#room;
  }

  /** Some stop, and as much is said as the kernel takes for them and more. @returns bytes that the kernel takes for each. */
  async stop(): Promise<number> {
    const before = kernelMemory();
    this.room.stop(this.stopped);
    await this.room.say(FILL_BYTES / BIG_BYTES, BIG_BYTES, BIG_RATE);
    return (kernelMemory() - before) / Math.max(1, this.stopped);
  }

  async measure(messages: number): Promise<void> {
    const before = cpuOf(this.pid);
    this.steady.push(await this.room.say(messages, BYTES, RATE));
    this.cpu += cpuOf(this.pid) - before;
  }

  async close(): Promise<void> {
    this.#room?.leave();
    await this.#server?.dispose();
    await this.#stage.close();
  }
}

/** The middle of what each round has, to what the same round has of the other. */
const ratio = (of: Case, to: Case, which: keyof Latencies): number =>
  median(of.steady.map((latencies, round) => latencies[which] / (to.steady[round]?.[which] ?? Number.NaN)));

async function* run(how: How): AsyncGenerator<Figure> {
  if (process.platform !== 'linux') throw new Error('only Linux tells what a process takes');
  if (!canPin) how.note('server and load generator share their cores: there is only one, or no taskset');
  const readers = how.size(READERS, 30);
  const none = new Case(0);
  const cases = [none, new Case(1), new Case(Math.floor(readers / 3))];
  const rounds = how.quick ? 2 : ROUNDS;
  try {
    for (const each of cases) await each.open(readers);
    for (const each of cases) await each.room.say(WARM_MESSAGES, BYTES, RATE);
    const kernel = new Map<Case, number>();
    for (const each of cases) kernel.set(each, await each.stop());
    // By turns, and each as often the first: whatever else the machine does comes to all of them.
    for (let round = 0; round < rounds; round++)
      for (let i = 0; i < cases.length; i++) await cases[(round + i) % cases.length]?.measure(ROUND_MESSAGES);
    await delay(SETTLE_MS);
    const memory = new Map(cases.map((each) => [each, ownMemory(each.pid)]));
    for (const each of cases) {
      const who = each.stopped === 0 ? 'nobody stopped' : `${each.stopped} of ${readers} stopped`;
      for (const which of ['p50', 'p99'] as const)
        yield { name: `${who}: ${which} of the others`, value: median(each.steady.map((l) => l[which])), unit: 'ms' };
      yield {
        name: `${who}: the server's processor for a message`,
        value: each.cpu / rounds / ROUND_MESSAGES,
        unit: 'ms',
      };
      if (each === none) continue;
      const goal = { atMost: 1.2 };
      yield { name: `${who}: p50, to that with nobody`, value: ratio(each, none, 'p50'), unit: 'times', goal };
      yield { name: `${who}: p99, to that with nobody`, value: ratio(each, none, 'p99'), unit: 'times' };
      const own = (memory.get(each) ?? Number.NaN) - (memory.get(none) ?? Number.NaN);
      yield { name: `${who}: the server's memory, beyond that with nobody`, value: own / 1e6, unit: 'MB' };
      yield { name: `${who}: the kernel's for both ends of each`, value: (kernel.get(each) ?? 0) / 1000, unit: 'kB' };
      const flood = await each.room.say(FLOOD_BYTES / BIG_BYTES, BIG_BYTES, BIG_RATE);
      yield { name: `${who}: p99 of the others while they are cut off`, value: flood.p99, unit: 'ms' };
      yield {
        name: `${who}: cut off`,
        value: await each.room.resume(),
        unit: 'readers',
        goal: { atLeast: each.stopped },
      };
    }
  } finally {
    for (const each of cases) await each.close();
  }
}

export const benchmark: Benchmark = {
  name: 'slow',
  measures: 'what readers that have stopped reading cost the others and the server',
  run,
};

if (import.meta.main) await alone(benchmark);
