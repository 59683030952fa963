/**
 * A link over a socket, plain or TLS. Ten thousand of them may be idle at once, so a link holds its socket, a decoder
 * without a buffer, and its listeners, and has a timer only while it closes or shakes hands.
 */
import type { Socket } from 'node:net';
import { FrameDecoder } from '../protocol/frame-decoder.ts';
import { systemCode } from './address.ts';
import type { Address, CloseReason, Link, LinkEvents, Secure } from './link.ts';

/** Milliseconds that a closing link waits for its peer to take what is buffered and to close too; then it is cut off. */
const CLOSE_WITHIN_MS = 5000;
/**
 * Milliseconds for a peer that must speak TLS to send its first byte, and for every peer that does to finish the
 * handshake: three round trips to the moon, and less than what a server gives for `hello`.
 */
export const HANDSHAKE_WITHIN_MS = 8000;
/** What is written to be told when everything before it is. */
const NOTHING = new Uint8Array(0);
/** The first byte of every TLS connection: the content type of a handshake record (RFC 8446, 5.1). No JSON begins so. */
const TLS_HANDSHAKE = 0x16;

/** Where the peer's first byte decides whether it speaks TLS. */
export interface Door {
  /** Whether this peer may do without. */
  readonly allowsPlain: boolean;
  /** A line, with its newline, for the peer that may not and does. */
  readonly refusal: string;
  /** Shakes hands over a socket that has been read no further than that byte. @param done when that has worked. */
  wrap(plain: Socket, done: (secure: Secure) => void): Socket;
}

export class SocketLink implements Link {
  readonly remote: Address;
  readonly local: Address;
  #secure: Secure | undefined;
  #socket: Socket;
  #isTls: boolean;
  /** The one under a server's TLS. */
  #plain: Socket | undefined;
  readonly #decoder = new FrameDecoder();
  #events: LinkEvents | undefined;
  /** Until the peer's first byte. */
  #door: Door | undefined;
  /** What was written before it was known whether the peer speaks TLS. */
  #held: (Uint8Array | string)[] = [];
  /** `ending`: sends what is buffered, and drops what still comes; `cut`: not even that. */
  #state: 'open' | 'ending' | 'cut' = 'open';
  #paused = false;
  /** `drained` is to be told. */
  #awaitsDrained = false;
  #closed: CloseReason | undefined;
  #failure: string | undefined;
  #cutOff: NodeJS.Timeout | undefined;
  #handshake: NodeJS.Timeout | undefined;

  /** Until `listen` nothing is read but the first bytes, where those matter: the kernel holds what arrives. */
  constructor(socket: Socket, secure?: Secure, door?: Door) {
    this.#socket = socket;
    this.#secure = secure;
    this.#isTls = secure !== undefined;
    this.#door = door;
    this.remote = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    this.local = { host: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    this.#attach();
    if (door === undefined) return;
    if (!door.allowsPlain) this.#mustShakeHands();
    socket.on('data', this.#onData);
  }

  readonly #onError = (error: Error): void => {
    this.#failure ??= systemCode(error);
  };
  readonly #onClose = (): void => this.#close();
  readonly #onDrain = (): void => {
    if (this.#state === 'open') this.#events?.drained();
  };
  readonly #onTaken = (error?: Error | null): void => {
    this.#awaitsDrained = false;
    if (error === undefined || error === null) this.#onDrain();
  };
  /** The peer says no more; Node then ends our side by itself, once all is written. */
  readonly #onEnd = (): void => this.#closing();
  readonly #onData = (chunk: Uint8Array): void => {
    if (this.#door === undefined) this.#read(chunk);
    else this.#enter(this.#door, chunk);
  };

  get secure(): Secure | undefined {
    return this.#secure;
  }

  listen(events: LinkEvents): void {
    this.#events = events;
    const closed = this.#closed;
    if (closed) {
      queueMicrotask(() => events.closed(closed));
      return;
    }
    // The first bytes are awaited already.
    if (this.#door !== undefined) return;
    this.#socket.on('data', this.#onData);
    if (!this.#paused) this.#socket.resume();
  }

  #attach(): void {
    this.#socket.on('error', this.#onError);
    this.#socket.on('close', this.#onClose);
    this.#socket.on('drain', this.#onDrain);
    this.#socket.on('end', this.#onEnd);
  }

  #mustShakeHands(): void {
    this.#handshake ??= setTimeout(() => this.destroy(), HANDSHAKE_WITHIN_MS);
  }

  /** The peer's first bytes. */
  #enter(door: Door, chunk: Uint8Array): void {
    this.#door = undefined;
    if (chunk[0] === TLS_HANDSHAKE) this.#shakeHands(door, chunk);
    else if (!door.allowsPlain) this.#turnAway(door);
    else if (this.#events !== undefined) this.#read(chunk);
    else this.#putBack(chunk);
  }

  /** Until somebody listens. */
  #putBack(chunk: Uint8Array): void {
    this.#socket.off('data', this.#onData);
    this.#socket.pause();
    this.#socket.unshift(chunk);
  }

  #shakeHands(door: Door, chunk: Uint8Array): void {
    const plain = this.#socket;
    this.#plain = plain;
    this.#putBack(chunk);
    plain.off('end', this.#onEnd);
    plain.off('drain', this.#onDrain);
    plain.off('close', this.#onClose);
    this.#mustShakeHands();
    this.#isTls = true;
    this.#socket = door.wrap(plain, (secure) => {
      clearTimeout(this.#handshake);
      this.#secure = secure;
    });
    this.#attach();
    if (this.#events !== undefined) this.#socket.on('data', this.#onData);
    // It goes out when the handshake is done.
    for (const bytes of this.#held.splice(0)) this.#socket.write(bytes);
    if (this.#state === 'ending') this.#socket.end();
  }

  #turnAway(door: Door): void {
    this.#held = [];
    clearTimeout(this.#handshake);
    this.#socket.write(door.refusal);
    this.end();
  }

  #read(chunk: Uint8Array): void {
    for (const frame of this.#decoder.push(chunk)) {
      // A handler may have ended the link while its chunk still held lines.
      if (this.#state !== 'open') return;
      if (frame.ok) this.#events?.frame(frame.line);
      else this.#events?.fault(frame.fault);
    }
  }

  /** Whether what is written must wait, since nobody may read it without TLS. */
  get #mayNotWrite(): boolean {
    return this.#door?.allowsPlain === false;
  }

  write(bytes: Uint8Array | string): boolean {
    if (this.#state !== 'open') return true;
    if (!this.#mayNotWrite) return this.#socket.write(bytes);
    // Few and short: a server says nothing to somebody whom it hasn't heard, but why it won't have them.
    this.#held.push(bytes);
    return true;
  }

  get buffered(): number {
    const { writableLength } = this.#socket;
    return this.#held.length === 0
      ? writableLength
      : this.#held.reduce((sum, { length }) => sum + length, writableLength);
  }

  awaitDrained(): void {
    if (this.#awaitsDrained || this.#state !== 'open' || this.#mayNotWrite) return;
    this.#awaitsDrained = true;
    // Node tells by itself only where 64 KiB were buffered.
    this.#socket.write(NOTHING, this.#onTaken);
  }

  pause(): void {
    this.#paused = true;
    if (this.#state === 'open') this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    // Before `listen` nobody would get what is read.
    if (this.#events) this.#socket.resume();
  }

  end(): void {
    this.#closing();
    // What is held can go out only after the peer's first byte.
    if (!this.#mayNotWrite || this.#held.length === 0) this.#socket.end();
    // Unread bytes would hide the peer's own end, and make the kernel reset the connection, with our last line in it.
    this.#socket.resume();
  }

  destroy(): void {
    this.#state = 'cut';
    this.#socket.destroy();
  }

  reset(): void {
    this.#state = 'cut';
    // Under TLS the connection is another socket's, which closes this one.
    const connection = this.#isTls ? this.#plain : this.#socket;
    if (connection === undefined || this.#socket.destroyed) this.#socket.destroy();
    else connection.resetAndDestroy();
  }

  /** From here on the peer has a limited time: it could leave our bytes unread, or its own side open, for ever. */
  #closing(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#cutOff = setTimeout(() => this.#giveUp(), CLOSE_WITHIN_MS);
  }

  /**
   * The peer has had its time. What the kernel has taken it goes on sending, as long as it finds right. Where more is left
   * the peer can't get all any more, and the kernel need not keep megabytes for it either.
   */
  #giveUp(): void {
    if (this.buffered > 0) this.reset();
    else this.destroy();
  }

  #close(): void {
    clearTimeout(this.#cutOff);
    clearTimeout(this.#handshake);
    this.#state = 'cut';
    this.#closed = this.#failure === undefined ? { kind: 'closed' } : { kind: 'failed', text: this.#failure };
    this.#events?.closed(this.#closed);
  }
}
