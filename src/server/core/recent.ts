import type { UnixMs, UserName } from '../../base/ids.ts';
import { MAX_RECENT, RECENT_MS } from './limits.ts';

/** People who have gone and are still in the list: those of the last day, the newest of them. */
export class Recent {
  /** In the order of going. */
  readonly #since = new Map<UserName, UnixMs>();

  add(user: UserName, since: UnixMs, now: UnixMs): void {
    this.#since.delete(user);
    this.#since.set(user, since);
    this.#trim(now);
  }

  delete(user: UserName): void {
    this.#since.delete(user);
  }

  /** In the order of going. */
  list(now: UnixMs): ReadonlyMap<UserName, UnixMs> {
    this.#trim(now);
    return this.#since;
  }

  #trim(now: UnixMs): void {
    for (const [user, since] of this.#since) {
      if (this.#since.size <= MAX_RECENT && now - since <= RECENT_MS) return;
      this.#since.delete(user);
    }
  }
}
