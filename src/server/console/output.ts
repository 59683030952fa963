import { destination } from 'pino';

/** Where a console writes. */
export interface Output {
  readonly write: (text: string) => void;
  /** Writes what it still holds. */
  readonly close: () => void;
}

/** Bytes that wait for a reader who is slower than the log; beyond it lines are dropped, because people come first. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Standard output, written to by another thread: a pipe that nobody reads and a terminal that is held with Ctrl-S must not
 * stop the chat, as they would with `process.stdout`.
 */
export function standardOutput(): Output {
  const output = destination({ fd: 1, sync: false, maxLength: MAX_WAITING_BYTES });
  // A reader that has gone is no reason to stop either.
  output.on('error', () => undefined);
  // A turn of the event loop may bring hundreds of lines, and each `write` costs more than its line.
  let held = '';
  const release = (): void => {
    const text = held;
    held = '';
    if (text !== '') output.write(text);
  };
  return {
    write: (text) => {
      if (held === '') setImmediate(release);
      held += text;
    },
    close: () => {
      try {
        release();
        output.flushSync();
      } catch {
        // Nothing can be written any more, and there is nowhere to say so.
        output.destroy();
      }
    },
  };
}
