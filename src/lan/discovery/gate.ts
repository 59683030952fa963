/**
 * Which datagrams are believed. What is cheap to find out comes first; a signature, which costs a tenth of a millisecond,
 * is checked only for as many as a network of people sends. Those who are known and come from where they use to are
 * counted apart, so that they still get through while strangers flood. Time is passed in; nothing here grows without bound.
 */
import type { Clock } from '../../base/clock.ts';
import type { DeviceId } from '../../base/ids.ts';
import type { Announcement, Dropped } from '../announcement.ts';
import { outlineAnnouncement, readAnnouncement } from '../announcement-codec.ts';
import { Bucket, BucketsBySource } from './buckets.ts';
import { Known, type Seen } from './known.ts';

/** Signatures of those who are known: 1000 of them, each in 3 s, and as many that begin at once. */
const KNOWN = { perSecond: 500, burst: 1000 };
/** … of all others: 300 who come at once, and 2 % of a processor for whoever floods. */
const STRANGERS = { perSecond: 150, burst: 400 };
/** … from one address, which may be that of a host with hundreds of users. */
const ONE_SOURCE = { perSecond: 100, burst: 300 };
/** Addresses that are counted apart. */
const MAX_SOURCES = 1024;
/** Milliseconds within which the same datagram comes on all ways that its sender has used. */
const COPIES_WITHIN_MS = 2000;
/** So many ways: broadcast and multicast, of both kinds, of a few networks, and those who pass it on. */
const MAX_COPIES = 24;

/** Where a datagram came from. */
export interface Source {
  readonly host: string;
  readonly port: number;
  /** Passed on by somebody who isn't its author. */
  readonly isRelayed: boolean;
}

export type Verdict =
  | { readonly kind: 'heard'; readonly announcement: Announcement }
  /** One that was heard, by another way. */
  | { readonly kind: 'copy'; readonly nonce: string }
  | { readonly kind: 'dropped'; readonly why: Dropped };

export interface GateParts {
  readonly device: DeviceId;
  readonly clock: Clock;
  /** `readAnnouncement`; tests count its calls. */
  readonly read?: typeof readAnnouncement;
}

const dropped = (why: Dropped): Verdict => ({ kind: 'dropped', why });

export class Gate {
  readonly #device: DeviceId;
  readonly #clock: Clock;
  readonly #read: typeof readAnnouncement;
  readonly #known = new Known();
  readonly #ofKnown: Bucket;
  readonly #ofStrangers: Bucket;
  readonly #bySource = new BucketsBySource(ONE_SOURCE, MAX_SOURCES);

  constructor({ device, clock, read = readAnnouncement }: GateParts) {
    this.#device = device;
    this.#clock = clock;
    this.#read = read;
    this.#ofKnown = new Bucket(KNOWN, clock.monotonic());
    this.#ofStrangers = new Bucket(STRANGERS, clock.monotonic());
  }

  /** What is remembered: people, datagrams, addresses. */
  get held(): { readonly people: number; readonly nonces: number; readonly sources: number } {
    return { people: this.#known.size, nonces: this.#known.nonces, sources: this.#bySource.size };
  }

  take(datagram: Uint8Array, source: Source): Verdict {
    const outline = outlineAnnouncement(datagram, this.#clock.now());
    if (!outline.ok) return dropped(outline.error);
    const { device, nonce, port, time } = outline.value;
    if (device === this.#device) return dropped('own');
    const now = this.#clock.monotonic();
    const person = this.#known.find(device);
    const seen = person?.seen(nonce);
    if (seen !== undefined) return this.#again(seen, nonce, source, port, now);
    if (person?.left !== undefined && time <= person.left) return dropped('replayed');
    if (person?.taken.has(now) === false) return dropped('flood');
    if (!this.#mayCheck(device, source, now)) return dropped('flood');
    const read = this.#read(datagram, this.#clock.now());
    return read.ok ? this.#heard(read.value, source, now) : dropped(read.error);
  }

  /** Its author sends a datagram on every way there is, from one port; so do those who pass it on. Nobody else does. */
  #again(seen: Seen, nonce: string, source: Source, port: number, now: number): Verdict {
    seen.copies++;
    const isCopy = now - seen.at <= COPIES_WITHIN_MS && seen.copies <= MAX_COPIES;
    return isCopy && (source.isRelayed || source.port === port) ? { kind: 'copy', nonce } : dropped('replayed');
  }

  #mayCheck(device: DeviceId, { host }: Source, now: number): boolean {
    const person = this.#known.find(device);
    if (person?.isUsual(host)) return person.checked.take(now) && this.#ofKnown.take(now);
    return this.#bySource.take(host, now) && this.#ofStrangers.take(now);
  }

  #heard(announcement: Announcement, { host }: Source, now: number): Verdict {
    const person = this.#known.take(announcement.device, now);
    person.taken.take(now);
    person.take(announcement.nonce, host, now);
    if (announcement.being === 'bye') person.left = announcement.time;
    return { kind: 'heard', announcement };
  }

  /** Forgets what is too old; called every few seconds. */
  tidy(): void {
    this.#known.tidy(this.#clock.monotonic());
  }
}
