import type { UserName } from '../../base/ids.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import { DueQueue } from './due-queue.ts';
import { CLAIMS_OF_PAIR, MAX_CLAIM_PAIRS } from './limits.ts';
import type { User } from './session.ts';

/** How long (ms) after its last claim a pair has all of its claims again. */
const REFILLED_MS = (CLAIMS_OF_PAIR.burst / CLAIMS_OF_PAIR.perSecond) * 1000;

interface Pair {
  readonly key: string;
  readonly bucket: TokenBucket;
}

/** How many key packages somebody has claimed of somebody else. */
export class Claims {
  readonly #pairs = new Map<string, Pair>();
  readonly #byUse = new DueQueue<Pair>(REFILLED_MS, () => undefined);

  get size(): number {
    return this.#pairs.size;
  }

  /** Counts a claim. A guest counts by where they come from, so that another name does not help. @returns false: too many. */
  take({ identity, name }: User, target: UserName, mono: number): boolean {
    const key = `${target} ${identity.kind === 'guest' ? `guest ${identity.source}` : name}`;
    const pair = this.#pairs.get(key) ?? { key, bucket: new TokenBucket(CLAIMS_OF_PAIR, mono) };
    this.#pairs.set(key, pair);
    this.#byUse.touch(pair, mono);
    for (let old = this.#byUse.take(mono); old !== undefined; old = this.#byUse.take(mono)) this.#pairs.delete(old.key);
    const oldest = this.#pairs.size > MAX_CLAIM_PAIRS ? this.#byUse.take(Infinity) : undefined;
    if (oldest !== undefined) this.#pairs.delete(oldest.key);
    return pair.bucket.take(mono);
  }
}
