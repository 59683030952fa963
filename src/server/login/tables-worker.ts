/** The thread that reads the tables of connections when they are long: asked by any message, it answers with bytes. */
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

/** Bytes at first: 10,000 rows are 1.5 MB. */
const FIRST_BYTES = 2 * 1024 * 1024;
/** Bytes of both tables: 800,000 rows. Those beyond it are not seen, and not vouched for. */
const MAX_BYTES = 128 * 1024 * 1024;

function readTables(): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(FIRST_BYTES);
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
  return bytes.slice(0, length);
}

const port = parentPort;
port?.on('message', () => {
  const bytes = readTables();
  port.postMessage(bytes, [bytes.buffer]);
});
