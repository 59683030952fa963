/**
 * Passes on good announcements between our own networks and those beyond, verbatim but for four bytes in front, so that
 * everybody of both sees everybody. Each counts once, by its nonce; so no circle of networks goes on for ever.
 */
import type { Address } from '../../link/link.ts';
import type { Timers } from '../../peer/tasks.ts';
import { Bucket } from './buckets.ts';

/** In front of an announcement that somebody else than its author has sent. */
const MARK = Buffer.from('uLAR', 'ascii');

/** Announcements that go out to peers for others: those of 300 people, each in 3 s, to two peers. */
const TO_FAR = { perSecond: 200, burst: 600 };
/** … and that are said again on our own networks. */
const TO_NEAR = { perSecond: 100, burst: 300 };
/** Those that wait to be said again. */
const MAX_WAITING = 300;
/**
 * Milliseconds, at most and at least, until one is said again: several programs of a network hear it from afar, and only
 * the first one has to.
 */
const WAIT_MS = { least: 10, most: 150 };

export interface BridgeParts {
  readonly near: (bytes: Uint8Array) => void;
  readonly far: (bytes: Uint8Array, to: Address) => void;
  /** Who gets what we hear. */
  readonly relays: () => readonly Address[];
  readonly timers: Timers;
  readonly monotonic: () => number;
  readonly random: () => number;
}

/** The announcement inside, of which its author isn't the sender; undefined where it is. */
export const relayed = (datagram: Buffer): Buffer | undefined =>
  datagram.compare(MARK, 0, MARK.length, 0, Math.min(MARK.length, datagram.length)) === 0
    ? datagram.subarray(MARK.length)
    : undefined;

export class Bridge {
  readonly #parts: BridgeParts;
  readonly #toFar: Bucket;
  readonly #toNear: Bucket;
  /** By nonce: what calls it off. */
  readonly #waiting = new Map<string, () => void>();

  constructor(parts: BridgeParts) {
    this.#parts = parts;
    this.#toFar = new Bucket(TO_FAR, parts.monotonic());
    this.#toNear = new Bucket(TO_NEAR, parts.monotonic());
  }

  /** A good announcement came, for the first time. @param trusted it came from afar, from a peer or somebody linked. */
  pass(announcement: Buffer, nonce: string, from: string, trusted: boolean): void {
    const bytes = Buffer.concat([MARK, announcement]);
    for (const to of this.#parts.relays())
      if (to.host !== from && this.#toFar.take(this.#parts.monotonic())) this.#parts.far(bytes, to);
    if (!trusted || this.#waiting.size >= MAX_WAITING || !this.#toNear.take(this.#parts.monotonic())) return;
    const { least, most } = WAIT_MS;
    const cancel = this.#parts.timers.after(least + this.#parts.random() * (most - least), () => {
      this.#waiting.delete(nonce);
      this.#parts.near(bytes);
    });
    this.#waiting.set(nonce, cancel);
  }

  /** It is known on our own networks. */
  callOff(nonce: string): void {
    this.#waiting.get(nonce)?.();
    this.#waiting.delete(nonce);
  }
}
