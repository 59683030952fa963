/** Whom we have heard: what is needed to tell a fresh announcement of theirs from a repeated one, and from too many. */
import type { DeviceId, UnixMs } from '../../base/ids.ts';
import { MAX_HEARD, MAX_SKEW_MS, REMOVE_AFTER_MS } from '../limits.ts';
import { Bucket } from './buckets.ts';

/** Announcements of one key that are good: one in 3 s, and one more whenever something changes, at most each 500 ms. */
const TAKEN = { perSecond: 1, burst: 5 };
/** Signatures under one key that are checked, with those that somebody forges from an address of theirs. */
const CHECKED = { perSecond: 5, burst: 10 };
/** Addresses that one is heard from: both kinds, of a few networks, and those who pass theirs on. */
const MAX_HOSTS = 8;
/** Milliseconds for which a nonce is remembered: a datagram from as far in the future as is allowed is good for as long. */
const NONCE_KEPT_MS = 2 * MAX_SKEW_MS;

/** A datagram that was taken. */
export interface Seen {
  /** Monotonic milliseconds. */
  readonly at: number;
  /** How often it came again. */
  copies: number;
}

class Person {
  readonly taken: Bucket;
  readonly checked: Bucket;
  /** The time in the last good-bye. What was said before it means nothing any more, whichever way it took. */
  left: UnixMs | undefined;
  heard: number;
  /** By nonce, oldest first; as many as `TAKEN` lets in. */
  readonly #seen = new Map<string, Seen>();
  /** Heard from last comes last. */
  readonly #hosts = new Set<string>();

  constructor(now: number) {
    this.taken = new Bucket(TAKEN, now);
    this.checked = new Bucket(CHECKED, now);
    this.heard = now;
  }

  seen(nonce: string): Seen | undefined {
    return this.#seen.get(nonce);
  }

  isUsual(host: string): boolean {
    return this.#hosts.has(host);
  }

  take(nonce: string, host: string, now: number): void {
    this.heard = now;
    this.#seen.set(nonce, { at: now, copies: 0 });
    this.#hosts.delete(host);
    this.#hosts.add(host);
    const [oldest] = this.#hosts;
    if (this.#hosts.size > MAX_HOSTS && oldest !== undefined) this.#hosts.delete(oldest);
    this.tidy(now);
  }

  tidy(now: number): void {
    for (const [nonce, { at }] of this.#seen) {
      if (now - at <= NONCE_KEPT_MS) return;
      this.#seen.delete(nonce);
    }
  }

  get nonces(): number {
    return this.#seen.size;
  }
}

/** At most `MAX_HEARD`. */
export class Known {
  /** Heard last comes last. */
  readonly #people = new Map<DeviceId, Person>();

  get size(): number {
    return this.#people.size;
  }

  /** Datagrams that are remembered. */
  get nonces(): number {
    let count = 0;
    for (const person of this.#people.values()) count += person.nonces;
    return count;
  }

  find(device: DeviceId): Person | undefined {
    return this.#people.get(device);
  }

  /** Somebody's announcement is good: from now on they are known. Whoever was unheard for longest gives way. */
  take(device: DeviceId, now: number): Person {
    const person = this.#people.get(device) ?? new Person(now);
    this.#people.delete(device);
    this.#people.set(device, person);
    const [oldest] = this.#people.keys();
    if (this.#people.size > MAX_HEARD && oldest !== undefined) this.#people.delete(oldest);
    return person;
  }

  /** Forgets what is too old; called every few seconds. */
  tidy(now: number): void {
    for (const [device, person] of this.#people) {
      person.tidy(now);
      if (now - person.heard > REMOVE_AFTER_MS) this.#people.delete(device);
    }
  }
}
