import type { FrameFault } from '../protocol/frame-decoder.ts';

/** Why a link ended. `failed` carries the system's words, such as `ECONNRESET`. */
export type CloseReason = { readonly kind: 'closed' } | { readonly kind: 'failed'; readonly text: string };

export interface LinkEvents {
  /** One whole line, checked UTF-8, without its newline. Never empty. */
  frame(line: string): void;
  /** The peer sent something that is no line. After `frame_too_long` nothing more is read. */
  fault(fault: FrameFault): void;
  /** All that was buffered has gone to the kernel, after a `write` that returned false, or after `awaitDrained`. */
  drained(): void;
  /** Comes exactly once, and last. */
  closed(reason: CloseReason): void;
}

/** What TLS says of a connection. */
export interface Secure {
  /**
   * `SHA256:` and 43 characters of base64: the hash of the peer's public key (its SubjectPublicKeyInfo, RFC 5280, 4.1).
   * Undefined where the peer has shown none, as clients do.
   */
  readonly peerPin: string | undefined;
  /** 32 bytes that are the same at both ends of this connection, and of no other (RFC 9266, tls-exporter). */
  channelBinding(): Uint8Array;
}

/**
 * One framed connection, either end. Implementations: TCP and TLS (`socket-link.ts`), and memory (`memory.ts`); all
 * run `test/link/conformance.ts`.
 */
export interface Link {
  /** Where the peer is. */
  readonly remote: Address;
  readonly local: Address;
  /** Undefined where the connection is plain; known before the first frame comes. */
  readonly secure?: Secure | undefined;
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
   * Has `drained` told once what is buffered now has gone to the kernel, in a later turn; not after the end. For those to
   * whom it matters also where `write` returned true. Safe to call again before that.
   */
  awaitDrained(): void;
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
  /**
   * As `destroy`, and where it can the peer is told by a reset: then the kernel keeps nothing of the connection, which it
   * otherwise does for a minute (TIME-WAIT, RFC 9293, 3.6.1). For those who are turned away in numbers.
   */
  reset(): void;
}

export interface Address {
  /** An IP address as Node writes it, or a path for something local. */
  readonly host: string;
  readonly port: number;
}
