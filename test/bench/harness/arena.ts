/** A real server as people start it, on one core, and a load generator on another. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Server } from '../../e2e/harness/server.ts';
import { ROOT, Stage } from '../../e2e/harness/stage.ts';
import type { How } from './benchmark.ts';
import type { Latencies, Method, Order, Report } from './load.ts';
import { canPin, cpuOf, ownMemory, pinned } from './processes.ts';

const LOAD = join(import.meta.dirname, 'load.ts');
/** Milliseconds without anything to do, after which what remains is what it costs to be idle. */
const SETTLE_MS = 3000;

type Answer<O extends Order> = O extends { kind: 'log-in' }
  ? Extract<Report, { kind: 'in' }>
  : O extends { kind: 'say' }
    ? Extract<Report, { kind: 'said' }>
    : Report;

export interface Said {
  readonly seconds: number;
  readonly deliveries: number;
  readonly latencies: Latencies;
}

export class Arena {
  readonly #stage: Stage;
  readonly #server: Server;
  readonly #load: ChildProcess;
  readonly #ended: Promise<never>;

  private constructor(stage: Stage, server: Server) {
    this.#stage = stage;
    this.#server = server;
    const [file, ...args] = pinned(1, [process.execPath, '--disable-warning=ExperimentalWarning', LOAD]);
    this.#load = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#ended = once(this.#load, 'exit').then(() => {
      throw new Error('the load generator has ended');
    });
    // In the end that is as it should be.
    this.#ended.catch(() => undefined);
  }

  /** With the default durability, guests, and nothing limited. */
  static async open(how: How): Promise<Arena> {
    if (process.platform !== 'linux') throw new Error('only Linux tells what a process takes');
    if (!canPin) how.note('server and load generator share their cores: there is only one, or no taskset');
    const stage = new Stage();
    try {
      const server = await Server.start({
        command: pinned(0, [join(ROOT, 'src', 'uchat'), '--guests', '--rate-limit', 'off']),
        env: stage.environment(),
        cwd: stage.folder,
        data: stage.newFolder('server'),
        port: 0,
      });
      return new Arena(stage, server);
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  async #order<O extends Order>(order: O): Promise<Answer<O>> {
    this.#load.send(order);
    const [report] = (await Promise.race([once(this.#load, 'message'), this.#ended])) as [Answer<O>];
    return report;
  }

  /** @returns seconds until all are in. */
  async logIn(count: number, method: Method, atOnce = 100): Promise<number> {
    const { port } = this.#server;
    return (await this.#order({ kind: 'log-in', port, count, atOnce, method })).seconds;
  }

  /** The last who came says something to all others. @param rate messages a second; 0: as fast as they take it. */
  async say(messages: number, bytes: number, rate: number): Promise<Said> {
    return await this.#order({ kind: 'say', messages, bytes, rate });
  }

  async leave(): Promise<void> {
    await this.#order({ kind: 'leave' });
  }

  /** Milliseconds that the server has been on a processor. */
  get cpu(): number {
    return cpuOf(this.#server.program.pid);
  }

  /** Bytes that are the server's own, once it has had nothing to do for a while. */
  async settledMemory(): Promise<number> {
    await delay(SETTLE_MS);
    return ownMemory(this.#server.program.pid);
  }

  async close(): Promise<void> {
    if (this.#load.connected) this.#load.disconnect();
    await this.#server.dispose();
    await this.#stage.close();
  }
}
