/**
 * Reads /proc/net/tcp and tcp6. The kernel gives a page of 4 KiB a call, and 2 to 3 microseconds a row go by: with 10,000
 * connections 400 calls and 60 ms. Each call is a turn of the event loop, and a loop that is busy (when everybody comes
 * at once, or somebody floods) takes a hundred times as long for each. So what is more than a few calls is read by a
 * thread of its own, which then stays.
 */
import { open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

/** Bytes; the kernel gives at most a page a call. */
const CHUNK = 16_384;
/** Calls for one table on the main thread: about 400 rows, more than most hosts ever have. */
const MAX_CALLS = 16;

/** @returns undefined where a few calls are not enough. Without stat and its size, which /proc gives as 0. */
async function readHere(path: string): Promise<string | undefined> {
  // A table that isn't there, as tcp6 without IPv6, is empty.
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return '';
  try {
    const chunk = Buffer.alloc(CHUNK);
    let text = '';
    for (let calls = 0; calls < MAX_CALLS; calls++) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK);
      if (bytesRead === 0) return text;
      text += chunk.toString('latin1', 0, bytesRead);
    }
    return undefined;
  } finally {
    await file.close();
  }
}

class TableThread {
  #worker: Worker | undefined;

  /** One reading at a time. */
  read(ports: readonly number[]): Promise<string> {
    const worker = this.#worker ?? this.#start();
    return new Promise((resolve, reject) => {
      const settle = (tell: () => void): void => {
        worker.off('message', done).off('error', failed).off('exit', failed);
        tell();
      };
      const done = (rows: string): void => settle(() => resolve(rows));
      const failed = (): void => {
        this.#worker = undefined;
        settle(() => reject(new Error('the thread that reads the tables of connections has ended')));
      };
      worker.on('message', done).on('error', failed).on('exit', failed);
      worker.postMessage(ports);
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./tables-worker.ts', import.meta.url), { name: 'uchat owners' });
    // It has nothing to finish when the server ends.
    worker.unref();
    this.#worker = worker;
    return worker;
  }
}

/** Both tables, tcp first, as fresh as the call: at least the rows in which one of the ports stands. */
export type ReadTables = (ports: readonly number[]) => Promise<string>;

export function createTables(): ReadTables {
  let thread: TableThread | undefined;
  return async (ports) => {
    if (thread === undefined) {
      const tcp = await readHere('/proc/net/tcp');
      const tcp6 = tcp === undefined ? undefined : await readHere('/proc/net/tcp6');
      if (tcp !== undefined && tcp6 !== undefined) return tcp + tcp6;
      thread = new TableThread();
    }
    return await thread.read(ports);
  };
}
