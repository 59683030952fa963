/** Connections over TCP, plain or with TLS. */
import { connect, createServer, type Socket } from 'node:net';
import { err, ok, type Result } from '../base/result.ts';
import { addressText, isLoopback, isPort, systemCode } from './address.ts';
import type { Address, Link } from './link.ts';
import { type Door, SocketLink } from './socket-link.ts';
import type { TlsKey } from './tls-door.ts';

/**
 * Milliseconds without a byte after which the kernel probes the peer. Node then lets it probe once a second, ten times: a
 * host that is gone is noticed 20 s after its last byte, under the promised 30, though its user's program never pings.
 */
const KEEP_ALIVE_AFTER_MS = 10_000;

/** A chat's lines are small and wanted now: no waiting for more to send (Nagle's algorithm, RFC 896). */
export const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS } as const;

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

export interface Dialling<S extends Socket> {
  readonly open: () => S;
  /** Of the socket, when it is ready. */
  readonly event: 'connect' | 'secureConnect';
  /** What an error's code means here; undefined: what it means everywhere. */
  readonly failure?: (code: string) => ConnectFailure | undefined;
}

/** @returns a socket that is ready. Never rejects. */
export async function dial<S extends Socket>(
  options: ConnectOptions,
  { open, event, failure }: Dialling<S>,
): Promise<Result<S, ConnectFailure>> {
  const { host, port, timeoutMs, signal } = options;
  if (host === '' || !isPort(port))
    return err({ kind: 'bad_address', text: `"${addressText(options)}" is not HOST:PORT with a port from 1 to 65535` });
  if (signal?.aborted) return err({ kind: 'aborted', text: 'given up' });

  return await new Promise((resolve) => {
    const socket = open();
    const settle = (result: Result<S, ConnectFailure>) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.off(event, ready);
      socket.off('error', failed);
      socket.off('close', closed);
      if (!result.ok) {
        // Another error may follow, of an address that is still being tried.
        socket.on('error', () => undefined);
        socket.destroy();
      }
      resolve(result);
    };
    const ready = () => settle(ok(socket));
    const fail = (code: string) => settle(err(failure?.(code) ?? connectFailure(code, options)));
    const failed = (error: Error) => fail(systemCode(error));
    const closed = () => fail('ECONNRESET');
    const abort = () => settle(err({ kind: 'aborted', text: 'given up' }));
    const timer = setTimeout(() => {
      settle(err({ kind: 'timeout', text: `no answer from ${addressText(options)} within ${timeoutMs / 1000} s` }));
    }, timeoutMs);
    socket.once(event, ready);
    socket.once('error', failed);
    socket.once('close', closed);
    signal?.addEventListener('abort', abort);
  });
}

/** @returns a link that isn't listened to yet. Never rejects. */
export async function connectTcp(options: ConnectOptions): Promise<Result<Link, ConnectFailure>> {
  const { host, port } = options;
  const dialled = await dial(options, { open: () => connect({ host, port, ...SOCKET_OPTIONS }), event: 'connect' });
  return dialled.ok ? ok(new SocketLink(dialled.value)) : dialled;
}

/** The first byte of a connection tells whether it is TLS. */
export interface ListenTls extends TlsKey {
  /** Who may do without TLS. */
  readonly plainFrom: 'loopback' | 'nobody';
  /** A line, with its newline, for whoever may not and does; then the connection is closed. */
  readonly refusal: string;
}

export interface ListenOptions extends Address {
  /** Connections that the kernel holds until they are accepted; it may hold fewer (`net.core.somaxconn`). */
  readonly backlog: number;
  /** Without it every connection is plain. */
  readonly tls?: ListenTls;
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
  /** Shows another key and certificate to those who come from now on. Rejects where they don't fit, and changes nothing. */
  renew(key: TlsKey): Promise<void>;
}

export function listenFailure(code: string, address: Address): ListenFailure {
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

/** By the peer's address. Loaded only where there is a server: a client over loopback needs no TLS. */
async function doors({ plainFrom, refusal, ...key }: ListenTls): Promise<(host: string) => Door> {
  const { createDoors } = await import('./tls-door.ts');
  const doorFor = createDoors(key, refusal);
  return (host) => doorFor(plainFrom === 'loopback' && isLoopback(host));
}

/**
 * @param onLink gets each new connection; it must call `listen` on it in the end, or `destroy`.
 * With TLS, that is when it is accepted: whether its peer speaks TLS is the link's matter, and known with its first frame.
 * @param onTrouble a connection could not be accepted (such as `EMFILE`); the listener goes on.
 */
export async function listenTcp(
  options: ListenOptions,
  onLink: (link: Link) => void,
  onTrouble: (code: string) => void = () => undefined,
): Promise<Result<Listener, ListenFailure>> {
  const { host, port, backlog, tls } = options;
  if (host === '' || !(port === 0 || isPort(port)))
    return err({ kind: 'bad_address', text: `"${addressText(options)}" is not HOST:PORT with a port up to 65535` });

  let doorFor = tls === undefined ? () => undefined : await doors(tls);
  const renew = async (key: TlsKey): Promise<void> => {
    if (tls !== undefined) doorFor = await doors({ ...tls, ...key });
  };

  const { openKernelLimits } = await import('./kernel-limits.ts');
  const limitKernel = openKernelLimits();
  return await new Promise((resolve) => {
    const server = createServer(SOCKET_OPTIONS, (socket) => {
      limitKernel(socket);
      const link = new SocketLink(socket, undefined, doorFor(socket.remoteAddress ?? ''));
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
      resolve(ok({ address, close: () => void server.close(), renew }));
    });
  });
}
