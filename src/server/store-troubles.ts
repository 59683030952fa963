/**
 * What the operator hears of a store that fails. A disk that is full fails thousands of calls a second, and the log may be
 * on that very disk: so a failure is told once, then now and then with how many there were, and its end is told too.
 */
import type { ConsoleEvent } from './core/notice.ts';
import { StoreError, type StoreErrorCode } from './store/store.ts';

/** Milliseconds until a failure of the same kind is told again. */
const TELL_EVERY_MS = 30_000;

interface Trouble {
  toldAt: number;
  /** Failures since then. */
  untold: number;
}

export class StoreTroubles {
  readonly #notice: (event: ConsoleEvent) => void;
  readonly #now: () => number;
  /** At most one a code. */
  readonly #troubles = new Map<StoreErrorCode, Trouble>();
  /** A failure was told, and nothing has been stored since. */
  #lasts = false;

  /** @param now milliseconds on a clock that is never set. */
  constructor(notice: (event: ConsoleEvent) => void, now: () => number) {
    this.#notice = notice;
    this.#now = now;
  }

  /** @param what could not be done, such as `append a message`. */
  failed(what: string, error: unknown): void {
    if (!(error instanceof StoreError)) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return this.#notice({ kind: 'fault', what, stack });
    }
    const { code, message } = error;
    const now = this.#now();
    const trouble = this.#troubles.get(code);
    if (trouble !== undefined && now - trouble.toldAt < TELL_EVERY_MS) {
      trouble.untold += 1;
      return;
    }
    this.#lasts = true;
    const more = trouble === undefined || trouble.untold === 0 ? '' : `; ${trouble.untold} more like it since`;
    this.#troubles.set(code, { toldAt: now, untold: 0 });
    this.#notice({ kind: 'store-failed', what, code, text: `${message}${more}` });
  }

  /** A message was stored. */
  stored(): void {
    if (!this.#lasts) return;
    this.#lasts = false;
    let untold = 0;
    for (const trouble of this.#troubles.values()) {
      untold += trouble.untold;
      trouble.untold = 0;
    }
    const more = untold === 0 ? '' : `; ${untold} more calls had failed`;
    this.#notice({ kind: 'warning', code: 'stored_again', text: `messages are stored again${more}` });
  }
}
