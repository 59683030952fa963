/**
 * The full screen while it is open: who gets the keys, and that the terminal is as before when the program ends, in
 * whatever way it does.
 */
import type { Size } from '../core/state.ts';
import type { Key } from '../keys/key.ts';
import type { Mouse, Terminal } from '../terminal/terminal.ts';
import type { Theme } from '../theme/theme.ts';
import type { Frame } from '../view/cells.ts';
import { FAULT_STATUS, faultLine } from './fault.ts';

/** Node's own warnings that are kept until the screen is closed: one is news, a hundred are none. */
const MAX_WARNINGS = 10;
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;
/** Typed by whoever uses the program that has the terminal, and meant for it. */
const TYPED: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);
/**
 * Milliseconds after which a program that runs has not been stopped, or no longer is. Where no shell waits for it (it is
 * all that a session of tmux runs) the kernel takes no notice of SIGTSTP.
 */
const STOPPED_WITHIN_MS = 50;

export interface Scene {
  readonly key: (key: Key) => void;
  readonly resize: (size: Size) => void;
  /** In cells from 0; only where the mouse was asked for. */
  readonly click?: (x: number, y: number) => void;
  /** The left button is down and has moved there; it came up there. */
  readonly drag?: (x: number, y: number) => void;
  readonly release?: (x: number, y: number) => void;
  readonly wheel?: (up: boolean, x: number, y: number) => void;
  /** The terminal's window has the keyboard from now on, or hasn't; many never say. */
  readonly focus?: (on: boolean) => void;
  /** The terminal has said whether its ground is dark. */
  readonly ground?: (dark: boolean) => void;
  /** The terminal is gone: nobody sees or says anything more. */
  readonly gone: () => void;
  /** A signal ends the program: what is to be done before, in a second at most. Never rejects. */
  readonly leave?: () => Promise<void>;
}

const NOBODY: Scene = { key: () => undefined, resize: () => undefined, gone: () => undefined };

/** A window's new size is told to whoever is in the foreground, which we weren't. Node reads the size at this signal. */
const measureAgain = (): void => void process.kill(process.pid, 'SIGWINCH');

export class Screen {
  #terminal: Terminal | undefined;
  #theme: Theme | undefined;
  /** As the terminal has said; undefined: it hasn't. */
  groundDark: boolean | undefined;
  #scene: Scene = NOBODY;
  #warnings: string[] = [];
  #printers: readonly ((warning: Error) => void)[] = [];
  /** Who has the terminal: we, the shell while we are stopped, or a program that we run. */
  #holder: 'us' | 'shell' | 'program' = 'us';
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (this.#holder === 'program' && TYPED.has(signal)) return;
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
  /** Somebody else told us to stop; all others of our group were told, too. */
  readonly #onStop = (): void => this.#stop(process.pid);
  /** Whoever has stopped us without a word (SIGSTOP) has left the terminal as it was, and a shell has used it since. */
  readonly #onContinue = (): void => {
    if (this.#holder === 'shell') this.resume();
    else if (this.#holder === 'us') {
      this.#terminal?.retake();
      measureAgain();
    }
  };

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
    process.on('SIGTSTP', this.#onStop);
    process.on('SIGCONT', this.#onContinue);
    this.#printers = process.listeners('warning');
    process.removeAllListeners('warning');
    process.on('warning', this.#onWarning);
    const opened = openTerminal({
      input: process.stdin,
      output: process.stdout,
      env: process.env,
      ...(this.#theme === undefined ? {} : { theme: this.#theme }),
    });
    if (!opened.ok) throw new Error(opened.error.text);
    const terminal = opened.value;
    this.#terminal = terminal;
    terminal.onKey((key) => this.#scene.key(key));
    terminal.onResize((size) => this.#scene.resize(size));
    terminal.onMouse((mouse) => this.#moused(mouse));
    terminal.onFocus((on) => this.#scene.focus?.(on));
    terminal.onGround((dark) => {
      this.groundDark = dark;
      this.#scene.ground?.(dark);
    });
    terminal.onGone(() => this.#scene.gone());
    return terminal;
  }

  #moused(mouse: Mouse): void {
    const { x, y } = mouse;
    switch (mouse.kind) {
      case 'click':
        return this.#scene.click?.(x, y);
      case 'drag':
        return this.#scene.drag?.(x, y);
      case 'release':
        return this.#scene.release?.(x, y);
      case 'wheel':
        return this.#scene.wheel?.(mouse.up, x, y);
    }
  }

  /** From now on, also where the terminal is opened later; the same once more costs nothing. */
  theme(theme: Theme): void {
    if (theme === this.#theme) return;
    this.#theme = theme;
    this.#terminal?.theme(theme);
  }

  /** @param atOnce whoever draws sees to it by themselves that frames aren't too many. */
  draw(frame: Frame, atOnce = false): void {
    this.#terminal?.draw(frame, atOnce);
  }

  /** Another program gets the terminal as it was: an editor, say. Nothing is drawn and no key read until `resume`. */
  suspend(): void {
    if (this.#holder !== 'us') return;
    this.#holder = 'program';
    this.#terminal?.suspend();
  }

  resume(): void {
    if (this.#holder === 'us') return;
    this.#holder = 'us';
    this.#terminal?.resume();
    measureAgain();
  }

  /** Back to the shell that started us, and all of our job with us, until that shell goes on with it. */
  stop(): void {
    this.#stop(0);
  }

  /** @param whom a process, or 0 for our whole group. */
  #stop(whom: number): void {
    const terminal = this.#terminal;
    if (terminal === undefined || this.#holder === 'shell') return;
    // The program that has the terminal is stopped with us, and goes on with us.
    if (this.#holder === 'us') {
      this.#holder = 'shell';
      terminal.suspend();
    }
    // Without a listener it does what it does to any program.
    process.off('SIGTSTP', this.#onStop);
    process.kill(whom, 'SIGTSTP');
    setTimeout(() => this.#goOn(), STOPPED_WITHIN_MS);
  }

  #goOn(): void {
    if (this.#terminal === undefined) return;
    process.on('SIGTSTP', this.#onStop);
    // SIGCONT, where it was sent, is told before this.
    setImmediate(() => {
      if (this.#holder === 'shell') this.resume();
    });
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
    process.off('SIGTSTP', this.#onStop);
    process.off('SIGCONT', this.#onContinue);
    process.off('warning', this.#onWarning);
    for (const printer of this.#printers) process.on('warning', printer);
    for (const warning of this.#warnings.splice(0)) process.stderr.write(`uchat: ${warning}\n`);
  }
}
