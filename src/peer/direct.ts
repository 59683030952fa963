/**
 * Direct connections of two clients: mutual TLS 1.3 with a fresh key for each chat, whose pins the two have told each other
 * inside the encrypted chat. Both listen and both dial, on every address they have.
 */
import type { Address, Link } from '../link/link.ts';

/** What one side must know of the other; told inside the encrypted chat. */
export interface DirectOffer {
  /** Where it can be reached: numeric addresses, best first, at most `MAX_OFFERED`. */
  readonly addresses: readonly Address[];
  /** `pinOf` the key of its certificate for this chat. */
  readonly pin: string;
}

/** One chat's way in and out, from the moment its key is made until it is closed. */
export interface DirectPort {
  readonly offer: DirectOffer;
  /**
   * Dials all of `offer`'s addresses and takes who comes in, for `DIRECT_WITHIN_MS`; then, and after `stop`, nobody any
   * more. Every link given has proved the pin, both ways. Several may be given; the caller closes what it doesn't want.
   */
  connect(offer: DirectOffer, given: (link: Link) => void): void;
  stop(): void;
  close(): void;
}

export interface DirectDoor {
  /** Listens. Rejects with nothing: where no port can be had, `offer.addresses` is empty and only dialling is left. */
  open(): Promise<DirectPort>;
  /** Addresses that the other would see, for people. */
  readonly addresses: readonly string[];
  close(): void;
}

/** Milliseconds that a direct connection is tried for. */
export const DIRECT_WITHIN_MS = 3000;
/** Addresses in an offer: every network of a machine with many, and no list to scan a network by. */
export const MAX_OFFERED = 16;
