/**
 * One chat's direct connection: a door of its own for each try, and of the links that come about the one that is chosen.
 * The side with the lower device chooses, by saying `use` on a link; the other takes the link on which that comes.
 *
 * idle ──► opening ──► offered ──► trying ──► up
 *  ▲          └───────────┴──────────┴─────────┘ lost, or not come about
 */
import type { Link } from '../link/link.ts';
import type { StreamFrame } from './chat-cipher.ts';
import { encodeFrame, readStreamFrame } from './chat-frames.ts';
import { DIRECT_WITHIN_MS, type DirectDoor, type DirectOffer, type DirectPort } from './direct.ts';
import { Alarm, type Timers } from './tasks.ts';

/** Milliseconds beyond the door's own time that the first frame on a link may take. */
const CHOSEN_WITHIN_MS = DIRECT_WITHIN_MS + 2000;
/** Links that are held until one is chosen: all addresses of both sides, and no more. */
const MAX_LINKS = 32;
/** Milliseconds until it is tried again; twice as long each time. */
export const RETRY_AFTER_MS = 60_000;
export const MAX_RETRIES = 6;
/** Milliseconds between two tries that the other side asks for: each costs a key and an open port. */
const TRY_EVERY_MS = 5000;

export interface ChatDirectPorts {
  readonly door: DirectDoor;
  readonly timers: Timers;
  readonly fault: (error: unknown) => void;
  readonly monotonic: () => number;
  /** Whether we choose. */
  readonly chooser: boolean;
  /** To be told to the other, sealed. */
  readonly offer: (offer: DirectOffer) => void;
  /** A link is up: `use` is to be said, if we choose, and all sent again. */
  readonly up: () => void;
  /** `wasUp`: it was used; otherwise none came about. */
  readonly down: (wasUp: boolean) => void;
  readonly frame: (frame: StreamFrame) => void;
}

type State =
  | { readonly kind: 'idle' | 'closed' }
  | { readonly kind: 'opening'; readonly theirs: DirectOffer | undefined }
  | { readonly kind: 'offered'; readonly port: DirectPort }
  | { readonly kind: 'trying'; readonly port: DirectPort; readonly links: Set<Link> }
  | { readonly kind: 'up'; readonly port: DirectPort; readonly link: Link };

export class ChatDirect {
  readonly #ports: ChatDirectPorts;
  readonly #patience: Alarm;
  readonly #retry: Alarm;
  #state: State = { kind: 'idle' };
  #retries = 0;
  #tried = Number.NEGATIVE_INFINITY;

  constructor(ports: ChatDirectPorts) {
    this.#ports = ports;
    this.#patience = new Alarm(ports.timers);
    this.#retry = new Alarm(ports.timers);
  }

  get isUp(): boolean {
    return this.#state.kind === 'up';
  }

  /** Tries, unless it does already. */
  try(theirs?: DirectOffer): void {
    if (this.#state.kind !== 'idle') return;
    this.#retry.stop();
    this.#tried = this.#ports.monotonic();
    this.#state = { kind: 'opening', theirs };
    this.#ports.door.open().then((port) => this.#opened(port), this.#ports.fault);
  }

  /** The other side tells where it can be reached: it tries. */
  offered(theirs: DirectOffer): void {
    const state = this.#state;
    // To them the link that we have is lost.
    if (state.kind === 'up') this.lost();
    if (state.kind === 'opening') this.#state = { kind: 'opening', theirs };
    else if (state.kind === 'offered') this.#connect(state.port, theirs);
    else if (this.#state.kind === 'idle' && this.#ports.monotonic() - this.#tried >= TRY_EVERY_MS) this.try(theirs);
  }

  #opened(port: DirectPort): void {
    const state = this.#state;
    if (state.kind !== 'opening') {
      port.close();
      return;
    }
    this.#state = { kind: 'offered', port };
    this.#patience.set(CHOSEN_WITHIN_MS, () => this.#fail());
    this.#ports.offer(port.offer);
    if (state.theirs !== undefined) this.#connect(port, state.theirs);
  }

  #connect(port: DirectPort, theirs: DirectOffer): void {
    const links = new Set<Link>();
    this.#state = { kind: 'trying', port, links };
    this.#patience.set(CHOSEN_WITHIN_MS, () => this.#fail());
    port.connect(theirs, (link) => this.#given(links, link));
  }

  #given(links: Set<Link>, link: Link): void {
    const state = this.#state;
    if (state.kind !== 'trying' || state.links !== links || links.size >= MAX_LINKS) return link.destroy();
    links.add(link);
    link.listen({
      frame: (line) => this.#line(link, line),
      fault: () => link.destroy(),
      drained: () => undefined,
      closed: () => this.#closed(link),
    });
    if (this.#ports.chooser) this.#choose(link);
  }

  #choose(link: Link): void {
    const state = this.#state;
    if (state.kind !== 'trying') return;
    this.#state = { kind: 'up', port: state.port, link };
    this.#patience.stop();
    this.#retries = 0;
    state.port.stop();
    for (const other of state.links) if (other !== link) other.destroy();
    this.#ports.up();
  }

  #line(link: Link, line: string): void {
    const frame = readStreamFrame(line);
    // Nobody but the other's program has this link, and it says nothing else on it.
    if (frame === undefined) return link.destroy();
    const state = this.#state;
    if (state.kind === 'trying' && state.links.has(link) && !this.#ports.chooser) this.#choose(link);
    this.#ports.frame(frame);
  }

  #closed(link: Link): void {
    const state = this.#state;
    if (state.kind === 'trying') state.links.delete(link);
    else if (state.kind === 'up' && state.link === link) this.lost();
  }

  /** It is up no more, or doesn't answer. */
  lost(): void {
    if (this.#state.kind === 'up') this.#fail();
  }

  #fail(): void {
    const wasUp = this.#state.kind === 'up';
    this.#shut();
    this.#state = { kind: 'idle' };
    this.#ports.down(wasUp);
    if (!this.#ports.chooser || this.#retries >= MAX_RETRIES) return;
    this.#retry.set(RETRY_AFTER_MS * 2 ** this.#retries, () => this.try());
    this.#retries += 1;
  }

  #shut(): void {
    const state = this.#state;
    this.#patience.stop();
    if (state.kind === 'trying') for (const link of state.links) link.destroy();
    if (state.kind === 'up') state.link.destroy();
    if ('port' in state) state.port.close();
  }

  /** @returns whether there is a link for them. */
  write(frames: readonly StreamFrame[]): boolean {
    if (this.#state.kind !== 'up') return false;
    this.#state.link.write(frames.map(encodeFrame).join(''));
    return true;
  }

  close(): void {
    this.#retry.stop();
    if (this.#state.kind === 'up') this.#state.link.end();
    else this.#shut();
    if ('port' in this.#state) this.#state.port.close();
    this.#state = { kind: 'closed' };
  }
}
