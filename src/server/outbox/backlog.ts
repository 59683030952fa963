/**
 * What waits for a reader that is behind, beyond what its link has. It is kept in blocks of our own: a reader that holds a
 * small slice of somebody else's buffer would keep all of that buffer, and a list of small writes costs more than its bytes.
 */
import { BLOCK_BYTES, CHUNK_BYTES, FIRST_BLOCK_BYTES, PIECE_COST } from './limits.ts';

const NEWLINE = 0x0a;

/** Part of a block that is filled and never changes. */
export interface Slice {
  readonly block: Buffer;
  readonly from: number;
  readonly to: number;
}

/** Copies, one behind the other, in blocks that live as long as somebody holds a slice of them. */
export class Blocks {
  #block: Buffer | undefined;
  #used = 0;

  put(bytes: Uint8Array): Slice {
    let block = this.#block;
    if (block === undefined || block.length - this.#used < bytes.length) {
      // They grow, so that a quiet room's few bytes are a small block.
      const next = Math.min(BLOCK_BYTES, block === undefined ? FIRST_BLOCK_BYTES : 2 * block.length);
      block = Buffer.allocUnsafeSlow(Math.max(next, bytes.length));
      this.#block = block;
      this.#used = 0;
    }
    const from = this.#used;
    block.set(bytes, from);
    this.#used = from + bytes.length;
    return { block, from, to: this.#used };
  }
}

/** One reader's, in order. All of it is whole lines. */
export class Backlog {
  /** Without gaps between those of one block, so there are about as many as blocks. */
  readonly #slices: { readonly block: Buffer; from: number; to: number }[] = [];
  /** Those before it are gone. */
  #first = 0;
  readonly #own = new Blocks();
  #bytes = 0;

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What it costs in memory, of which others may hold the same. */
  get cost(): number {
    return this.#bytes + (this.#slices.length - this.#first) * PIECE_COST;
  }

  /** Lines that nobody else gets. */
  addOwn(bytes: Uint8Array): void {
    this.add(this.#own.put(bytes));
  }

  add({ block, from, to }: Slice): void {
    this.#bytes += to - from;
    const last = this.#slices.at(-1);
    if (this.#slices.length > this.#first && last?.block === block && last.to === from) last.to = to;
    else this.#slices.push({ block, from, to });
  }

  /** Whole lines, as many as a chunk holds, and one at least; undefined when there are none. */
  take(): Buffer | undefined {
    const slice = this.#slices[this.#first];
    if (slice === undefined) return undefined;
    const { block, from, to } = slice;
    const end = to - from <= CHUNK_BYTES ? to : endOfLine(block, from, to);
    slice.from = end;
    this.#bytes -= end - from;
    if (end === to) this.#drop();
    return block.subarray(from, end);
  }

  #drop(): void {
    this.#first += 1;
    if (this.#first < this.#slices.length / 2) return;
    this.#slices.splice(0, this.#first);
    this.#first = 0;
  }
}

/** Of the last line that ends within a chunk; of the first, where that is longer. */
function endOfLine(block: Buffer, from: number, to: number): number {
  const last = block.subarray(from, from + CHUNK_BYTES).lastIndexOf(NEWLINE);
  if (last >= 0) return from + last + 1;
  const first = block.subarray(from, to).indexOf(NEWLINE);
  return first < 0 ? to : from + first + 1;
}
