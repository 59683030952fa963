import { readFile } from 'node:fs/promises';
import { endianness, platform } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { Address } from '../../link/link.ts';
import { openSockDiag } from './netlink.ts';
import { isLoopback, OwnerSearch, showRows } from './proc-net-tcp.ts';
import { SockDiag } from './sock-diag.ts';
import { createTables, type ReadTables } from './tables.ts';

export interface PeerOwner {
  /**
   * The Unix user id that owns the other end of a connection, as the kernel tells it; undefined where it doesn't: the
   * peer isn't on this host's loopback, its process is gone, it is the overflow user (nobody), or this isn't Linux.
   * Never rejects.
   *
   * To be called in the very event that brings the accepted connection, for each of them, and kept: the answer holds as
   * long as the connection does. Why there: a second connection from the same address and port means that the first has
   * died, and its pending answer becomes undefined, so that nobody is vouched for by what came after them.
   */
  ownerOf(client: Address, server: Address): Promise<number | undefined>;
}

export interface PeerOwnerOptions {
  /** Asks for one connection; undefined: only the tables are read. */
  readonly diag?: Pick<SockDiag, 'ownerOf'> | undefined;
  /** /proc/net/tcp, then /proc/net/tcp6. */
  readonly readTables?: ReadTables;
  /** The uid that stands for those whom this user namespace can't name. */
  readonly overflowUid?: () => Promise<number>;
}

/**
 * Readings for one look-up. One reading is enough if the client's row stands before ours, else two; the kernel may pass
 * over a row when its neighbours change meanwhile, so a few more.
 */
export const MAX_READINGS = 5;
/**
 * Time without reading, for each time spent in it: the kernel needs 2 to 3 microseconds a row, 60 ms with 10,000
 * connections, and however many log in, half of the time at least is left to others.
 */
const REST_RATIO = 1;
/** The longest rest (ms): where a busy machine makes the reading slow, whoever logs in need not wait twice as long. */
const MAX_REST_MS = 50;
/** The kernel's default. */
const DEFAULT_OVERFLOW_UID = 65_534;

async function readOverflowUid(): Promise<number> {
  const text = await readFile('/proc/sys/kernel/overflowuid', 'latin1');
  return /^\d+\n$/.test(text) ? Number(text) : DEFAULT_OVERFLOW_UID;
}

interface Pending {
  readonly key: string;
  /** The client's. */
  readonly port: number;
  readonly search: OwnerSearch;
  readonly resolve: (uid: number | undefined) => void;
  readings: number;
}

/** `::ffff:127.0.0.1` and `127.0.0.1` are one address. */
const keyOf = ({ host, port }: Address): string => `${host.replace(/^::ffff:/i, '')} ${port}`;

class KernelPeerOwner implements PeerOwner {
  readonly #diag: PeerOwnerOptions['diag'];
  readonly #readTables: ReadTables;
  readonly #overflowUid: Promise<number>;
  /** By connection. Bounded by the connections that the server holds: one look-up each. */
  readonly #pending = new Map<string, Pending>();
  #reading = false;
  #restUntil = 0;

  constructor(diag: PeerOwnerOptions['diag'], readTables: ReadTables, overflowUid: Promise<number>) {
    this.#diag = diag;
    this.#readTables = readTables;
    this.#overflowUid = overflowUid;
  }

  ownerOf(client: Address, server: Address): Promise<number | undefined> {
    if (!isLoopback(client.host) || !isLoopback(server.host)) return Promise.resolve(undefined);
    const key = `${keyOf(client)} ${keyOf(server)}`;
    this.#settle(key, undefined);
    const told = this.#diag?.ownerOf(client, server) ?? { kind: 'unknown' };
    if (told.kind === 'nobody') return Promise.resolve(undefined);
    if (told.kind === 'owner') return this.#unlessOverflow(told.uid);
    return new Promise((resolve) => {
      const search = new OwnerSearch({ client, server }, endianness());
      this.#pending.set(key, { key, port: client.port, search, resolve, readings: 0 });
      if (this.#reading) return;
      this.#reading = true;
      // What else this turn of the loop accepts is answered by the same reading.
      setImmediate(() => {
        this.#readOn().catch(() => this.#giveUp());
      });
    });
  }

  async #unlessOverflow(uid: number): Promise<number | undefined> {
    return uid === (await this.#overflowUid) ? undefined : uid;
  }

  #settle(key: string, uid: number | undefined): void {
    this.#pending.get(key)?.resolve(uid);
    this.#pending.delete(key);
  }

  /** Whatever went wrong: nobody is vouched for, and nobody waits for ever. */
  #giveUp(): void {
    for (const key of this.#pending.keys()) this.#settle(key, undefined);
    this.#reading = false;
  }

  /** One reading after the other until nobody waits; each answers those who asked before it began. */
  async #readOn(): Promise<void> {
    const overflowUid = await this.#overflowUid;
    while (this.#pending.size > 0) {
      await setTimeout(Math.max(0, this.#restUntil - performance.now()));
      const asked = [...this.#pending.values()];
      const start = performance.now();
      const text = await this.#readTables(asked.map(({ port }) => port)).catch(() => '');
      const end = performance.now();
      this.#restUntil = end + Math.min(MAX_REST_MS, REST_RATIO * (end - start));
      // Whoever was replaced meanwhile has been told, and isn't the one that is pending under this key.
      const still = asked.filter((pending) => this.#pending.get(pending.key) === pending);
      showRows(
        text,
        still.map(({ search }) => search),
      );
      for (const pending of still) {
        pending.readings += 1;
        const { owner, isOver } = pending.search;
        if (isOver || pending.readings >= MAX_READINGS)
          this.#settle(pending.key, owner === overflowUid ? undefined : owner);
      }
    }
    this.#reading = false;
  }
}

export function createPeerOwner({ diag, readTables, overflowUid }: PeerOwnerOptions = {}): PeerOwner {
  if (readTables === undefined && platform() !== 'linux') return { ownerOf: () => Promise.resolve(undefined) };
  const overflow = (overflowUid ?? readOverflowUid)().catch(() => DEFAULT_OVERFLOW_UID);
  if (readTables !== undefined) return new KernelPeerOwner(diag, readTables, overflow);
  const exchange = diag === undefined ? openSockDiag() : undefined;
  return new KernelPeerOwner(diag ?? (exchange && new SockDiag(exchange)), createTables(), overflow);
}
