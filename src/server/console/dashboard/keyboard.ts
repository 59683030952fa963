/** The terminal's input: raw while it is ours, and as it was afterwards. */
import { type DashboardKey, KeyReader } from './keys.ts';

/** Milliseconds after which a lone escape is the Esc key. */
const ESCAPE_WAIT_MS = 50;

/** What we use of `process.stdin`. */
export interface TerminalInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

export class Keyboard {
  readonly #input: TerminalInput;
  readonly #press: (keys: readonly DashboardKey[]) => void;
  readonly #reader = new KeyReader();
  #timer: NodeJS.Timeout | undefined;

  readonly #onData = (chunk: Uint8Array | string): void => {
    clearTimeout(this.#timer);
    this.#press(this.#reader.feed(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
    if (this.#reader.waiting) this.#timer = setTimeout(() => this.#press(this.#reader.flush()), ESCAPE_WAIT_MS);
  };

  /** @param press is told what was pressed, in order; perhaps nothing. */
  constructor(input: TerminalInput, press: (keys: readonly DashboardKey[]) => void) {
    this.#input = input;
    this.#press = press;
    input.setRawMode?.(true);
    input.on('data', this.#onData);
    // A terminal that has gone sends SIGHUP too. The listener stays: late errors are nobody's.
    input.on('error', () => undefined);
    input.resume();
  }

  /** After somebody else may have had the terminal. */
  takeBack(): void {
    this.#input.setRawMode?.(true);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#input.off('data', this.#onData);
    try {
      this.#input.setRawMode?.(false);
    } catch {
      // The terminal is gone, and its mode with it.
    }
    this.#input.pause();
  }
}
