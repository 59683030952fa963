/**
 * Readers for whom bytes wait. What comes for one of them goes into its backlog, and from there to its link a chunk at a
 * time: so little waits where it can't be taken back, and each chunk that the kernel takes is a sign of progress. Whoever
 * holds too much, or takes nothing for too long, is cut off: what it hasn't been given is dropped, so that it gets whole
 * lines up to some place, and then the reason. One timer looks at all; whoever keeps up isn't among them.
 */
import type { Link } from '../../link/link.ts';
import { Backlog, Blocks, type Slice } from './backlog.ts';
import { CHUNK_BYTES, LOOK_EVERY_MS, MAX_BUFFERED_BYTES, MAX_STANDSTILL_MS } from './limits.ts';

/** What a reader is cut off for: too many bytes wait for it, or it has taken none of them for too long. */
export type TooSlow = 'bytes' | 'standstill';

interface Behind {
  /** At which it has been found to stand still, in a row; undefined before the first. */
  looks: number | undefined;
  /** Undefined while all that waits is with the link. */
  backlog: Backlog | undefined;
}

export interface Reader {
  readonly link: Link;
  /** Undefined while nothing waits. */
  behind: Behind | undefined;
}

/** What several readers get of one source, and where it is kept. */
interface Shared {
  readonly blocks: Blocks;
  bytes: Uint8Array;
  slice: Slice;
}

interface ReadersBehindOptions<R extends Reader> {
  /** Calls its first argument once, after so many milliseconds. */
  readonly later: (look: () => void, ms: number) => void;
  /** The reader has stood still for too long. */
  readonly standsStill: (reader: R) => void;
}

export class ReadersBehind<R extends Reader> {
  readonly #options: ReadersBehindOptions<R>;
  readonly #readers = new Set<R>();
  /** By source; only as long as somebody is behind. */
  readonly #shared = new Map<object, Shared>();
  #isLooking = false;

  constructor(options: ReadersBehindOptions<R>) {
    this.#options = options;
  }

  /** The link has not passed on all that was written to it. */
  watch(reader: R): Behind {
    const behind = { looks: undefined, backlog: undefined };
    reader.behind = behind;
    this.#readers.add(reader);
    this.#lookLater();
    return behind;
  }

  /**
   * Writes to a reader that is behind, or what is only for one reader.
   * @param source where the bytes come from, where other readers get the same ones.
   * @returns false where too much waits already; then nothing is written.
   */
  write(reader: R, bytes: Uint8Array, source?: object): boolean {
    const { link } = reader;
    let { behind } = reader;
    if (behind?.backlog === undefined) {
      if (link.buffered === 0 && (source !== undefined || bytes.length <= CHUNK_BYTES)) {
        link.write(bytes);
        if (behind === undefined && link.buffered > 0) this.watch(reader);
        return true;
      }
      behind ??= this.watch(reader);
      behind.backlog = new Backlog();
    }
    // Before it is added: one long answer to a reader who keeps up is no reason to cut it off.
    if (link.buffered + behind.backlog.cost > MAX_BUFFERED_BYTES) return false;
    if (source === undefined) behind.backlog.addOwn(bytes);
    else behind.backlog.add(this.#slice(source, bytes));
    this.#pass(reader, behind);
    return true;
  }

  #slice(source: object, bytes: Uint8Array): Slice {
    const shared = this.#shared.get(source);
    if (shared?.bytes === bytes) return shared.slice;
    const blocks = shared?.blocks ?? new Blocks();
    const slice = blocks.put(bytes);
    if (shared === undefined) this.#shared.set(source, { blocks, bytes, slice });
    else {
      shared.bytes = bytes;
      shared.slice = slice;
    }
    return slice;
  }

  /** The link says that it has passed on everything. */
  drained(reader: R): void {
    const { link, behind } = reader;
    if (behind === undefined) return;
    if (link.buffered === 0) behind.looks = 0;
    this.#pass(reader, behind);
  }

  /** Gives the link what it takes now. */
  #pass(reader: R, { backlog }: Behind): void {
    const { link } = reader;
    while (link.buffered === 0) {
      const chunk = backlog?.take();
      if (chunk === undefined) return this.forget(reader);
      link.write(chunk);
    }
    link.awaitDrained();
  }

  /** Gives the link all that waits, since it ends. */
  handOver(reader: R): void {
    const { link, behind } = reader;
    for (let chunk = behind?.backlog?.take(); chunk !== undefined; chunk = behind?.backlog?.take()) link.write(chunk);
    this.forget(reader);
  }

  /** Drops what waits. */
  forget(reader: R): void {
    if (reader.behind === undefined) return;
    reader.behind = undefined;
    this.#readers.delete(reader);
    if (this.#readers.size === 0) this.#shared.clear();
  }

  #lookLater(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#options.later(() => {
      this.#isLooking = false;
      this.#look();
    }, LOOK_EVERY_MS);
  }

  /** Counts looks and not time: a server that was stopped itself for a while gave nobody the chance to take something. */
  #look(): void {
    // Blocks of which perhaps nobody holds a slice any more.
    this.#shared.clear();
    const still: R[] = [];
    for (const reader of this.#readers) {
      const { link, behind } = reader;
      if (behind === undefined) continue;
      if (behind.looks !== undefined) {
        behind.looks += 1;
        if (behind.looks >= MAX_STANDSTILL_MS / LOOK_EVERY_MS) still.push(reader);
      } else if (link.buffered > 0) {
        behind.looks = 0;
        link.awaitDrained();
      } else if (behind.backlog === undefined) this.forget(reader);
    }
    // Not earlier: the answer changes who is here.
    for (const reader of still) this.#options.standsStill(reader);
    if (this.#readers.size > 0) this.#lookLater();
  }
}
