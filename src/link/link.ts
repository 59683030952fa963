import type { FrameFault } from '../protocol/frame-decoder.ts';

/** Why a link ended. `failed` carries the system's words, such as `ECONNRESET`. */
export type CloseReason = { readonly kind: 'closed' } | { readonly kind: 'failed'; readonly text: string };

export interface LinkEvents {
  /** One whole line, checked UTF-8, without its newline. Never empty. */
  frame(line: string): void;
  /** The peer sent something that is no line. After `frame_too_long` nothing more is read. */
  fault(fault: FrameFault): void;
  /** All that was buffered has gone to the kernel after a `write` that returned false. */
  drained(): void;
  /** Comes exactly once, and last. */
  closed(reason: CloseReason): void;
}

/**
 * One framed connection, either end. Implementations: TCP (`tcp.ts`) and memory (`memory.ts`); both run
 * `test/link/conformance.ts`.
 */
export interface Link {
  /** Where the peer is. */
  readonly remote: Address;
  readonly local: Address;
  /** Starts delivery; called once, before anything is read. */
  listen(events: LinkEvents): void;
  /**
   * Bytes of whole lines, newlines included; they may be shared, and must not change afterwards. False: more than the
   * kernel takes now; wait for `drained`. After the end it does nothing and returns true.
   */
  write(bytes: Uint8Array | string): boolean;
  /** Bytes accepted by `write` that the kernel has not taken. */
  readonly buffered: number;
  /**
   * Reads no more until `resume`, so that the peer's own writing is held back by the network. What was already read
   * still comes, at most one chunk of it. Both are safe to call twice, and after the end.
   */
  pause(): void;
  resume(): void;
  /** Sends what is buffered, then closes. Of the events only `closed` comes after this. Safe to call twice. */
  end(): void;
  /** Closes at once; what is buffered is lost. Safe to call twice. */
  destroy(): void;
}

export interface Address {
  /** An IP address as Node writes it, or a path for something local. */
  readonly host: string;
  readonly port: number;
}
