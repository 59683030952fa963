/**
 * Memory is given back when nobody does anything: once after the start, and after every burst. By itself V8 lets garbage
 * lie until there is much more of it, and the C library keeps what its threads had; on a host that people share, fifty of
 * these programs lie idle beside each other. Garbage is collected only where Node was started with --expose-gc, as uchat is.
 */

/** Messages that leave behind enough to look for it. */
const MANY = 1000;
/** Milliseconds without a message or a key, in which nobody notices that nothing else happens for 50 ms. */
const IDLE_MS = 2000;

/** To the system, what is free in any of the C library's arenas; where it isn't glibc, it does that by itself, or not. */
function trim(): void {
  try {
    // Nothing that the first frame needs, and no part of an older Node.
    const ffi = process.getBuiltinModule('node:ffi');
    const { functions } = ffi.dlopen(null, { malloc_trim: { arguments: ['u64'], return: 'i32' } });
    functions.malloc_trim(0n);
  } catch {
    // Then it stays.
  }
}

export class Tidying {
  /** As if there had been many: the start leaves behind as much. */
  #messages = MANY;
  #timer: NodeJS.Timeout | undefined;

  /** A message came. */
  message(): void {
    this.#messages += 1;
    this.busy();
  }

  /** Somebody does something, and waits to see it. */
  busy(): void {
    if (this.#messages < MANY) return;
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#tidy(), IDLE_MS).unref();
    else this.#timer.refresh();
  }

  #tidy(): void {
    this.#timer = undefined;
    this.#messages = 0;
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    trim();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
