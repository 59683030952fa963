/**
 * TLS 1.3 where both sides prove a key of their own, and nobody else vouches for anyone: each compares the other's key with
 * the pin that it was told. One port can serve several keys; the dialler names the one that it wants in its first message.
 */
import { constants, createHash, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { err, ok, type Result } from '../base/result.ts';
import { addressText, systemCode } from './address.ts';
import type { Address, Link } from './link.ts';
import { pinOf } from './pin.ts';
import { selfSigned } from './self-signed.ts';
import { SocketLink } from './socket-link.ts';
import {
  type ConnectFailure,
  type ConnectOptions,
  dial,
  type ListenFailure,
  listenFailure,
  SOCKET_OPTIONS,
} from './tcp.ts';
import { secureOf } from './tls-secure.ts';

/** Milliseconds for whoever connects to prove a key: what a direct connection is tried for in all. */
export const PROVE_WITHIN_MS = 3000;
/**
 * Connections to one port that have proved no key yet. Both who chat take milliseconds for that; when there are more, the
 * oldest is cut off, so that strangers who say nothing keep nobody out.
 */
export const MAX_UNPROVED = 64;
/**
 * Connections that the kernel holds until they are accepted. A flood that overfills it costs whoever comes then a second,
 * until its kernel asks again.
 */
const BACKLOG = 512;

/**
 * The listener's first byte: it has seen the dialler's key and takes it. Without it the dialler couldn't know, since its
 * side of the handshake is done before the listener has looked at its certificate (RFC 8446, 2). To a link's reader it
 * would be an empty line, which is nothing.
 */
const TAKEN = '\n';

/** A private key in this process's memory, and nowhere else, with what TLS needs of it. */
export interface MutualKey {
  /** `pinOf` it. */
  readonly pin: string;
  readonly context: SecureContext;
}

/** What both sides of TLS have in common here: a key or none, and nobody who vouches (an empty list loads no store). */
function contextOf(key: { readonly key?: string; readonly cert?: string }): SecureContext {
  return createSecureContext({
    ...key,
    ca: [],
    minVersion: 'TLSv1.3',
    // No ticket opens a second connection: each one proves both keys anew.
    secureOptions: constants.SSL_OP_NO_TICKET,
  });
}

/** A new Ed25519 key and a certificate that carries it and says nothing else. */
export function newMutualKey(): MutualKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { pin: pinOf(publicKey), context: contextOf({ key, cert: selfSigned(privateKey, 'uchat') }) };
}

/**
 * What a dialler asks for (server_name, RFC 6066, 3) to reach the key of this pin. It goes over the wire in plain text, so
 * it is a hash, of a pin that nobody else knows; `.invalid` is nobody's domain (RFC 6761, 6.4).
 */
export function serverNameOf(pin: string): string {
  const hash = createHash('sha256').update(`uchat direct ${pin}`).digest('hex');
  return `${hash.slice(0, 32)}.uchat.invalid`;
}

/** Somebody who has connected and proved a key. Whether it is the right one is for the caller to say, once. */
export interface Arrival {
  /** Of the key that was proved. */
  readonly pin: string;
  /** Tells the dialler that it is in. The link isn't listened to yet. Undefined where the dialler has gone meanwhile. */
  take(): Link | undefined;
  /** Closes the connection. */
  refuse(): void;
}

/** A port where several keys may wait, each for its own arrivals. */
export interface MutualListener {
  /** Where it listens; with the port that the kernel chose, where 0 was asked for. */
  readonly address: Address;
  /** @returns what ends it: from then on nobody arrives there. */
  serve(key: MutualKey, arrived: (arrival: Arrival) => void): () => void;
  /** Connections that have proved nothing yet. */
  readonly unproved: number;
  /** Frees the port and cuts off whoever has proved nothing; the links that stand stay. */
  close(): void;
}

interface Served {
  readonly key: MutualKey;
  readonly arrived: (arrival: Arrival) => void;
}

const ignore = (): void => undefined;

class Listener implements MutualListener {
  address: Address = { host: '', port: 0 };
  readonly #server: Server;
  /** By the server name that asks for it. */
  readonly #served = new Map<string, Served>();
  /** Whoever has proved nothing yet, the oldest first. */
  readonly #unproved = new Set<Socket>();
  /** For those who name no key: it has none, so TLS ends there. */
  readonly #nobody = contextOf({});
  readonly #maxUnproved: number;

  constructor(server: Server, maxUnproved: number) {
    this.#server = server;
    this.#maxUnproved = maxUnproved;
    server.on('connection', (plain) => this.#meet(plain));
  }

  get unproved(): number {
    return this.#unproved.size;
  }

  serve(key: MutualKey, arrived: (arrival: Arrival) => void): () => void {
    const name = serverNameOf(key.pin);
    this.#served.set(name, { key, arrived });
    return () => void this.#served.delete(name);
  }

  close(): void {
    this.#served.clear();
    this.#server.close();
    for (const socket of this.#unproved) socket.destroy();
    this.#unproved.clear();
  }

  #meet(plain: Socket): void {
    let served: Served | undefined;
    plain.on('error', ignore);
    const socket = new TLSSocket(plain, {
      isServer: true,
      secureContext: this.#nobody,
      requestCert: true,
      // Not believing the certificate is no lapse: the pin decides. Only it does.
      rejectUnauthorized: false,
      SNICallback: (name, done) => {
        served = this.#served.get(name);
        if (served === undefined) done(new Error('no such key here'));
        else done(null, served.key.context);
      },
    });
    socket.on('error', ignore);
    const timer = setTimeout(() => socket.destroy(), PROVE_WITHIN_MS);
    const forget = () => {
      clearTimeout(timer);
      this.#unproved.delete(socket);
    };
    socket.once('close', forget);
    socket.once('secure', () => {
      socket.off('close', forget);
      forget();
      this.#prove(socket, served);
    });
    this.#makeRoom();
    this.#unproved.add(socket);
  }

  #makeRoom(): void {
    if (this.#unproved.size < this.#maxUnproved) return;
    for (const oldest of this.#unproved) {
      this.#unproved.delete(oldest);
      oldest.destroy();
      return;
    }
  }

  /** The handshake is done: who has shown a certificate has signed with its key (RFC 8446, 4.4.3). */
  #prove(socket: TLSSocket, served: Served | undefined): void {
    const secure = socket.isSessionReused() ? undefined : secureOf(socket);
    const pin = secure?.peerPin;
    // Its key may be served no more since it asked for it.
    const isServed = served !== undefined && this.#served.get(serverNameOf(served.key.pin)) === served;
    if (pin === undefined || !isServed) {
      socket.destroy();
      return;
    }
    served.arrived({
      pin,
      take: () => {
        // A connection that is no more has no address.
        if (socket.destroyed || socket.remoteAddress === undefined) {
          socket.destroy();
          return undefined;
        }
        const link = new SocketLink(socket, secure);
        link.write(TAKEN);
        return link;
      },
      refuse: () => void socket.destroy(),
    });
  }
}

/** Never rejects. @param maxUnproved where more than two people may come at once. */
export async function listenMutual(
  at: Address,
  maxUnproved: number = MAX_UNPROVED,
): Promise<Result<MutualListener, ListenFailure>> {
  return await new Promise((resolve) => {
    const server = createServer(SOCKET_OPTIONS);
    const listener = new Listener(server, maxUnproved);
    const failed = (error: Error) => resolve(err(listenFailure(systemCode(error), at)));
    server.once('error', failed);
    server.listen({ ...at, backlog: BACKLOG }, () => {
      server.off('error', failed);
      // A connection could not be accepted (such as EMFILE): there are other ways to the peer.
      server.on('error', ignore);
      const bound = server.address();
      listener.address = typeof bound === 'object' && bound ? { host: bound.address, port: bound.port } : at;
      resolve(ok(listener));
    });
  });
}

export interface MutualOptions extends ConnectOptions {
  readonly key: MutualKey;
  /** The key that the listener must prove. */
  readonly expectPin: string;
}

/** Until the listener has said that it takes us. */
async function taken(socket: TLSSocket, { timeoutMs, signal }: ConnectOptions): Promise<boolean> {
  return await new Promise((resolve) => {
    const settle = (isTaken: boolean) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      socket.off('readable', read);
      socket.off('close', giveUp);
      resolve(isTaken);
    };
    const giveUp = () => settle(false);
    const read = () => {
      const first: unknown = socket.read(1);
      // Null where the connection has ended instead.
      settle(Buffer.isBuffer(first) && first.toString('latin1') === TAKEN);
    };
    const timer = setTimeout(giveUp, timeoutMs);
    socket.once('readable', read);
    socket.once('close', giveUp);
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted) giveUp();
  });
}

/** Whoever is there has proved another key than the one that was expected: somebody in between, or an old address. */
export interface NotTheirKey {
  readonly kind: 'wrong_key';
  readonly text: string;
}

/**
 * A link to whoever holds the key of `expectPin` and takes ours; not listened to yet. Up to two times `timeoutMs`: one for
 * the handshake, one for the listener's word. Never rejects.
 */
export async function connectMutual(options: MutualOptions): Promise<Result<Link, ConnectFailure | NotTheirKey>> {
  const { host, port, key, expectPin } = options;
  const dialled = await dial(options, {
    open: () =>
      connect({
        host,
        port,
        ...SOCKET_OPTIONS,
        servername: serverNameOf(expectPin),
        secureContext: key.context,
        // As above: the pin decides.
        rejectUnauthorized: false,
      }),
    event: 'secureConnect',
  });
  if (!dialled.ok) return dialled;
  const socket = dialled.value;
  const where = addressText(options);
  socket.on('error', ignore);
  const secure = socket.isSessionReused() ? undefined : secureOf(socket);
  if (secure?.peerPin !== expectPin) {
    socket.destroy();
    return err({ kind: 'wrong_key', text: `${where} has not proved the key that was expected` });
  }
  if (!(await taken(socket, options))) {
    socket.destroy();
    return err({ kind: 'failed', text: `${where} does not take our key` });
  }
  const link = new SocketLink(socket, secure);
  socket.off('error', ignore);
  return ok(link);
}
