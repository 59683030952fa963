/** The terminal's input: raw mode, and the clock that the decoder lacks. */
import type { Key } from '../keys/key.ts';
import { type Input, KeyDecoder, type Mouse, type OnReport } from './decode.ts';

/**
 * Milliseconds after which a lone escape is the Esc key. Sequences arrive at once; over a slow SSH line their parts may
 * not, yet nobody waits for Esc longer than this without noticing.
 */
const ESCAPE_WAIT_MS = 50;
/** Milliseconds of silence that end a paste whose end mark got lost. */
const PASTE_WAIT_MS = 1000;

/** What we use of `process.stdin`; a PassThrough with these two is one as well. */
export interface TerminalInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

export interface Keyboard {
  /** The terminal's mode as others want it, until `resume`; what comes meanwhile is nobody's. */
  suspend(): void;
  resume(): void;
  /** Raw mode off, nothing is read any more. Idempotent; works in an exit handler. */
  close(): void;
}

export interface Listeners {
  readonly onKey: (key: Key) => void;
  readonly onMouse: (mouse: Mouse) => void;
  readonly onGone: () => void;
  readonly onReport: OnReport;
}

export function openKeyboard(input: TerminalInput, { onKey, onMouse, onGone, onReport }: Listeners): Keyboard {
  const decoder = new KeyDecoder((row, column) => {
    if (isOpen) onReport(row, column);
  });
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;
  let isSuspended = false;

  const tell = (inputs: readonly Input[]): void => {
    for (const input of inputs) {
      if (!isOpen) return;
      if (input.kind === 'click' || input.kind === 'wheel') onMouse(input);
      else onKey(input);
    }
  };
  const onData = (chunk: Buffer | string): void => {
    if (isSuspended) return;
    clearTimeout(timer);
    tell(decoder.feed(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
    const { waiting } = decoder;
    if (waiting === 'nothing' || !isOpen) return;
    timer = setTimeout(() => tell(decoder.timeout()), waiting === 'paste' ? PASTE_WAIT_MS : ESCAPE_WAIT_MS);
  };
  const gone = (): void => {
    if (isOpen) onGone();
  };

  const setRaw = (raw: boolean): void => {
    try {
      input.setRawMode?.(raw);
    } catch {
      // The terminal is gone, and its mode with it.
    }
  };

  input.setRawMode?.(true);
  input.on('data', onData);
  input.on('end', gone);
  // A hang-up of the terminal is EIO here. The listener stays after `close`: late errors are nobody's.
  input.on('error', gone);
  input.resume();

  return {
    suspend: () => {
      clearTimeout(timer);
      isSuspended = true;
      setRaw(false);
    },
    resume: () => {
      if (!isOpen) return;
      isSuspended = false;
      setRaw(true);
    },
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      clearTimeout(timer);
      input.off('data', onData);
      input.off('end', gone);
      setRaw(false);
      input.pause();
    },
  };
}
