/** What a terminal has said and nobody has read yet. */
import { closeSync, constants, openSync, readSync } from 'node:fs';

/** The terminal of this process, whatever its streams are. */
const TERMINAL = '/dev/tty';
/** Milliseconds between two looks. */
const LOOK_AGAIN_MS = 3;
const CHUNK_BYTES = 4096;

function nap(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Bytes that are there now; undefined: there will be none any more. */
function readNow(file: number, buffer: Buffer): Uint8Array | undefined {
  try {
    const count = readSync(file, buffer);
    return count > 0 ? buffer.subarray(0, count) : undefined;
  } catch (error) {
    const isEmpty = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
    return isEmpty ? new Uint8Array() : undefined;
  }
}

/**
 * Reads before it returns, which makes it fit for an exit handler.
 * @param take gets what comes. @returns whether more is waited for.
 */
export function readUnread(take: (bytes: Uint8Array) => boolean, withinMs: number): void {
  let file: number;
  try {
    // A file of our own, so that what we set on it (not to wait) is nobody else's.
    file = openSync(TERMINAL, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    // It is gone.
    return;
  }
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    const end = performance.now() + withinMs;
    while (performance.now() < end) {
      const bytes = readNow(file, buffer);
      if (bytes === undefined) return;
      if (bytes.length > 0 && !take(bytes)) return;
      if (bytes.length === 0) nap(LOOK_AGAIN_MS);
    }
  } finally {
    closeSync(file);
  }
}
