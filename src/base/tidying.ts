/**
 * Memory is given back when nobody does anything: once after the start, and after every burst. By itself V8 lets garbage
 * lie until there is much more of it, and the C library keeps what its threads had; on a host that people share, fifty of
 * these programs lie idle beside each other. Garbage is collected only where Node was started with --expose-gc, as uchat is.
 */
import { foreignFunctions } from './c-library.ts';

/** Things (messages that came, connections that went) that leave behind enough to look for it. */
const MANY = 1000;
/** Milliseconds without anything that happens, in which nobody notices that nothing else happens for 50 ms. */
const IDLE_MS = 2000;

/** To the system, what is free in any of the C library's arenas; where it isn't glibc, it does that by itself, or not. */
function trim(): void {
  try {
    const { functions } = foreignFunctions().dlopen(null, { malloc_trim: { arguments: ['u64'], return: 'i32' } });
    functions.malloc_trim(0n);
  } catch {
    // Then it stays.
  }
}

export class Tidying {
  /** As if there had been many: the start leaves behind as much. */
  #left = MANY;
  #timer: NodeJS.Timeout | undefined;

  /** Something happens that leaves garbage behind. */
  more(): void {
    this.#left += 1;
    this.busy();
  }

  /** Somebody does something, and waits for what comes of it. */
  busy(): void {
    if (this.#left < MANY) return;
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#tidy(), IDLE_MS).unref();
    else this.#timer.refresh();
  }

  #tidy(): void {
    this.#timer = undefined;
    this.#left = 0;
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    trim();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
