/**
 * What is limited by where it comes from, so that whoever exceeds a limit pays for it and nobody else: a source is a Unix
 * user id on the server's host and an address elsewhere (`source.ts`).
 */

import { TokenBucket } from '../../base/token-bucket.ts';
import { DueQueue } from './due-queue.ts';
import {
  ASKS,
  CLAIMS,
  LOGINS,
  MAX_IDLE_SOURCES,
  NEW_ACCOUNTS,
  NEW_ROOMS,
  REFUSALS,
  SEARCHES,
  SOURCE_KEPT_MS,
} from './limits.ts';

export interface Source {
  /** As `sourceOf` writes it. */
  readonly name: string;
  /** Open connections. */
  connections: number;
  /** Those among them that are not logged in. */
  pending: number;
  readonly logins: TokenBucket;
  readonly newRooms: TokenBucket;
  readonly newAccounts: TokenBucket;
  /** Requests for private chats. */
  readonly asks: TokenBucket;
  /** Requests for key packages. */
  readonly claims: TokenBucket;
  readonly searches: TokenBucket;
  /** Refusals that are told; the others are dropped without a word. */
  readonly refusals: TokenBucket;
  /** How many were dropped since one was told. */
  dropped: number;
}

export class Sources {
  readonly #byName = new Map<string, Source>();
  /** Without a connection; kept for a while, so that to reconnect does not fill the buckets. */
  readonly #idle = new DueQueue<Source>(SOURCE_KEPT_MS, () => undefined);

  get size(): number {
    return this.#byName.size;
  }

  /** A connection more. */
  enter(name: string, mono: number): Source {
    const known = this.#byName.get(name);
    const source = known ?? createSource(name, mono);
    if (known === undefined) this.#byName.set(name, source);
    else this.#idle.delete(known);
    source.connections += 1;
    source.pending += 1;
    return source;
  }

  /** One less. @param wasPending it had not logged in. */
  leave(source: Source, wasPending: boolean, mono: number): void {
    source.connections -= 1;
    if (wasPending) source.pending -= 1;
    if (source.connections > 0) return;
    this.#idle.touch(source, mono);
    for (let old = this.#idle.take(mono); old !== undefined; old = this.#idle.take(mono)) this.#byName.delete(old.name);
    const oldest = this.#idle.size > MAX_IDLE_SOURCES ? this.#idle.take(Infinity) : undefined;
    if (oldest !== undefined) this.#byName.delete(oldest.name);
  }
}

const createSource = (name: string, mono: number): Source => ({
  name,
  connections: 0,
  pending: 0,
  logins: new TokenBucket(LOGINS, mono),
  newRooms: new TokenBucket(NEW_ROOMS, mono),
  newAccounts: new TokenBucket(NEW_ACCOUNTS, mono),
  asks: new TokenBucket(ASKS, mono),
  claims: new TokenBucket(CLAIMS, mono),
  searches: new TokenBucket(SEARCHES, mono),
  refusals: new TokenBucket(REFUSALS, mono),
  dropped: 0,
});
