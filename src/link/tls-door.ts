/** The server's side of TLS. */
import { constants } from 'node:crypto';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Door } from './socket-link.ts';
import { secureOf } from './tls-secure.ts';

/** PEM: a private key, and its certificate with those that lead to an authority, if any do. */
export interface TlsKey {
  readonly key: string;
  readonly cert: string;
}

/**
 * @param refusal a line, with its newline, for whoever speaks plain text and may not.
 * @returns what a link needs, by whether its peer may do without TLS. Throws where the key and certificate don't fit.
 */
export function createDoors({ key, cert }: TlsKey, refusal: string): (allowsPlain: boolean) => Door {
  const secureContext = createSecureContext({
    key,
    cert,
    minVersion: 'TLSv1.3',
    // No ticket opens a second connection: each one proves the server's key anew, and has a channel binding of its own.
    secureOptions: constants.SSL_OP_NO_TICKET,
  });
  const wrap: Door['wrap'] = (plain, done) => {
    const socket = new TLSSocket(plain, { isServer: true, secureContext });
    socket.once('secure', () => done(secureOf(socket)));
    return socket;
  };
  const plainToo: Door = { allowsPlain: true, refusal, wrap };
  const tlsOnly: Door = { allowsPlain: false, refusal, wrap };
  return (allowsPlain) => (allowsPlain ? plainToo : tlsOnly);
}
