/** Who is on the network: announcements out and in. The interface; `open-discovery.ts` does it with UDP. */
import type { Address } from '../../link/link.ts';
import type { Announcement, Dropped } from '../announcement.ts';

export interface DiscoveryPorts {
  /** A fresh announcement of ours, signed: another nonce and time at each call. At most `MAX_DATAGRAM_BYTES`. */
  readonly announcement: (being?: 'bye') => Uint8Array;
  /**
   * A good one of somebody else. `host`: the address that it came from, as `connect` takes it (IPv6 with its zone);
   * undefined where somebody else than its author has passed it on: then only the addresses that it names lead there.
   */
  readonly heard: (announcement: Announcement, host: string | undefined) => void;
}

export interface DiscoveryFigures {
  /** Good announcements of others, since the beginning. */
  readonly heard: number;
  readonly dropped: ReadonlyMap<Exclude<Dropped, 'own'>, number>;
  /** `eth0 10.0.0.7/24`, a line each: where it is announced. */
  readonly interfaces: readonly string[];
  /** `--lan-peer`, a line each: `10.0.1.7:2428 is heard`. */
  readonly peers: readonly string[];
  /** What doesn't work, a line each: a port that is taken by another program, a network that takes no broadcast. */
  readonly problems: readonly string[];
}

export interface Discovery {
  readonly figures: DiscoveryFigures;
  /** At once, beside the regular ones: something has changed. At most one in 500 ms goes out. */
  announce(): void;
  /**
   * All that we have links with, by address and the port that they announce. Those beyond our own networks get our
   * announcements by themselves, as each `--lan-peer` does; and what they say of others is passed on to our own networks.
   * Instead of those that were told before.
   */
  far(addresses: readonly Address[]): void;
  /** Says good-bye, and listens no more. Resolves when that has gone to the kernel. */
  leave(): Promise<void>;
  /** The same without a word. Safe to call twice. */
  close(): void;
}
