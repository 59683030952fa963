import { MAX_FRAME_BYTES } from './limits.ts';

/** What can be wrong with bytes before they are a message. The names are error codes. */
export type FrameFault = 'frame_too_long' | 'bad_utf8';

export type Frame = { readonly ok: true; readonly line: string } | { readonly ok: false; readonly fault: FrameFault };

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const EMPTY = new Uint8Array(0);
/** Bytes; most lines of a chat fit. */
const SMALLEST_BUFFER = 256;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Bytes in, lines out. A state machine that holds at most one incomplete line of `limit` bytes; a line may end in LF or
 * CRLF (so that a person can type into a socket), empty lines are skipped. After `frame_too_long` the decoder is spent:
 * where the next line begins is unknown, and the stream must be closed.
 */
export class FrameDecoder {
  readonly #limit: number;
  /** The incomplete line: grows by doubling, so that bytes that come one by one cost one buffer, not thousands. */
  #line = EMPTY;
  #held = 0;
  #spent = false;

  /** @param limit bytes of a line, its newline included. */
  constructor(limit: number = MAX_FRAME_BYTES) {
    this.#limit = limit;
  }

  /** Bytes of the incomplete line that are held. */
  get held(): number {
    return this.#held;
  }

  /** @returns the lines that `chunk` completes, in order. The chunk may be reused by the caller afterwards. */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let start = 0;
    while (!this.#spent) {
      const end = chunk.indexOf(NEWLINE, start);
      const stop = end < 0 ? chunk.length : end;
      // A line with its newline must fit; a line that is still open must leave room for it.
      if (this.#held + (stop - start) + 1 > this.#limit) {
        this.#spent = true;
        this.#line = EMPTY;
        this.#held = 0;
        frames.push({ ok: false, fault: 'frame_too_long' });
        break;
      }
      if (end < 0) {
        this.#hold(chunk.subarray(start));
        break;
      }
      const frame = this.#decode(chunk.subarray(start, end));
      if (frame) frames.push(frame);
      start = end + 1;
    }
    return frames;
  }

  #hold(bytes: Uint8Array): void {
    const needed = this.#held + bytes.length;
    if (needed > this.#line.length) {
      const grown = new Uint8Array(Math.min(this.#limit, Math.max(needed, this.#line.length * 2, SMALLEST_BUFFER)));
      grown.set(this.#line.subarray(0, this.#held));
      this.#line = grown;
    }
    this.#line.set(bytes, this.#held);
    this.#held = needed;
  }

  #decode(last: Uint8Array): Frame | undefined {
    let bytes = last;
    if (this.#held > 0) {
      this.#hold(last);
      bytes = this.#line.subarray(0, this.#held);
      this.#held = 0;
      // An idle connection keeps no buffer: there may be ten thousand of them.
      this.#line = EMPTY;
    }
    if (bytes[bytes.length - 1] === RETURN) bytes = bytes.subarray(0, -1);
    if (bytes.length === 0) return undefined;
    try {
      return { ok: true, line: UTF8.decode(bytes) };
    } catch {
      return { ok: false, fault: 'bad_utf8' };
    }
  }
}
