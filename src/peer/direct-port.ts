/** One chat's way in and out: what `DirectPort` promises, over mutual TLS. */
import type { Address, Link } from '../link/link.ts';
import { type Arrival, connectMutual, type MutualKey } from '../link/mutual-tls.ts';
import { dialable } from './addresses.ts';
import { type DirectOffer, type DirectPort, MAX_OFFERED } from './direct.ts';

/**
 * Arrivals that wait until it is known whom to expect: the peer may have our offer before we have its own. As many as one
 * that dials all our addresses makes; the newest that are too many are refused.
 */
const MAX_WAITING = MAX_OFFERED;
/** Links taken from one peer: one for each address that it dials. What it holds the key for is no reason to take more. */
const MAX_TAKEN = MAX_OFFERED;
/**
 * Milliseconds that a chat listens for a peer that has made no offer: it may never make one (`--relay-only`), and an open
 * port that nobody needs is closed. Long enough for an offer that waits for a reconnect.
 */
const OFFER_WITHIN_MS = 30_000;

/** The chat's place at a listener. */
export interface Listening {
  readonly addresses: readonly Address[];
  /** From then on nobody arrives. Safe to call twice. */
  stop(): void;
}

export interface PortParts {
  /** For this chat only. */
  readonly key: MutualKey;
  /** How long it is tried. */
  readonly withinMs: number;
  /** Undefined where no port can be had: only dialling is left. */
  listen(arrived: (arrival: Arrival) => void): Listening | undefined;
  /** Comes once, when nobody is let in and nobody dialled any more. */
  stopped(): void;
}

type State =
  /** The peer's offer hasn't come. Each arrival waits as long as the one who dialled does. */
  | { readonly kind: 'waiting'; readonly arrivals: Map<Arrival, NodeJS.Timeout> }
  | {
      readonly kind: 'connecting';
      readonly pin: string;
      readonly given: (link: Link) => void;
      readonly giveUp: AbortController;
      taken: number;
    }
  | { readonly kind: 'stopped' };

export class Port implements DirectPort {
  readonly offer: DirectOffer;
  readonly #parts: PortParts;
  readonly #listening: Listening | undefined;
  #state: State = { kind: 'waiting', arrivals: new Map() };
  #timer: NodeJS.Timeout;

  constructor(parts: PortParts) {
    this.#parts = parts;
    this.#listening = parts.listen((arrival) => this.#arrived(arrival));
    this.offer = { addresses: this.#listening?.addresses ?? [], pin: parts.key.pin };
    this.#timer = setTimeout(() => this.#listening?.stop(), OFFER_WITHIN_MS);
  }

  /** For the first offer only: another one would have us knock at more doors. */
  connect({ addresses, pin }: DirectOffer, given: (link: Link) => void): void {
    if (this.#state.kind !== 'waiting') return;
    // Our own offer, sent back: we would talk to ourselves.
    if (pin === this.offer.pin) {
      this.stop();
      return;
    }
    const { arrivals } = this.#state;
    const giveUp = new AbortController();
    this.#state = { kind: 'connecting', pin, given, giveUp, taken: 0 };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), this.#parts.withinMs);
    for (const address of dialable(addresses)) this.#dial(address, pin, giveUp.signal);
    for (const [arrival, timer] of arrivals) {
      clearTimeout(timer);
      this.#arrived(arrival);
    }
  }

  #dial(address: Address, pin: string, signal: AbortSignal): void {
    const { key, withinMs } = this.#parts;
    connectMutual({ ...address, key, expectPin: pin, timeoutMs: withinMs, signal }).then(
      // Whoever can't be reached at this address may be at another, and is by way of the server.
      (connected) => connected.ok && this.#give(connected.value),
      // It never rejects.
      () => undefined,
    );
  }

  #give(link: Link): void {
    if (this.#state.kind === 'connecting') this.#state.given(link);
    else link.destroy();
  }

  /** Somebody has asked for our key and proved one. */
  #arrived(arrival: Arrival): void {
    const state = this.#state;
    switch (state.kind) {
      case 'waiting':
        this.#wait(arrival, state.arrivals);
        return;
      case 'connecting': {
        const link = arrival.pin === state.pin && state.taken < MAX_TAKEN ? arrival.take() : undefined;
        if (link === undefined) {
          arrival.refuse();
          return;
        }
        state.taken++;
        state.given(link);
        return;
      }
      case 'stopped':
        arrival.refuse();
        return;
    }
  }

  #wait(arrival: Arrival, arrivals: Map<Arrival, NodeJS.Timeout>): void {
    if (arrivals.size >= MAX_WAITING) {
      arrival.refuse();
      return;
    }
    const drop = () => {
      arrivals.delete(arrival);
      arrival.refuse();
    };
    arrivals.set(arrival, setTimeout(drop, this.#parts.withinMs));
  }

  stop(): void {
    const state = this.#state;
    if (state.kind === 'stopped') return;
    this.#state = { kind: 'stopped' };
    clearTimeout(this.#timer);
    this.#listening?.stop();
    if (state.kind === 'connecting') state.giveUp.abort();
    else
      for (const [arrival, timer] of state.arrivals) {
        clearTimeout(timer);
        arrival.refuse();
      }
    this.#parts.stopped();
  }

  /** The links that were given are their taker's. */
  close(): void {
    this.stop();
  }
}
