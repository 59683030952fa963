/** The server as a process of its own, which is killed and started again at will, on one port and one data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../e2e/harness/stage.ts';

const CLI = join(ROOT, 'src', 'cli.ts');
/** Milliseconds in which it must listen, on a busy machine. */
const START_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 20;

interface LogLine {
  readonly event?: string;
  readonly code?: string;
  readonly text?: string;
  readonly port?: number;
  readonly [field: string]: unknown;
}

export interface ServerPlan {
  readonly data: string;
  readonly options: readonly string[];
  /** What runs it, before the name of the program: `node`, by default. */
  readonly runner?: readonly string[];
  /** Options of Node's. */
  readonly node?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The file that its standard output goes to, instead of to us. */
  readonly output?: string;
}

/** How a start ended. */
export type Start =
  | { readonly kind: 'listens'; readonly port: number }
  | { readonly kind: 'ended'; readonly status: number | null; readonly signal: string | null };

export class ServerProcess {
  readonly #plan: ServerPlan;
  #child: ChildProcess | undefined;
  #exit: Promise<unknown> = Promise.resolve();
  /** 0 until the kernel has given one. */
  port = 0;
  /** What it has said since it was started last. */
  stdout = '';
  stderr = '';
  #onLine: () => void = () => undefined;

  constructor(plan: ServerPlan) {
    this.#plan = plan;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('the server does not run');
    return pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it has logged. */
  log(): LogLine[] {
    const { output } = this.#plan;
    return (output === undefined ? this.stdout : readFileSync(output, 'utf8'))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  }

  spawn(): void {
    const { data, options, runner = [], node = [], env = {}, output } = this.#plan;
    const [file = process.execPath, ...args] = [
      ...runner,
      process.execPath,
      ...node,
      CLI,
      '--serve',
      '--no-dashboard',
      '--port',
      String(this.port),
      '--data',
      data,
      '--away-after',
      '1h',
      ...options,
    ];
    this.stdout = '';
    this.stderr = '';
    const surroundings = { PATH: process.env.PATH ?? '', HOME: data, XDG_CONFIG_HOME: data, LC_ALL: 'C.UTF-8', ...env };
    const log = output === undefined ? undefined : openSync(output, 'a', 0o600);
    const child: ChildProcess = spawn(file, args, { env: surroundings, stdio: ['ignore', log ?? 'pipe', 'pipe'] });
    if (log !== undefined) closeSync(log);
    this.#child = child;
    this.#exit = once(child, 'close');
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#onLine();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
  }

  get #listens(): boolean {
    return this.log().some(({ event }) => event === 'started');
  }

  /** Resolves when it listens, or has ended. */
  async start(): Promise<Start> {
    this.spawn();
    return await this.started();
  }

  async started(): Promise<Start> {
    const child = this.#child;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`no server within ${START_WITHIN_MS} ms: ${this.stderr}`)),
      START_WITHIN_MS,
    );
    const listens = new Promise<void>((resolve) => {
      this.#onLine = () => {
        if (this.#listens) resolve();
      };
      this.#onLine();
    });
    // A file tells nobody that it grows.
    const looks = setInterval(this.#onLine, LOOK_EVERY_MS);
    await Promise.race([listens, this.#exit, late.promise]);
    clearInterval(looks);
    clearTimeout(timer);
    this.#onLine = () => undefined;
    this.port = this.log().find(({ event }) => event === 'started')?.port ?? this.port;
    return this.#listens
      ? { kind: 'listens', port: this.port }
      : { kind: 'ended', status: child?.exitCode ?? null, signal: child?.signalCode ?? null };
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** @returns whether it was running; it is gone when this resolves. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<boolean> {
    const wasRunning = this.isRunning;
    if (wasRunning) this.#child?.kill(signal);
    await this.#exit;
    return wasRunning;
  }

  async ended(): Promise<void> {
    await this.#exit;
  }
}
