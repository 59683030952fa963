/** The client's side of TLS 1.3. */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { err, ok, type Result } from '../base/result.ts';
import { addressText } from './address.ts';
import type { Link } from './link.ts';
import { SocketLink } from './socket-link.ts';
import { type ConnectFailure, type ConnectOptions, dial, SOCKET_OPTIONS } from './tcp.ts';
import { secureOf } from './tls-secure.ts';

export interface TlsOptions extends ConnectOptions {
  /** The key that the server must prove. Without it, `peerPin` is for the caller to judge, before anything is written. */
  readonly expectPin?: string;
  /** Certificates (PEM) of authorities whose word counts: with it, `certified` says whether they vouch for `host`. */
  readonly authorities?: readonly string[];
}

/** What the server has proved of itself. */
interface Proof {
  /** As in `Secure`. */
  readonly peerPin: string;
  /** Whether the certificate is signed by its own key, so that no authority can vouch for it. */
  readonly selfSigned: boolean;
}

export interface Proved extends Proof {
  /** Not listened to yet; nothing has been said over it. */
  readonly link: Link;
  /** Whether one of `authorities` vouches that this is the host. */
  readonly certified: boolean;
}

/** The server holds another key than the one expected. */
export interface WrongKey extends Proof {
  readonly kind: 'wrong_key';
  readonly text: string;
}

function tlsFailure(code: string, options: TlsOptions): ConnectFailure | undefined {
  const where = addressText(options);
  switch (code) {
    // What a server that speaks plain text, or nothing, makes of our first bytes.
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'ERR_SSL_RECORD_LAYER_FAILURE':
      return { kind: 'failed', text: `${where} does not speak TLS, so no secret is told to it (${code})` };
    case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
      return { kind: 'failed', text: `${where} does not speak TLS 1.3 (${code})` };
    case 'ECONNRESET':
      return { kind: 'failed', text: `${where} ended the connection before TLS was agreed on` };
    default:
      return undefined;
  }
}

/**
 * A server that has proved that it holds the key of `peerPin`. Whose key that is, only the pin tells: a certificate alone
 * is never believed here. Never rejects.
 */
export async function connectTls(options: TlsOptions): Promise<Result<Proved, ConnectFailure | WrongKey>> {
  const { host, port, expectPin, authorities } = options;
  const dialled = await dial(options, {
    open: () =>
      connect({
        host,
        port,
        ...SOCKET_OPTIONS,
        minVersion: 'TLSv1.3',
        ...(isIP(host) === 0 ? { servername: host.replace(/\.$/, '') } : {}),
        // An empty list loads no store of certificates, which costs 50 ms.
        ca: [...(authorities ?? [])],
        // Not believing the certificate is no lapse: the pin below decides. Only it does.
        rejectUnauthorized: false,
      }),
    event: 'secureConnect',
    failure: (code) => tlsFailure(code, options),
  });
  if (!dialled.ok) return dialled;
  const socket = dialled.value;
  const secure = secureOf(socket);
  const { peerPin } = secure;
  // `authorized` is true of every resumed session, whoever is there. We resume none, so a peer that does is refused.
  if (socket.isSessionReused() || peerPin === undefined) {
    socket.destroy();
    return err({ kind: 'failed', text: `${addressText(options)} has proved no key` });
  }
  const certificate = socket.getPeerX509Certificate();
  const selfSigned = certificate?.checkIssued(certificate) ?? true;
  if (expectPin !== undefined && peerPin !== expectPin) {
    socket.destroy();
    const text = `${addressText(options)} has another key than expected: ${peerPin}, not ${expectPin}`;
    return err({ kind: 'wrong_key', text, peerPin, selfSigned });
  }
  const certified = authorities !== undefined && isIP(host) === 0 && socket.authorized;
  return ok({ link: new SocketLink(socket, secure), peerPin, selfSigned, certified });
}
