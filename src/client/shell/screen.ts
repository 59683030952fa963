/**
 * The full screen while it is open: who gets the keys, and that the terminal is as before when the program ends, in
 * whatever way it does.
 */
import type { Size } from '../core/state.ts';
import type { Key } from '../keys/key.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Frame } from '../view/cells.ts';
import { FAULT_STATUS, faultLine } from './fault.ts';

/** Node's own warnings that are kept until the screen is closed: one is news, a hundred are none. */
const MAX_WARNINGS = 10;
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;

export interface Scene {
  readonly key: (key: Key) => void;
  readonly resize: (size: Size) => void;
  /** In cells from 0; only where the mouse was asked for. */
  readonly click?: (x: number, y: number) => void;
  readonly wheel?: (up: boolean) => void;
  /** The terminal is gone: nobody sees or says anything more. */
  readonly gone: () => void;
  /** A signal ends the program: what is to be done before, in a second at most. Never rejects. */
  readonly leave?: () => Promise<void>;
}

const NOBODY: Scene = { key: () => undefined, resize: () => undefined, gone: () => undefined };

export class Screen {
  #terminal: Terminal | undefined;
  #scene: Scene = NOBODY;
  #warnings: string[] = [];
  #printers: readonly ((warning: Error) => void)[] = [];
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    const { leave = () => Promise.resolve() } = this.#scene;
    this.close();
    // Without our listeners it does what it does to any program, so whoever waits for us sees how we ended.
    const end = (): void => void process.kill(process.pid, signal);
    leave().then(end, end);
  };
  readonly #onFault = (error: unknown): void => {
    this.close();
    process.stderr.write(`uchat: ${faultLine(error)}\n`);
    process.exit(FAULT_STATUS);
  };
  /** Node's way is to print them, into the middle of the screen. */
  readonly #onWarning = (warning: Error): void => {
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(`${warning.name}: ${warning.message.split('\n')[0]}`);
  };
  readonly #onExit = (): void => this.close();

  /** The terminal's code is the largest part of the program, so it is loaded while something else is waited for. */
  static preload(): void {
    // What is wrong with it is told when it is opened.
    import('../terminal/terminal.ts').catch(() => undefined);
  }

  /** Opens the terminal, if it isn't open, and gives the keys to `scene`. */
  async enter(scene: Scene): Promise<Terminal> {
    this.#scene = scene;
    return this.#terminal ?? (await this.#open());
  }

  async #open(): Promise<Terminal> {
    const { openTerminal } = await import('../terminal/terminal.ts');
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
    process.on('uncaughtException', this.#onFault);
    process.on('unhandledRejection', this.#onFault);
    process.on('exit', this.#onExit);
    this.#printers = process.listeners('warning');
    process.removeAllListeners('warning');
    process.on('warning', this.#onWarning);
    const opened = openTerminal({ input: process.stdin, output: process.stdout, env: process.env });
    if (!opened.ok) throw new Error(opened.error.text);
    const terminal = opened.value;
    this.#terminal = terminal;
    terminal.onKey((key) => this.#scene.key(key));
    terminal.onResize((size) => this.#scene.resize(size));
    terminal.onClick((x, y) => this.#scene.click?.(x, y));
    terminal.onWheel((up) => this.#scene.wheel?.(up));
    terminal.onGone(() => this.#scene.gone());
    return terminal;
  }

  draw(frame: Frame): void {
    this.#terminal?.draw(frame);
  }

  /** Gives the terminal back as it was. Safe to call twice, and in an exit handler. */
  close(): void {
    this.#scene = NOBODY;
    const terminal = this.#terminal;
    this.#terminal = undefined;
    if (terminal === undefined) return;
    terminal.close();
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    process.off('uncaughtException', this.#onFault);
    process.off('unhandledRejection', this.#onFault);
    process.off('exit', this.#onExit);
    process.off('warning', this.#onWarning);
    for (const printer of this.#printers) process.on('warning', printer);
    for (const warning of this.#warnings.splice(0)) process.stderr.write(`uchat: ${warning}\n`);
  }
}
