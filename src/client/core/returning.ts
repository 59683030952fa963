/**
 * How long a client waits before it tries again to reach a server that is gone.
 *
 * A server that stops says so, and is then expected back: every client is back within 5 s of its start, however long it
 * was away. The same holds on this very host, where a try costs next to nothing, and for the local network, where it makes
 * this program the one that is there for the others. A server elsewhere that has vanished
 * without a word may be gone for good, and is tried ever more rarely.
 */
import type { Random } from '../../base/clock.ts';
import { addressText, isLoopback, LAN_ADDRESS } from '../../link/address.ts';
import { backOff } from './back-off.ts';

/** Milliseconds until the next try to connect: at first, and at most. */
const RARELY = { first: 500, most: 30_000 };
/**
 * The same, while the server is expected. Any part of it is taken by chance, so ten thousand clients come at 2,500 to 5,000
 * a second, and no later than 5 s with the time that a log-in takes.
 */
const EXPECTED = { first: 500, most: 4000 };
/** Milliseconds for which a server elsewhere that said it would be back is expected: the longest upgrade of a host. */
const EXPECTED_FOR_MS = 2 * 3_600_000;
/** Milliseconds in which it is said that the server is restarting; after that, what is wrong. */
const RESTARTING_FOR_MS = 60_000;

export interface Away {
  /** `box:2428`, as it was typed. */
  readonly address: string;
  /** How long ago (ms) the server said that it stops; undefined: it didn't. */
  readonly saidSo: number | undefined;
  /** Tries since the last connection that lasted, from 1. */
  readonly failures: number;
}

/** The host of `box:2428` or `[::1]:2428`. */
const hostOf = (address: string): string => address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

const LAN = addressText(LAN_ADDRESS);
const isHere = (host: string): boolean => host === 'localhost' || isLoopback(host);

/** @returns milliseconds to wait. */
export function waitFor({ address, saidSo, failures }: Away, random: Random): number {
  const expected = address === LAN || isHere(hostOf(address)) || (saidSo !== undefined && saidSo < EXPECTED_FOR_MS);
  return backOff(expected ? EXPECTED : RARELY, failures, random);
}

/** Where a server that answers wants nobody for now, it is left in peace, wherever it is. */
export const waitRefused = (failures: number, random: Random): number => backOff(RARELY, failures, random);

/** Whether its own words still say best why it is away. */
export const isRestarting = (saidSo: number | undefined): boolean => saidSo !== undefined && saidSo < RESTARTING_FOR_MS;
