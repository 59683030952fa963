/** A program in a terminal, and the person before it. */
import { type IPty, spawn } from '@lydell/node-pty';
import type { Size } from '../../../src/client/core/state.ts';
import { Emulator, type Modes } from './emulator.ts';
import { bytesOf } from './keys.ts';
import { isSeen, type Sight } from './sight.ts';
import { killIfThere, until } from './wait.ts';

/** Characters of what the program wrote that are kept, for a look at what the screen no longer shows. */
const MAX_RAW = 1_000_000;

export interface Ending {
  /** Undefined where a signal ended it. */
  readonly status: number | undefined;
  readonly signal: number | undefined;
}

export interface TypistOptions {
  readonly command: readonly [file: string, ...args: string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly size?: Size;
}

export const DEFAULT_SIZE: Size = { columns: 80, rows: 24 };

export class Typist {
  readonly emulator: Emulator;
  readonly #pty: IPty;
  #raw = '';
  #ending: Ending | undefined;
  /** Resolves once the emulator has taken in everything that came so far. */
  #taken: Promise<void> = Promise.resolve();

  constructor({ command: [file, ...args], env, cwd, size = DEFAULT_SIZE }: TypistOptions) {
    this.#pty = spawn(file, args, {
      name: env.TERM ?? 'xterm-256color',
      cols: size.columns,
      rows: size.rows,
      cwd,
      env,
    });
    this.emulator = new Emulator(size, (data) => this.#pty.write(data));
    this.#pty.onData((data) => {
      this.#raw = (this.#raw + data).slice(-MAX_RAW);
      this.#taken = this.emulator.write(data);
    });
    this.#pty.onExit(({ exitCode, signal }) => {
      const bySignal = signal !== undefined && signal !== 0;
      this.#ending = bySignal ? { status: undefined, signal } : { status: exitCode, signal: undefined };
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** What it wrote, escape sequences and all. */
  get raw(): string {
    return this.#raw;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  get modes(): Modes {
    return this.emulator.modes;
  }

  screen(): string[] {
    return this.emulator.lines();
  }

  type(text: string): this {
    this.#pty.write(text);
    return this;
  }

  press(...keys: readonly string[]): this {
    const application = this.modes.cursorKeys === 'application';
    for (const key of keys) this.#pty.write(bytesOf(key, application));
    return this;
  }

  /** Types a line and sends it. */
  say(text: string): this {
    return this.type(text).press('enter');
  }

  /** As a terminal does it: in brackets where the program asked for them. */
  paste(text: string): this {
    const lines = text.replaceAll('\n', '\r');
    this.#pty.write(this.modes.paste === 'bracketed' ? `\x1b[200~${lines}\x1b[201~` : lines);
    return this;
  }

  resize(columns: number, rows: number): this {
    this.#pty.resize(columns, rows);
    this.emulator.terminal.resize(columns, rows);
    return this;
  }

  /** @returns the screen on which it was seen. */
  async waitFor(sight: Sight, within?: number): Promise<string[]> {
    return await until(
      () => {
        const lines = this.screen();
        return isSeen(lines, sight) ? lines : undefined;
      },
      () => `not on the screen: ${String(sight)}\n${this.#now()}`,
      within,
    );
  }

  async waitUntilGone(sight: Sight, within?: number): Promise<string[]> {
    return await this.waitFor((lines) => !isSeen(lines, sight), within).catch((error: unknown) => {
      throw new Error(`still on the screen: ${String(sight)}\n${this.#now()}`, { cause: error });
    });
  }

  #now(): string {
    const end = this.#ending === undefined ? '' : `\nended: ${JSON.stringify(this.#ending)}`;
    return `${this.emulator.picture()}${end}`;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#ending === undefined) process.kill(this.pid, signal);
  }

  /** The terminal goes away under the program, as when a connection over SSH drops. */
  hangUp(): void {
    // Public in the implementation, though not in its types: closes the master's side.
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  /** Waits for its end, with everything that it wrote on the screen. */
  async ended(within?: number): Promise<Ending> {
    const ending = await until(
      () => this.#ending,
      () => `it has not ended\n${this.#now()}`,
      within,
    );
    await this.#taken;
    return ending;
  }

  /** Ends it, however it is. */
  async dispose(): Promise<void> {
    if (this.#ending === undefined) killIfThere(this.pid);
    await this.ended();
    this.hangUp();
    this.emulator.terminal.dispose();
  }
}
