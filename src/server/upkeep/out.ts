/** What the work on a data folder says, and how it ends. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { createProgress, type Progress } from './progress.ts';

export interface Out {
  /** Standard output. */
  readonly print: (text: string) => void;
  /** A line on standard error. */
  readonly warn: (line: string) => void;
  readonly progress: Progress;
}

/** 1: it could not be done, or was found wanting; 2: asked for in the wrong way. The line is for standard error. */
export interface Ended {
  readonly status: 0 | 1 | 2;
  readonly line?: string;
}

/** What SQLite says of a file has words of that file in it, and whoever made it may have meant them for the terminal. */
const ended = (status: 1 | 2, line: string): Ended => ({ status, line: sanitizeLine(line) });
export const failed = (line: string): Ended => ended(1, line);
export const wrong = (line: string): Ended => ended(2, line);

/** This process's own. */
export const createOut = (): Out => ({
  print: (text) => void process.stdout.write(text),
  warn: (line) => void process.stderr.write(`uchat: ${line}\n`),
  progress: createProgress(process.stderr),
});
