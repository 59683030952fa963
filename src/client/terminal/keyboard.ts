/** The terminal's input: raw mode, and the clock that the decoder lacks. */
import type { Key } from '../keys/key.ts';
import { KeyDecoder, type OnReport } from './decode.ts';

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
  /** Raw mode off, nothing is read any more. Idempotent; works in an exit handler. */
  close(): void;
}

export interface Listeners {
  readonly onKey: (key: Key) => void;
  readonly onGone: () => void;
  readonly onReport: OnReport;
}

export function openKeyboard(input: TerminalInput, { onKey, onGone, onReport }: Listeners): Keyboard {
  const decoder = new KeyDecoder((row, column) => {
    if (isOpen) onReport(row, column);
  });
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;

  const tell = (keys: readonly Key[]): void => {
    for (const key of keys) if (isOpen) onKey(key);
  };
  const onData = (chunk: Buffer | string): void => {
    clearTimeout(timer);
    tell(decoder.feed(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
    const { waiting } = decoder;
    if (waiting === 'nothing' || !isOpen) return;
    timer = setTimeout(() => tell(decoder.timeout()), waiting === 'paste' ? PASTE_WAIT_MS : ESCAPE_WAIT_MS);
  };
  const gone = (): void => {
    if (isOpen) onGone();
  };

  input.setRawMode?.(true);
  input.on('data', onData);
  input.on('end', gone);
  // A hang-up of the terminal is EIO here. The listener stays after `close`: late errors are nobody's.
  input.on('error', gone);
  input.resume();

  return {
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      clearTimeout(timer);
      input.off('data', onData);
      input.off('end', gone);
      try {
        input.setRawMode?.(false);
      } catch {
        // The terminal is gone, and its mode with it.
      }
      input.pause();
    },
  };
}
