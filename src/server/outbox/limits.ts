/** Limits of the fan-out, with their units and reasons. */

/**
 * Bytes that wait for one reader beyond what the kernel took, and what it costs to keep them: the longest list (20,000
 * people, 1.3 MB) fits. Whoever has more waiting and is sent something is cut off; it can come back and fetch what it
 * missed. Room messages are shared bytes, so a thousand slow readers hold hardly more than one.
 */
export const MAX_BUFFERED_BYTES = 2 * 1024 * 1024;
/**
 * Milliseconds in which a reader for whom bytes wait must take some. Slowly is enough: with a chunk of `CHUNK_BYTES`, and
 * what a kernel frees at once, a modem of 19,200 bit/s does it in half of them. Whoever takes none for so long is stopped,
 * or gone without a word. A stopped client of our own kind is silent as well, and is dead sooner (`DEAD_AFTER_MS`).
 */
export const MAX_STANDSTILL_MS = 60_000;
/** Milliseconds between two looks at those for whom bytes wait: a cut-off comes so much later at the most, twice. */
export const LOOK_EVERY_MS = 5000;
/** Bytes that a reader that is behind is given at once, unless a line is longer: those can't be taken back. */
export const CHUNK_BYTES = 16 * 1024;
/** Bytes of a block of what waits: at first, and at most, unless what is written at once is longer. */
export const FIRST_BLOCK_BYTES = 1024;
export const BLOCK_BYTES = 64 * 1024;
/** Bytes that each separate piece of what waits counts beside its own: the object that says where it is. */
export const PIECE_COST = 64;
/** Characters of one channel's batch: a turn that brings more is written in several batches. */
export const MAX_BATCH_CHARS = 256 * 1024;
