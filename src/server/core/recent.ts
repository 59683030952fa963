import type { UnixMs, UserName } from '../../base/ids.ts';
import { MAX_RECENT, RECENT_MS } from './limits.ts';

/** People who have gone and are still in the list: those of the last day, the newest of them. */
export class Recent {
  /** In the order of going. */
  readonly #since = new Map<UserName, UnixMs>();
  /** Of guests who blocked somebody: from whom they stay hidden. */
  readonly #hiddenFrom = new Map<UserName, ReadonlySet<UserName>>();

  add(user: UserName, since: UnixMs, now: UnixMs): void {
    this.delete(user);
    this.#since.set(user, since);
    this.#trim(now);
  }

  delete(user: UserName): void {
    this.#since.delete(user);
    this.#hiddenFrom.delete(user);
  }

  /** Somebody who was added is not for everybody to see. */
  hideFrom(user: UserName, others: ReadonlySet<UserName>): void {
    if (others.size > 0 && this.#since.has(user)) this.#hiddenFrom.set(user, others);
  }

  isHidden(user: UserName, from: UserName): boolean {
    return this.#hiddenFrom.get(user)?.has(from) ?? false;
  }

  /** In the order of going. */
  list(now: UnixMs): ReadonlyMap<UserName, UnixMs> {
    this.#trim(now);
    return this.#since;
  }

  #trim(now: UnixMs): void {
    for (const [user, since] of this.#since) {
      if (this.#since.size <= MAX_RECENT && now - since <= RECENT_MS) return;
      this.delete(user);
    }
  }
}
