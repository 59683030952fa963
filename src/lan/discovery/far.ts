/** Those beyond our own networks: whom we announce ourselves to by name, and whom we join networks with. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { addressText } from '../../link/address.ts';
import type { Address } from '../../link/link.ts';
import { AWAY_AFTER_MS, MAX_LINKS } from '../limits.ts';
import type { Problems } from './problems.ts';

/** Milliseconds after which a name is looked up again: addresses of hosts at home change by the day. */
const LOOK_UP_EVERY_MS = 60_000;
/** Addresses of one name: both kinds, of two networks. */
const MAX_ADDRESSES_OF_NAME = 4;
/** Milliseconds for which one who has us for a `--lan-peer` counts as such after an announcement: three networks' worth of loss. */
const CALLS_FOR_MS = 30_000;
/** Of them, so many get what we hear: each of them tells its whole network. */
const MAX_CALLERS = 4;

interface Peer {
  readonly wish: Address;
  /** Addresses of it, not names. */
  found: readonly Address[];
  /** Monotonic milliseconds of the last look; undefined before the first. */
  looked: number | undefined;
  heard: number | undefined;
}

export class Far {
  readonly #peers: readonly Peer[];
  readonly #problems: Problems;
  #linked: readonly Address[] = [];
  /** Who speaks to the shared port from afar, by `addressText`; monotonic milliseconds. Only who has us for a peer does. */
  readonly #callers = new Map<string, number>();
  #isNear: (host: string) => boolean = () => false;

  constructor(peers: readonly Address[], problems: Problems) {
    this.#problems = problems;
    this.#peers = peers.map((wish) => ({
      wish,
      found: isIP(wish.host.replace(/%.*$/, '')) === 0 ? [] : [wish],
      looked: undefined,
      heard: undefined,
    }));
  }

  lines(now: number): readonly string[] {
    return this.#peers.map(({ wish, heard }) => {
      const isHeard = heard !== undefined && now - heard <= AWAY_AFTER_MS;
      return `${addressText(wish)} ${isHeard ? 'is heard' : 'is not heard'}`;
    });
  }

  /** What is on our own networks is not far. */
  near(isNear: (host: string) => boolean): void {
    this.#isNear = isNear;
  }

  link(addresses: readonly Address[]): void {
    this.#linked = addresses.slice(0, MAX_LINKS);
  }

  /** Names of peers become addresses, where it is time for that. Never rejects. */
  async lookUp(now: number): Promise<void> {
    await Promise.all(this.#peers.map((peer) => this.#lookUp(peer, now)));
  }

  async #lookUp(peer: Peer, now: number): Promise<void> {
    const { host, port } = peer.wish;
    if (peer.found.includes(peer.wish) || (peer.looked !== undefined && now - peer.looked < LOOK_UP_EVERY_MS)) return;
    peer.looked = now;
    const about = `name ${host}`;
    try {
      const all = await lookup(host, { all: true });
      peer.found = all.slice(0, MAX_ADDRESSES_OF_NAME).map(({ address }) => ({ host: address, port }));
      this.#problems.clear(about);
    } catch {
      this.#problems.set(about, `--lan-peer ${host}: no such host is known here; write its address`);
    }
  }

  get #addressesOfPeers(): readonly Address[] {
    return this.#peers.flatMap(({ found }) => found);
  }

  /** Somebody was heard from there. */
  heard(from: Address, isShared: boolean, now: number): void {
    for (const peer of this.#peers) if (peer.found.some(({ host }) => host === from.host)) peer.heard = now;
    const text = addressText(from);
    if (!isShared || this.#isNear(from.host) || !this.#linked.some((address) => addressText(address) === text)) return;
    this.#callers.set(text, now);
  }

  /** Whether what comes from there is passed on: it is a peer's, or somebody's whom we have a link with. */
  trusts(host: string): boolean {
    const isThere = (address: Address): boolean => address.host === host;
    return this.#addressesOfPeers.some(isThere) || (!this.#isNear(host) && this.#linked.some(isThere));
  }

  #linkedFar(): readonly Address[] {
    return this.#linked.filter(({ host }) => !this.#isNear(host));
  }

  /** Who gets our own announcements. */
  get targets(): readonly Address[] {
    return once([...this.#addressesOfPeers, ...this.#linkedFar()]);
  }

  /** Who gets those of others: peers, and those linked ones who have us for one. The rest hear it from them. */
  relays(now: number): readonly Address[] {
    for (const [text, at] of this.#callers) if (now - at > CALLS_FOR_MS) this.#callers.delete(text);
    const callers = this.#linkedFar().filter((address) => this.#callers.has(addressText(address)));
    return once([...this.#addressesOfPeers, ...callers.slice(0, MAX_CALLERS)]);
  }
}

const once = (addresses: readonly Address[]): readonly Address[] => [
  ...new Map(addresses.map((address) => [addressText(address), address])).values(),
];
