import { Worker } from 'node:worker_threads';
import { type Durability, type Store, StoreError } from '../store.ts';
import { toError, toStoreError } from './errors.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { FromWorker, ToWorker } from './wire.ts';

export interface SqliteOptions {
  /** Made if it isn't there, for its owner only. */
  readonly folder: string;
  readonly durability: Durability;
  /**
   * Told once if the store breaks down after it was opened; every call is then rejected, those under way too. The
   * server can only stop. Never called for `disk_full` and the like, which pass.
   */
  readonly onFailure?: (error: StoreError) => void;
  /** Told once, in a line, if the data could be better; the store works all the same. */
  readonly onWarning?: (text: string) => void;
  /** Told of each transaction, how many calls it holds. */
  readonly onBatch?: (calls: number) => void;
}

function firstMessage(worker: Worker): Promise<FromWorker> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: FromWorker) => resolve(message));
    worker.once('error', reject);
    worker.once('exit', () => reject(new StoreError('failed', "the store's worker ended before the store was open")));
  });
}

/**
 * Opens the store of a folder: a database of SQLite's in a thread of its own, which nobody else may use meanwhile.
 * @throws StoreError with any of its codes.
 */
export async function openSqliteStore({
  folder,
  durability,
  onFailure = () => {},
  onWarning = () => {},
  onBatch,
}: SqliteOptions): Promise<Store> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { name: 'uchat store' });
  // Listened for from the start: a worker that refuses may be gone together with its message.
  const gone = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  const request: ToWorker = { kind: 'open', folder, durability };
  worker.postMessage(request);
  let message: FromWorker;
  try {
    message = await firstMessage(worker);
  } catch (error) {
    throw toStoreError(error, folder);
  }
  if (message.kind === 'opened') {
    if (message.warning !== undefined) onWarning(message.warning);
    return new SqliteStore(worker, onFailure, onBatch);
  }
  // Only when the thread is gone has it let go of the folder.
  await gone;
  throw message.kind === 'refused'
    ? toError(message)
    : new StoreError('failed', 'the store answered before it was open');
}
