/** One line on a terminal that says how far something is, and is gone at its end. Elsewhere nothing. */
import type { WriteStream } from 'node:tty';

/** Milliseconds between two of them: nobody reads faster. */
const EVERY_MS = 100;

export interface Progress {
  /** @param done 0 to 1. */
  readonly show: (what: string, done?: number) => void;
  /** Before anything else is written. */
  readonly clear: () => void;
}

export function createProgress(to: WriteStream): Progress {
  let last = -Infinity;
  let width = 0;
  const write = (text: string): void => {
    // Blanks instead of an escape sequence: every terminal knows them.
    if (to.isTTY) to.write(`\r${text.padEnd(width)}${text === '' ? '\r' : ''}`);
    width = text.length;
  };
  return {
    show: (what, done) => {
      const now = performance.now();
      if (now - last < EVERY_MS) return;
      last = now;
      const share = done === undefined ? '' : ` ${Math.floor(Math.min(1, done) * 100)}%`;
      write(`${what}${share} …`.slice(0, Math.max(0, (to.columns || 80) - 1)));
    },
    clear: () => {
      if (width > 0) write('');
    },
  };
}
