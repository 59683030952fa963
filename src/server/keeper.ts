/** Has the store remove what is kept no longer: a few milliseconds at a time, with pauses in which others are served. */
import type { Clock } from '../base/clock.ts';
import type { Keep } from '../base/keep.ts';
import type { Core } from './core/core.ts';
import { noteKept } from './core/kept.ts';
import type { Notice } from './shell.ts';
import { type Store, StoreError } from './store/store.ts';

/** Milliseconds after a start before it is looked for the first time: everybody comes back at once. */
const FIRST_AFTER_MS = 5000;
/** Milliseconds between two looks; where messages are kept for minutes, a part of that, but no less than a second. */
const EVERY_MS = 60_000;
const LEAST_EVERY_MS = 1000;
const LOOKS_IN_AGE = 50;
/** While there is more to remove: so many times as long as a step took is left to others, and at least so many ms. */
const PAUSES = 4;
const LEAST_PAUSE_MS = 5;

interface KeeperParts {
  readonly core: Core;
  readonly store: Pick<Store, 'retain'>;
  readonly clock: Clock;
  readonly notice: Notice;
}

export class Keeper {
  readonly #parts: KeeperParts;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** What went wrong was told; it isn't told every minute. */
  #isTold = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#wait(FIRST_AFTER_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #wait(ms: number): void {
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.step(), ms).unref();
  }

  /** One step, and when the next is due. Never rejects. */
  async step(): Promise<void> {
    clearTimeout(this.#timer);
    const { core, store, clock, notice } = this.#parts;
    try {
      const { rooms, more, took } = await store.retain({
        rule: core.options.keep,
        wall: clock.now(),
        mono: clock.monotonic(),
      });
      noteKept(core, rooms);
      this.#isTold = false;
      this.#wait(more ? Math.max(LEAST_PAUSE_MS, PAUSES * took) : untilNext(core));
    } catch (error) {
      // It is tried again; a server that ends has closed its store.
      if (!this.#isStopped && !this.#isTold) notice(failure(error));
      this.#isTold = true;
      this.#wait(EVERY_MS);
    }
  }
}

function untilNext({ options, rooms }: Core): number {
  let wait = EVERY_MS;
  const heed = ({ age = Infinity }: Keep): void => {
    wait = Math.min(wait, Math.max(LEAST_EVERY_MS, age / LOOKS_IN_AGE));
  };
  heed(options.keep);
  for (const { keep } of rooms.values()) if (keep !== undefined) heed(keep);
  return wait;
}

function failure(error: unknown): Parameters<Notice>[0] {
  const what = 'remove what is kept no longer';
  if (error instanceof StoreError) return { kind: 'store-failed', what, code: error.code, text: error.message };
  return { kind: 'fault', what, stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
