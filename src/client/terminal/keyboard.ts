/** The terminal's input: raw mode, and the clock that the decoder lacks. */
import type { Key } from '../keys/key.ts';
import { type Input, KeyDecoder, type OnAnswer } from './decode.ts';
import type { Mouse } from './mouse.ts';
import { readUnread } from './unread.ts';

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
  /** Where it is a file, that of this process's terminal. */
  readonly fd?: number;
  setRawMode?(raw: boolean): unknown;
}

export interface Keyboard {
  /** The terminal's mode as others want it, until `resume`; what comes meanwhile is nobody's. */
  suspend(): void;
  resume(): void;
  /** Takes in answers that are under way, before it returns, as long as `isWaiting`; what was typed meanwhile is lost. */
  drain(isWaiting: () => boolean, withinMs: number): void;
  /** Raw mode off, nothing is read any more. Idempotent; works in an exit handler. */
  close(): void;
}

export interface Listeners {
  readonly onKey: (key: Key) => void;
  readonly onMouse: (mouse: Mouse) => void;
  readonly onFocus: (on: boolean) => void;
  readonly onGone: () => void;
  readonly onAnswer: OnAnswer;
}

function hand(input: Input, { onKey, onMouse, onFocus }: Listeners): void {
  switch (input.kind) {
    case 'click':
    case 'drag':
    case 'release':
    case 'wheel':
      return onMouse(input);
    case 'focus':
      return onFocus(input.on);
    case 'text':
    case 'paste':
    case 'key':
      return onKey(input);
  }
}

export function openKeyboard(input: TerminalInput, listeners: Listeners): Keyboard {
  const decoder = new KeyDecoder((answer) => {
    if (isOpen) listeners.onAnswer(answer);
  });
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;
  let isSuspended = false;

  const tell = (inputs: readonly Input[]): void => {
    for (const input of inputs) {
      if (!isOpen) return;
      hand(input, listeners);
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
    if (isOpen) listeners.onGone();
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
      // Else we would take the keys from whoever reads them now.
      input.pause();
      setRaw(false);
    },
    resume: () => {
      if (!isOpen) return;
      isSuspended = false;
      setRaw(true);
      input.resume();
    },
    drain: (isWaiting, withinMs) => {
      if (!isOpen || isSuspended || input.fd === undefined) return;
      readUnread((bytes) => {
        decoder.feed(bytes);
        return isWaiting();
      }, withinMs);
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
