/**
 * The log of a server in the background: standard output is a file in its data folder, which is kept to a size. When it
 * is full it becomes `server.log.1`, in place of the one before; by copying, so that whatever else has the file open, as
 * the run time's own words for a crash do, goes on in the new one.
 */
import { copyFile, fstatSync, ftruncate, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Output } from './output.ts';

/** Bytes of the log; with the one before it, twice as many. Some 60,000 events. */
const MAX_LOG_BYTES = 8 * 1024 * 1024;
/** Bytes that wait for the disk; beyond it lines are dropped, because people come first. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
const STDOUT = 1;

const copied = promisify(copyFile);
const truncated = promisify(ftruncate);
const written = promisify(write);

export interface LogFile extends Output {
  /** When all is written. Never rejects. */
  settled(): Promise<void>;
}

/** @param path of the file that `file` has open for appending. */
export function openLogFile(path: string, file: number = STDOUT, maxBytes: number = MAX_LOG_BYTES): LogFile {
  let waiting: string[] = [];
  let bytes = 0;
  let size = fstatSync(file).size;
  let busy: Promise<void> | undefined;

  const take = (): Buffer => {
    const all = Buffer.from(waiting.join(''));
    waiting = [];
    bytes = 0;
    return all;
  };
  /** Where it can't be copied it goes on as it is, as long as it takes no more room than both. */
  const makeRoom = async (): Promise<void> => {
    try {
      await copied(path, `${path}.1`);
    } catch (error) {
      if (size < 2 * maxBytes) return;
      throw error;
    }
    await truncated(file, 0);
    size = 0;
  };
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const chunk = take();
      try {
        if (size >= maxBytes) await makeRoom();
        for (let at = 0; at < chunk.length; ) at += (await written(file, chunk, at)).bytesWritten;
        size += chunk.length;
      } catch {
        // A disk that is full: these lines are lost, and the chat goes on.
      }
    }
    busy = undefined;
  };

  return {
    write: (text) => {
      if (bytes + text.length > MAX_WAITING_BYTES) return;
      bytes += text.length;
      waiting.push(text);
      busy ??= drain();
    },
    settled: async () => {
      while (busy !== undefined) await busy;
    },
    close: () => {
      try {
        writeSync(file, take());
      } catch {
        // Nothing can be written any more, and there is nowhere to say so.
      }
    },
  };
}
