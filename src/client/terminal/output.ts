/** The terminal's output, as blessed sees it: a stream with a sane size that can be shut, whatever happens behind it. */
import { EventEmitter } from 'node:events';
import { writeSync } from 'node:fs';

/** Cells: beyond, a size is a slip or mischief, and every cell costs memory. */
const MAX_COLUMNS = 1000;
const MAX_ROWS = 500;
/** Tries to write the last words to a terminal that doesn't take them at the moment. */
const MAX_TRIES = 50;

/** What we use of `process.stdout`; a PassThrough with a size is one as well. */
export interface TerminalOutput extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly fd?: number;
  readonly writableNeedDrain?: boolean;
}

const within = (value: number | undefined, usual: number, most: number): number =>
  value === undefined || !(value >= 1) ? usual : Math.min(most, Math.floor(value));

export class Output extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  columns = 80;
  rows = 24;
  readonly #stream: TerminalOutput;
  #isOpen = true;
  readonly #onResize = (): void => {
    this.#measure();
    this.emit('resize');
  };
  readonly #onDrain = (): void => {
    this.emit('drain');
  };

  constructor(stream: TerminalOutput) {
    super();
    this.#stream = stream;
    this.#measure();
    stream.on('resize', this.#onResize);
    stream.on('drain', this.#onDrain);
    // A terminal that is gone is told by its input; the listener stays, for errors that come late.
    stream.on('error', () => undefined);
  }

  /** Whether the terminal is behind, so that another frame would only be queued. */
  get isBehind(): boolean {
    return this.#stream.writableNeedDrain === true;
  }

  #measure(): void {
    this.columns = within(this.#stream.columns, 80, MAX_COLUMNS);
    this.rows = within(this.#stream.rows, 24, MAX_ROWS);
  }

  write(text: string): boolean {
    return this.#isOpen && text !== '' ? this.#stream.write(text) : true;
  }

  /** Written before this returns, where the stream has a file. */
  writeAtOnce(text: string): void {
    if (!this.#isOpen) return;
    const { fd } = this.#stream;
    if (fd === undefined) this.#stream.write(text);
    else writeNow(fd, text);
  }

  /** The last words, written before this returns where the stream has a file; then nothing more. */
  end(text: string): void {
    if (!this.#isOpen) return;
    this.writeAtOnce(text);
    this.#isOpen = false;
    this.#stream.off('resize', this.#onResize);
    this.#stream.off('drain', this.#onDrain);
  }
}

function writeNow(fd: number, text: string): void {
  let rest = Buffer.from(text);
  for (let tries = 0; rest.length > 0 && tries < MAX_TRIES; tries += 1) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const isFull = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      // EIO, EPIPE, EBADF: the terminal is gone, and needs no tidying.
      if (!isFull) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
