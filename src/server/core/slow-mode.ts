import type { ClientId } from '../../base/ids.ts';
import { MAX_SLOWED } from './limits.ts';

interface Spoken {
  readonly mono: number;
  readonly id: ClientId | undefined;
}

/** A room in which everybody may write once in a while. */
export class SlowMode {
  /** Milliseconds between two messages of one person. */
  readonly every: number;
  /** In the order of speaking. */
  readonly #spoken = new Map<string, Spoken>();

  constructor(every: number) {
    this.every = every;
  }

  /**
   * Somebody wants to write. What comes again under the id of their last message was already let through: its writer was
   * cut off before the acknowledgement came.
   * @returns milliseconds that they must wait; 0: they may, and it counts.
   */
  wait(who: string, id: ClientId | undefined, mono: number): number {
    this.#trim(mono);
    const last = this.#spoken.get(who);
    if (last === undefined) {
      this.#spoken.set(who, { mono, id });
      return 0;
    }
    return last.id !== undefined && last.id === id ? 0 : last.mono + this.every - mono;
  }

  /** Whoever spoke long enough ago is forgotten; beyond the limit the oldest are, who then may speak early. */
  #trim(mono: number): void {
    for (const [who, { mono: then }] of this.#spoken) {
      if (this.#spoken.size < MAX_SLOWED && then + this.every > mono) return;
      this.#spoken.delete(who);
    }
  }
}
