/**
 * How records lie in a log's file, so that it can be read from its end: in front the head, of fixed length, and then each
 * record as
 *
 *     length of the sealed bytes (32 bits, big-endian) ‖ place (32 bits) ‖ sealed bytes ‖ their length once more
 *
 * Numbers outside the sealed bytes only help to find them; which place a record has, its seal proves.
 */
import { readSync } from 'node:fs';
import { openRecord, RECORD_OVERHEAD } from '../../crypto/sealed-record.ts';
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';

/** Bytes before the sealed ones, and behind them. */
const BEFORE = 8;
const BEHIND = 4;
/** Bytes of one sealed record: every byte of the text as JSON's six, and what stands around it. */
export const MAX_SEALED_BYTES = MAX_TEXT_BYTES * 6 + 512;
/** Bytes that a frame has more than the sealed ones. */
export const FRAME_OVERHEAD = BEFORE + BEHIND;
const MIN_FRAME_BYTES = FRAME_OVERHEAD + RECORD_OVERHEAD;
/** Bytes that are read at a time, from the end: a page of short messages, and no more memory than that. */
const WINDOW_BYTES = 32_768;

export interface Frame {
  /** Bytes from the file's start. */
  readonly start: number;
  readonly place: number;
  /** Of the sealed bytes. */
  readonly length: number;
}

/** A place in the file where the frame of `place - 1` ends. */
export interface Edge {
  readonly end: number;
  readonly place: number;
}

/** What a log is sealed with. */
export interface LogSeal {
  readonly key: Uint8Array;
  /** The file's id. */
  readonly file: Uint8Array;
}

export function encodeFrame(place: number, sealed: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(BEFORE + sealed.length + BEHIND);
  frame.writeUInt32BE(sealed.length, 0);
  frame.writeUInt32BE(place, 4);
  frame.set(sealed, BEFORE);
  frame.writeUInt32BE(sealed.length, BEFORE + sealed.length);
  return frame;
}

/** Where the sealed bytes of a frame begin. */
export const sealedFrom = ({ start }: Frame): number => start + BEFORE;
export const endOf = ({ start, length }: Frame): number => start + BEFORE + length + BEHIND;

/** Reads an open file in steps backwards. */
export class FrameReader {
  readonly #file: number;
  readonly #seal: LogSeal;
  /** Where the first record begins. */
  readonly #first: number;
  #window: Buffer = Buffer.alloc(0);
  #from = 0;

  constructor(file: number, seal: LogSeal, first: number) {
    this.#file = file;
    this.#seal = seal;
    this.#first = first;
  }

  /** `length` bytes from `at`, which must be in the file; valid until the next call. */
  #bytes(at: number, length: number): Buffer {
    if (at < this.#from || at + length > this.#from + this.#window.length) this.#read(at, length);
    return this.#window.subarray(at - this.#from, at - this.#from + length);
  }

  /** What is asked for next lies before this, mostly. */
  #read(at: number, length: number): void {
    const size = Math.max(WINDOW_BYTES, length);
    const from = Math.max(0, at + length - size);
    const window = Buffer.alloc(at + length - from);
    for (let done = 0; done < window.length; ) {
      const got = readSync(this.#file, window, done, window.length - done, from + done);
      // Shorter than it was: what is missing reads as zeros, which are no record.
      if (got === 0) break;
      done += got;
    }
    [this.#window, this.#from] = [window, from];
  }

  #number(at: number): number {
    return this.#bytes(at, 4).readUInt32BE();
  }

  /** What is in a frame; undefined where it was changed. */
  open({ start, place, length }: Frame): Uint8Array | undefined {
    const { key, file } = this.#seal;
    return openRecord(key, { file, position: place }, this.#bytes(start + BEFORE, length));
  }

  /** What says of itself, before and behind, that it is a frame of this length. */
  #framed(start: number, length: number, end: number): Frame | undefined {
    if (length < RECORD_OVERHEAD || length > MAX_SEALED_BYTES || start < this.#first) return undefined;
    const frame = { start, place: this.#number(start + 4), length };
    const isOne =
      endOf(frame) <= end && this.#number(start) === length && this.#number(endOf(frame) - BEHIND) === length;
    return isOne ? frame : undefined;
  }

  #endingAt(end: number): Frame | undefined {
    if (end - this.#first < MIN_FRAME_BYTES) return undefined;
    const length = this.#number(end - BEHIND);
    return this.#framed(end - FRAME_OVERHEAD - length, length, end);
  }

  /** The frame before an edge; where those next to it are damaged, the nearest one that can be found. */
  before({ end, place }: Edge): Frame | undefined {
    if (place <= 0) return undefined;
    const frame = this.#endingAt(end);
    return frame?.place === place - 1 ? frame : this.search(end, place);
  }

  /** The last frame up to `end` whose place is below `below`, and whose seal proves it. */
  search(end: number, below: number): Frame | undefined {
    const next = this.#endingAt(end);
    if (next !== undefined && next.place < below && this.open(next) !== undefined) return next;
    for (let start = end - MIN_FRAME_BYTES; start >= this.#first; start--) {
      const frame = this.#framed(start, this.#number(start), end);
      if (frame !== undefined && frame.place < below && this.open(frame) !== undefined) return frame;
    }
    return undefined;
  }

  /**
   * How far records go on behind an edge that were written whole, and changed later: one that is as long as it says before
   * or behind. Whatever else is there is a part of one.
   */
  wholeFrom(edge: Edge, size: number): Edge {
    let { end, place } = edge;
    while (size - end >= MIN_FRAME_BYTES) {
      const frame = this.#framed(end, this.#number(end), size);
      if (frame?.place !== place) break;
      [end, place] = [endOf(frame), place + 1];
    }
    const length = size - end - FRAME_OVERHEAD;
    if (length < RECORD_OVERHEAD || length > MAX_SEALED_BYTES) return { end, place };
    const isWhole = this.#number(end) === length || this.#number(size - BEHIND) === length;
    return isWhole ? { end: size, place: place + 1 } : { end, place };
  }
}
