/** What a stopping server waits for: its steps, how long each may take, and what the operator hears of them. */
import type { ConsoleEvent } from './core/notice.ts';

/** Milliseconds that each step may take; all three fit well into the 30 s after which the unit of systemd kills. */
const STEP_WITHIN_MS = 5000;

/** Waits for conditions that something else brings about. */
export class Drain {
  #onProgress: () => void = () => undefined;

  /** Something has happened that may be waited for. */
  progress(): void {
    this.#onProgress();
  }

  /** @returns whether it came true in time. */
  async until(done: () => boolean, within: number = STEP_WITHIN_MS): Promise<boolean> {
    if (done()) return true;
    return await new Promise((resolve) => {
      const settle = (inTime: boolean): void => {
        clearTimeout(timer);
        this.#onProgress = () => undefined;
        resolve(inTime);
      };
      const timer = setTimeout(() => settle(false), within);
      this.#onProgress = () => {
        if (done()) settle(true);
      };
    });
  }
}

/** @returns whether it was done in time; a failure counts as done, and is told elsewhere. */
export async function inTime(work: Promise<unknown>, within: number = STEP_WITHIN_MS): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), within);
  try {
    return await Promise.race([
      work.then(
        () => true,
        () => true,
      ),
      late.promise,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

const late = (text: string): ConsoleEvent => ({ kind: 'warning', code: 'drain_timeout', text });
const SECONDS = STEP_WITHIN_MS / 1000;

/** @param count messages, or other requests, without an answer of the store. */
export const notStored = (count: number): ConsoleEvent =>
  late(
    `not stored within ${SECONDS} s: ${count}; they were not acknowledged, so their authors' programs send them again`,
  );

export const notClosed = (count: number): ConsoleEvent =>
  late(`cut off, because their last words were not read within ${SECONDS} s: ${count}; nothing of theirs is lost`);

export const storeNotClosed = (): ConsoleEvent =>
  late(`the store did not close within ${SECONDS} s: it is left as it is; nothing that was acknowledged is lost`);
