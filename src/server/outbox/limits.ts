/** Limits of the fan-out, with their units and reasons. */

/**
 * Bytes that wait for one reader beyond what the kernel took: the longest list (20,000 people, 1.3 MB) fits. Over it the
 * reader is cut off; it can come back and fetch what it missed. Room messages are shared bytes, so a thousand slow
 * readers hold hardly more than one.
 */
export const MAX_BUFFERED_BYTES = 2 * 1024 * 1024;
/** Characters of one channel's batch: a turn that brings more is written in several batches. */
export const MAX_BATCH_CHARS = 256 * 1024;
