/**
 * Links over TCP. Ten thousand of them may be idle at once, so a link holds its socket, a decoder without a buffer, and
 * its listeners, and has a timer only while it closes.
 */
import { connect, createServer, type Socket } from 'node:net';
import { err, ok, type Result } from '../base/result.ts';
import { FrameDecoder } from '../protocol/frame-decoder.ts';
import { addressText, isPort, systemCode } from './address.ts';
import type { Address, CloseReason, Link, LinkEvents } from './link.ts';

/**
 * Milliseconds without a byte after which the kernel probes the peer. Node then lets it probe once a second, ten times: a
 * host that is gone is noticed 20 s after its last byte, under the promised 30, though its user's program never pings.
 */
const KEEP_ALIVE_AFTER_MS = 10_000;
/** Milliseconds that a closing link waits for its peer to take what is buffered and to close too; then it is cut off. */
const CLOSE_WITHIN_MS = 5000;

/** A chat's lines are small and wanted now: no waiting for more to send (Nagle's algorithm, RFC 896). */
const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS } as const;

class TcpLink implements Link {
  readonly remote: Address;
  readonly local: Address;
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder();
  #events: LinkEvents | undefined;
  /** `ending`: sends what is buffered, and drops what still comes; `cut`: not even that. */
  #state: 'open' | 'ending' | 'cut' = 'open';
  #closed: CloseReason | undefined;
  #failure: string | undefined;
  #cutOff: NodeJS.Timeout | undefined;

  /** Until `listen` nothing is read: the kernel holds what arrives. */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.remote = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    this.local = { host: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    socket.on('error', (error) => {
      this.#failure = systemCode(error);
    });
    socket.on('close', () => this.#close());
  }

  listen(events: LinkEvents): void {
    this.#events = events;
    const closed = this.#closed;
    if (closed) {
      queueMicrotask(() => events.closed(closed));
      return;
    }
    const socket = this.#socket;
    socket.on('drain', () => {
      if (this.#state === 'open') events.drained();
    });
    // The peer says no more; Node then ends our side by itself, once all is written.
    socket.on('end', () => this.#closing());
    socket.on('data', (chunk: Uint8Array) => this.#read(chunk, events));
  }

  #read(chunk: Uint8Array, events: LinkEvents): void {
    for (const frame of this.#decoder.push(chunk)) {
      // A handler may have ended the link while its chunk still held lines.
      if (this.#state !== 'open') return;
      if (frame.ok) events.frame(frame.line);
      else events.fault(frame.fault);
    }
  }

  write(bytes: Uint8Array | string): boolean {
    return this.#state !== 'open' || this.#socket.write(bytes);
  }

  get buffered(): number {
    return this.#socket.writableLength;
  }

  pause(): void {
    if (this.#state === 'open') this.#socket.pause();
  }

  resume(): void {
    // Before `listen` nobody would get what is read.
    if (this.#events) this.#socket.resume();
  }

  end(): void {
    this.#closing();
    this.#socket.end();
    // Unread bytes would hide the peer's own end, and make the kernel reset the connection, with our last line in it.
    this.#socket.resume();
  }

  destroy(): void {
    this.#state = 'cut';
    this.#socket.destroy();
  }

  /** From here on the peer has a limited time: it could leave our bytes unread, or its own side open, for ever. */
  #closing(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#cutOff = setTimeout(() => this.destroy(), CLOSE_WITHIN_MS);
  }

  #close(): void {
    clearTimeout(this.#cutOff);
    this.#state = 'cut';
    this.#closed = this.#failure === undefined ? { kind: 'closed' } : { kind: 'failed', text: this.#failure };
    this.#events?.closed(this.#closed);
  }
}

export interface ConnectOptions extends Address {
  /** Milliseconds until the connection must stand. */
  readonly timeoutMs: number;
  /** Gives up before that. */
  readonly signal?: AbortSignal;
}

/** Why there is no connection. `text` is one line for people. */
export interface ConnectFailure {
  readonly kind: 'refused' | 'timeout' | 'unreachable' | 'not_found' | 'bad_address' | 'aborted' | 'failed';
  readonly text: string;
}

function connectFailure(code: string, address: Address): ConnectFailure {
  const where = addressText(address);
  switch (code) {
    case 'ECONNREFUSED':
      return { kind: 'refused', text: `nothing listens on ${where}` };
    case 'ETIMEDOUT':
      return { kind: 'timeout', text: `no answer from ${where}` };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
      return { kind: 'unreachable', text: `no way leads to ${where} (${code})` };
    case 'ENOTFOUND':
    case 'EAI_NONAME':
      return { kind: 'not_found', text: `no host has the name ${address.host}` };
    case 'EAI_AGAIN':
      return { kind: 'not_found', text: `the name ${address.host} could not be looked up now (${code})` };
    default:
      return { kind: 'failed', text: `no connection to ${where}: ${code}` };
  }
}

/** @returns a link that isn't listened to yet. Never rejects. */
export async function connectTcp(options: ConnectOptions): Promise<Result<Link, ConnectFailure>> {
  const { host, port, timeoutMs, signal } = options;
  if (host === '' || !isPort(port))
    return err({ kind: 'bad_address', text: `"${addressText(options)}" is not HOST:PORT with a port from 1 to 65535` });
  if (signal?.aborted) return err({ kind: 'aborted', text: 'given up' });

  return await new Promise((resolve) => {
    const socket = connect({ host, port, ...SOCKET_OPTIONS });
    const settle = (result: Result<Link, ConnectFailure>) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.off('connect', connected);
      socket.off('error', failed);
      if (!result.ok) {
        // Another error may follow, of an address that is still being tried.
        socket.on('error', () => undefined);
        socket.destroy();
      }
      resolve(result);
    };
    const connected = () => settle(ok(new TcpLink(socket)));
    const failed = (error: Error) => settle(err(connectFailure(systemCode(error), options)));
    const abort = () => settle(err({ kind: 'aborted', text: 'given up' }));
    const timer = setTimeout(() => {
      settle(err({ kind: 'timeout', text: `no answer from ${addressText(options)} within ${timeoutMs / 1000} s` }));
    }, timeoutMs);
    socket.once('connect', connected);
    socket.once('error', failed);
    signal?.addEventListener('abort', abort);
  });
}

export interface ListenOptions extends Address {
  /** Connections that the kernel holds until they are accepted; it may hold fewer (`net.core.somaxconn`). */
  readonly backlog: number;
}

/** Why nobody can connect. `text` is one line for people. */
export interface ListenFailure {
  readonly kind: 'in_use' | 'not_permitted' | 'no_such_address' | 'not_found' | 'bad_address' | 'failed';
  readonly text: string;
}

export interface Listener {
  /** Where it listens; with the port that the kernel chose, where 0 was asked for. */
  readonly address: Address;
  /** Takes no new connection from now on, and frees the port; the links that stand stay. */
  close(): void;
}

function listenFailure(code: string, address: Address): ListenFailure {
  const where = addressText(address);
  switch (code) {
    case 'EADDRINUSE':
      return { kind: 'in_use', text: `another program listens on ${where}` };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'not_permitted', text: `not permitted to listen on ${where}` };
    case 'EADDRNOTAVAIL':
      return { kind: 'no_such_address', text: `this host does not have the address ${address.host}` };
    case 'ENOTFOUND':
    case 'EAI_NONAME':
    case 'EAI_AGAIN':
      return { kind: 'not_found', text: `no host has the name ${address.host}` };
    default:
      return { kind: 'failed', text: `can't listen on ${where}: ${code}` };
  }
}

/**
 * @param onLink gets each new connection; it must call `listen` on it in the end, or `destroy`.
 * @param onTrouble a connection could not be accepted (such as `EMFILE`); the listener goes on.
 */
export async function listenTcp(
  options: ListenOptions,
  onLink: (link: Link) => void,
  onTrouble: (code: string) => void = () => undefined,
): Promise<Result<Listener, ListenFailure>> {
  const { host, port, backlog } = options;
  if (host === '' || !(port === 0 || isPort(port)))
    return err({ kind: 'bad_address', text: `"${addressText(options)}" is not HOST:PORT with a port up to 65535` });

  return await new Promise((resolve) => {
    const server = createServer(SOCKET_OPTIONS, (socket) => {
      const link = new TcpLink(socket);
      // The peer was gone before it was accepted, and who it was can't be told.
      if (link.remote.host === '') link.destroy();
      else onLink(link);
    });
    const failed = (error: Error) => resolve(err(listenFailure(systemCode(error), options)));
    server.once('error', failed);
    server.listen({ host, port, backlog }, () => {
      server.off('error', failed);
      server.on('error', (error) => onTrouble(systemCode(error)));
      const bound = server.address();
      const address = typeof bound === 'object' && bound ? { host: bound.address, port: bound.port } : { host, port };
      resolve(ok({ address, close: () => void server.close() }));
    });
  });
}
