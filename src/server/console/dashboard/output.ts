/**
 * The terminal's output. Standard output blocks where it is a terminal (Node's documentation, "process I/O"), so a
 * terminal that takes nothing, behind a network that has gone for instance, would stand the whole server still. So it is
 * opened once more, without blocking; what it doesn't take waits here, and nothing is drawn meanwhile.
 */
import { EventEmitter } from 'node:events';
import { closeSync, constants, openSync, writeSync } from 'node:fs';

/** Cells: beyond, a size is a slip or mischief, and every cell costs memory. */
const MAX_COLUMNS = 1000;
const MAX_ROWS = 500;
/**
 * Bytes that wait for the terminal; the largest frame has fewer. What comes beyond is left out, whole, and made good by a
 * frame from scratch.
 */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** Milliseconds between two tries to write to a terminal that is full. */
const RETRY_MS = 50;
/** Tries, a few milliseconds apart, to write the last words to a terminal that is full. */
const LAST_TRIES = 50;
const LAST_WAIT_MS = 2;

/** What we use of `process.stdout`. Without `fd` it is written to as a stream. */
export interface TerminalOutput extends NodeJS.EventEmitter {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly fd?: number;
  write(text: string): boolean;
}

const within = (value: number | undefined, usual: number, most: number): number =>
  value === undefined || !(value >= 1) ? usual : Math.min(most, Math.floor(value));

/** As blessed sees an output, but for what it can't do. */
export class Output extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  columns = 80;
  rows = 24;
  readonly #stream: TerminalOutput;
  /** The terminal, opened once more. */
  #file: number | undefined;
  #waiting: Buffer = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;
  /** Something was left out. */
  #lost = false;
  #state: 'open' | 'gone' | 'ended' = 'open';
  readonly #onResize = (): void => {
    this.#measure();
    this.emit('resize');
  };

  constructor(stream: TerminalOutput) {
    super();
    this.#stream = stream;
    this.#file = stream.fd === undefined ? undefined : openAgain(stream.fd);
    this.#measure();
    stream.on('resize', this.#onResize);
  }

  /**
   * The terminal has not yet taken what it was sent: what is drawn now would only wait. Its end is told by `drain`, with
   * whether something was left out.
   */
  get isBehind(): boolean {
    return this.#waiting.length > 0;
  }

  #measure(): void {
    this.columns = within(this.#stream.columns, 80, MAX_COLUMNS);
    this.rows = within(this.#stream.rows, 24, MAX_ROWS);
  }

  write(text: string): boolean {
    if (this.#state !== 'open' || text === '') return true;
    if (this.#file === undefined) return this.#stream.write(text);
    if (this.#waiting.length > MAX_WAITING_BYTES) {
      this.#lost = true;
      return false;
    }
    this.#waiting = Buffer.concat([this.#waiting, Buffer.from(text)]);
    if (this.#timer === undefined) this.#push(this.#file);
    return !this.isBehind;
  }

  #push(file: number): void {
    const result = writeSome(file, this.#waiting);
    if (result === 'gone') {
      this.#state = 'gone';
      this.#waiting = Buffer.alloc(0);
      return;
    }
    this.#waiting = this.#waiting.subarray(result);
    if (this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#push(file);
      if (this.isBehind) return;
      const lost = this.#lost;
      this.#lost = false;
      this.emit('drain', lost);
    }, RETRY_MS);
  }

  /** The last words, written before this returns if the terminal takes them at all; then nothing more. */
  end(text: string): void {
    if (this.#state === 'ended') return;
    clearTimeout(this.#timer);
    this.#stream.off('resize', this.#onResize);
    if (this.#file === undefined) this.#stream.write(text);
    else if (this.#state === 'open') writeNow(this.#file, Buffer.concat([this.#waiting, Buffer.from(text)]));
    this.#state = 'ended';
    this.#waiting = Buffer.alloc(0);
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** Undefined where that can't be done: not on Linux, or the terminal belongs to somebody else since a `su`. */
function openAgain(fd: number): number | undefined {
  const flags = constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK;
  for (const path of [`/proc/self/fd/${fd}`, '/dev/tty']) {
    try {
      return openSync(path, flags);
    } catch {
      // The next one, or the stream.
    }
  }
  return undefined;
}

/** @returns how many bytes were taken. */
function writeSome(file: number, bytes: Buffer): number | 'gone' {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(file, bytes, written);
    } catch (error) {
      const isFull = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      // EIO, EPIPE: the terminal has hung up.
      return isFull ? written : 'gone';
    }
  }
  return written;
}

function writeNow(file: number, bytes: Buffer): void {
  let rest = bytes;
  for (let tries = 0; tries < LAST_TRIES; tries += 1) {
    const written = writeSome(file, rest);
    if (written === 'gone') return;
    rest = rest.subarray(written);
    if (rest.length === 0) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_WAIT_MS);
  }
}
