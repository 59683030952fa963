/**
 * A blessed screen that keeps to itself. blessed takes over the process it is loaded in: it listens for exits, signals
 * and exceptions, asks tmux for its version, reads the locale and the size from the environment. None of this is wanted:
 * what the screen needs is handed to it, and what it installed is removed again.
 */
import { PassThrough } from 'node:stream';
import Tput, { type Entry } from 'blessed/lib/tput.js';
import Screen from 'blessed/lib/widgets/screen.js';
import type { Output } from './output.ts';
import { FALLBACK, findEntry } from './terminfo.ts';

export type { default as BlessedScreen, Line } from 'blessed/lib/widgets/screen.js';

const PROCESS_EVENTS = ['exit', 'uncaughtException', 'SIGTERM', 'SIGINT', 'SIGQUIT'] as const;

type Listener = (...args: unknown[]) => void;

/** Runs `make`, and takes off the process whatever listeners it has put there. */
function withoutListeners<T>(make: () => T): T {
  const before = new Map(PROCESS_EVENTS.map((event) => [event, new Set(process.listeners(event as 'exit'))]));
  try {
    return make();
  } finally {
    for (const event of PROCESS_EVENTS) {
      for (const listener of process.listeners(event as 'exit')) {
        if (before.get(event)?.has(listener) !== true) process.off(event, listener as Listener);
      }
    }
  }
}

/** Runs `make` with $TMUX unset: inside of tmux blessed would start a process to ask for its version. */
function outsideOfTmux<T>(make: () => T): T {
  const { TMUX } = process.env;
  delete process.env.TMUX;
  try {
    return make();
  } finally {
    if (TMUX !== undefined) process.env.TMUX = TMUX;
  }
}

/** An entry with no more strings than are used: each is made a function of, which for all 400 takes 5 ms. */
function used(entry: Entry): Entry {
  const strings = Object.entries(entry.strings).filter(([name]) => Object.hasOwn(FALLBACK.strings, name));
  return { ...entry, strings: Object.fromEntries(strings) };
}

/** Runs `make` with blessed's reader of terminfo replaced by ours. */
function withTerminfo<T>(terminal: string, env: Readonly<Record<string, string | undefined>>, make: () => T): T {
  const { readTerminfo, parseTerminfo } = Tput.prototype;
  const entry = findEntry(terminal, env);
  Tput.prototype.readTerminfo = function readOurs(this: Tput) {
    if (entry === undefined) return FALLBACK;
    try {
      return used(parseTerminfo.call(this, entry.data, entry.file));
    } catch {
      // A damaged entry is as good as none.
      return FALLBACK;
    }
  };
  try {
    return make();
  } finally {
    Tput.prototype.readTerminfo = readTerminfo;
  }
}

export interface ScreenOptions {
  readonly output: Output;
  readonly terminal: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly unicode: boolean;
}

/** Enters the terminal's other screen, clears it, and hides the cursor. */
export function openScreen({ output, terminal, env, unicode }: ScreenOptions): Screen {
  // Keys don't come this way: the keyboard has a decoder of its own.
  const input = Object.assign(new PassThrough(), { isTTY: true, isRaw: true, setRawMode: () => undefined });
  const screen = withTerminfo(terminal, env, () =>
    outsideOfTmux(() => withoutListeners(() => new Screen({ input, output, terminal, forceUnicode: unicode }))),
  );
  // Borders as UTF-8, or as what we replaced them by: never as characters of the alternate set.
  screen.tput.brokenACS = true;
  return screen;
}

/** Lets go of the screen without writing anything. */
export function closeScreen(screen: Screen): void {
  screen.program.isAlt = false;
  screen.program._buf = '';
  withoutListeners(() => screen.destroy());
}
