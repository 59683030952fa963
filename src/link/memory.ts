/** Links inside one process, which behave as those over TCP do: for tests, and for a client and a server in one process. */
import { FrameDecoder } from '../protocol/frame-decoder.ts';
import type { Address, Link, LinkEvents } from './link.ts';

/** Bytes on their way that stand for what a kernel holds; more stays with the writer. */
const IN_FLIGHT_BYTES = 65_536;

const ENCODER = new TextEncoder();

class MemoryLink implements Link {
  readonly remote: Address;
  readonly local: Address;
  readonly #decoder = new FrameDecoder();
  readonly #inFlightLimit: number;
  /** Set by `pair`. */
  #peer: MemoryLink = this;
  #events: LinkEvents | undefined;
  /** `ending`: sends what is buffered, and drops what still comes; `cut`: not even that; `closed`: both sides are done. */
  #state: 'open' | 'ending' | 'cut' | 'closed' = 'open';
  #paused = false;
  /** Bytes that wait for room. */
  #outbox: Uint8Array[] = [];
  #buffered = 0;
  #mustDrain = false;
  /** Bytes that have arrived and aren't read yet. */
  #inbox: Uint8Array[] = [];
  #inFlight = 0;
  /** The peer says no more after what is in the inbox. */
  #peerEnded = false;
  #scheduled = false;

  constructor(local: Address, remote: Address, inFlightLimit: number) {
    this.local = local;
    this.remote = remote;
    this.#inFlightLimit = inFlightLimit;
  }

  static pair(inFlightLimit: number): [MemoryLink, MemoryLink] {
    const here = { host: 'memory', port: 1 };
    const there = { host: 'memory', port: 2 };
    const a = new MemoryLink(here, there, inFlightLimit);
    const b = new MemoryLink(there, here, inFlightLimit);
    a.#peer = b;
    b.#peer = a;
    return [a, b];
  }

  listen(events: LinkEvents): void {
    this.#events = events;
    if (this.#state === 'closed') queueMicrotask(() => events.closed({ kind: 'closed' }));
    else this.#schedule();
  }

  write(bytes: Uint8Array | string): boolean {
    if (this.#state !== 'open') return true;
    // A copy, so that a writer that changes its bytes too early is no more noticed here than by a kernel.
    const copy = typeof bytes === 'string' ? ENCODER.encode(bytes) : bytes.slice();
    this.#outbox.push(copy);
    this.#buffered += copy.length;
    this.#pump();
    if (this.#buffered > 0) this.#mustDrain = true;
    return this.#buffered === 0;
  }

  get buffered(): number {
    return this.#buffered;
  }

  awaitDrained(): void {
    this.#mustDrain = true;
    this.#schedule();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#pump();
    this.#schedule();
  }

  destroy(): void {
    if (this.#state === 'cut' || this.#state === 'closed') return;
    this.#state = 'cut';
    this.#forget();
    this.#peer.#receiveEnd();
    this.#schedule();
  }

  reset(): void {
    this.destroy();
  }

  #forget(): void {
    this.#outbox = [];
    this.#buffered = 0;
    this.#inbox = [];
    this.#inFlight = 0;
  }

  /** Sends what there is room for, and after the last byte of a link that ends, its end. */
  #pump(): void {
    const peer = this.#peer;
    if (this.#state === 'cut' || this.#state === 'closed') return;
    for (let chunk = this.#outbox[0]; chunk; chunk = this.#outbox[0]) {
      const taken = peer.#receive(chunk);
      this.#buffered -= taken;
      if (taken < chunk.length) {
        this.#outbox[0] = chunk.subarray(taken);
        return;
      }
      this.#outbox.shift();
    }
    if (this.#state === 'ending') peer.#receiveEnd();
    this.#schedule();
  }

  /** @returns bytes taken of the chunk. */
  #receive(chunk: Uint8Array): number {
    // Whoever closes takes all and reads nothing.
    if (this.#state !== 'open') return chunk.length;
    const taken = Math.min(chunk.length, this.#inFlightLimit - this.#inFlight);
    if (taken > 0) {
      this.#inbox.push(chunk.subarray(0, taken));
      this.#inFlight += taken;
      this.#schedule();
    }
    return taken;
  }

  #receiveEnd(): void {
    this.#peerEnded = true;
    this.#schedule();
  }

  /** Events never come from inside a call: the next microtask brings them. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#state === 'open' && this.#events && !this.#paused) this.#read(this.#events);
    if (this.#state === 'ending') this.#skip();
    if (this.#mustDrain && this.#buffered === 0 && this.#state === 'open') {
      this.#mustDrain = false;
      this.#events?.drained();
    }
    const heardAll = this.#peerEnded && this.#inbox.length === 0;
    // As over TCP here: when the peer says no more, this side sends what it has, and closes too.
    if (heardAll) this.end();
    if (this.#state === 'cut' || (this.#state === 'ending' && heardAll && this.#buffered === 0)) this.#close();
  }

  #read(events: LinkEvents): void {
    const chunks = this.#inbox;
    this.#skip();
    for (const chunk of chunks) {
      for (const frame of this.#decoder.push(chunk)) {
        // A handler may have ended the link while its chunk still held lines.
        if (this.#state !== 'open') return;
        if (frame.ok) events.frame(frame.line);
        else events.fault(frame.fault);
      }
    }
  }

  /** The inbox is free: the peer may send more. */
  #skip(): void {
    if (this.#inbox.length === 0) return;
    this.#inbox = [];
    this.#inFlight = 0;
    this.#peer.#pump();
  }

  #close(): void {
    this.#state = 'closed';
    this.#forget();
    // What still waits to come here has nowhere to go.
    this.#peer.#pump();
    this.#events?.closed({ kind: 'closed' });
  }
}

/**
 * Two links, each the other's peer. Bytes are copied, and arrive in a later microtask.
 * @param inFlightLimit bytes that one side takes without reading them; what is written beyond stays `buffered`.
 */
export const memoryLinks = (inFlightLimit: number = IN_FLIGHT_BYTES): [Link, Link] => MemoryLink.pair(inFlightLimit);
