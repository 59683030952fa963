/** The thread that reads the tables of connections when they are long: asked for ports, it answers with their rows. */
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { rowsOf } from './table-rows.ts';

/** Bytes at first: 10,000 rows are 1.5 MB. */
const FIRST_BYTES = 2 * 1024 * 1024;
/** Bytes of both tables: 800,000 rows. Those beyond it are not seen, and not vouched for. */
const MAX_BYTES = 128 * 1024 * 1024;

/** For all readings: one that had to be made anew each time would be the most of a reading's garbage. */
let bytes = new Uint8Array(FIRST_BYTES);

/** @returns how many bytes of it are the tables'. */
function readTables(): number {
  let length = 0;
  for (const path of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch {
      continue;
    }
    try {
      for (let read = 1; read > 0 && length < MAX_BYTES; length += read) {
        if (length === bytes.length) {
          const longer = new Uint8Array(2 * bytes.length);
          longer.set(bytes);
          bytes = longer;
        }
        read = readSync(file, bytes, length, bytes.length - length, null);
      }
    } finally {
      closeSync(file);
    }
  }
  return length;
}

const port = parentPort;
port?.on('message', (ports: readonly number[]) => {
  port.postMessage(rowsOf(bytes.subarray(0, readTables()), ports));
});
