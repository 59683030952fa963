/** A process without a terminal: what it says on its standard output and error, line by line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { until } from './wait.ts';

export interface ProgramOptions {
  readonly command: readonly [file: string, ...args: string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface Finished {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Program {
  readonly #child: ChildProcess;
  readonly #name: string;
  #stdout = '';
  #stderr = '';
  #closed = false;

  constructor({ command: [file, ...args], env, cwd }: ProgramOptions) {
    this.#name = args.join(' ');
    this.#child = spawn(file, args, { env, cwd });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    // It may end before it has read all.
    this.#child.stdin?.on('error', () => undefined);
    this.#child.once('close', () => {
      this.#closed = true;
    });
    this.#child.once('error', (error) => {
      this.#stderr += String(error);
      this.#closed = true;
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`it did not start: ${this.#name}`);
    return this.#child.pid;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get isRunning(): boolean {
    return !this.#closed;
  }

  /** Whole lines of its standard output. */
  lines(): string[] {
    return this.#stdout.split('\n').slice(0, -1);
  }

  write(text: string): this {
    this.#child.stdin?.write(text);
    return this;
  }

  /** No more input comes. */
  endInput(): this {
    this.#child.stdin?.end();
    return this;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #now(): string {
    const state = this.#closed ? `ended: ${this.#child.exitCode ?? this.#child.signalCode}` : 'running';
    return `${this.#name}\n${state}\nstdout: ${this.#stdout.slice(-4000)}\nstderr: ${this.#stderr.slice(-4000)}`;
  }

  async waitFor<T>(what: string, probe: () => T | undefined, within?: number): Promise<T> {
    return await until(probe, () => `${what}: not seen of ${this.#now()}`, within);
  }

  async finished(within?: number): Promise<Finished> {
    await this.waitFor('its end', () => this.#closed || undefined, within);
    return { status: this.#child.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  async dispose(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.finished();
  }
}
