/**
 * Who owns the other end of a TCP connection within this host, asked of the kernel for that one connection (sock_diag(7)):
 * 6 microseconds each, however many connections there are. Linux only; `netlink.ts` carries question and answer.
 *
 * Why a foreign owner is never returned: as in `proc-net-tcp.ts`. The client's end is asked for first, then our own, and
 * both must be ESTABLISHED and held by a process. Our own end, if it is not the one that we have accepted, waits to be
 * accepted, and has no inode yet.
 */
import type { Address } from '../../link/link.ts';
import { loopback4 } from './proc-net-tcp.ts';

/** Sends one message to the kernel and gives its answer; undefined where there is none. */
export type Exchange = (question: Uint8Array) => Uint8Array | undefined;

/** `unknown`: this kernel doesn't tell, and must be asked in another way. */
export type OwnerTold =
  | { readonly kind: 'owner'; readonly uid: number }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unknown' };

/** One end of a connection, as the kernel tells of it. */
export type EndTold =
  | { readonly kind: 'end'; readonly state: number; readonly uid: number; readonly inode: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed' };

/** linux/netlink.h: the header `nlmsghdr`, its types and flags. */
const HEADER_BYTES = 16;
const NLMSG_ERROR = 2;
const NLM_F_REQUEST = 1;
/** linux/sock_diag.h */
const SOCK_DIAG_BY_FAMILY = 20;
/** linux/inet_diag.h: `inet_diag_req_v2`, and where `inet_diag_sockid` stands in it and in `inet_diag_msg`. */
const REQUEST_BYTES = 56;
const REQUEST_ID = 8;
const MESSAGE_ID = 4;
/** Where `inet_diag_msg`, behind its id of 48 bytes and four words, has the user and the inode. */
const MESSAGE_UID = 64;
const MESSAGE_INODE = 68;
const MESSAGE_BYTES = 72;
/** In `inet_diag_sockid`, behind two ports in network order. */
const ID_SOURCE = 4;
const ID_TARGET = 20;
const ID_COOKIE = 40;
const AF_INET = 2;
const AF_INET6 = 10;
const IPPROTO_TCP = 6;
/** errno(3), as the kernel sends it. */
const MINUS_ENOENT = -2;
/** tcp_states.h */
const ESTABLISHED = 1;
/** Sockets in any state are looked for; which it is in is looked at. */
const ALL_STATES = 0xffffffff;
/** `INET_DIAG_NOCOOKIE`: whichever socket it is. */
const NO_COOKIE = 0xffffffff;

const LOOPBACK6 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

/** The bytes of a loopback address; the kernel finds an IPv4 one that came through an IPv6 socket by its four. */
const loopbackBytes = (host: string): readonly number[] | undefined => (host === '::1' ? LOOPBACK6 : loopback4(host));

/** The question for the socket whose own end is `local`. Undefined for addresses that aren't loopback's. */
export function endQuestion(local: Address, remote: Address, sequence: number): Uint8Array | undefined {
  const [source, target] = [loopbackBytes(local.host), loopbackBytes(remote.host)];
  if (source === undefined || target === undefined || source.length !== target.length) return undefined;
  const bytes = new Uint8Array(HEADER_BYTES + REQUEST_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, SOCK_DIAG_BY_FAMILY, true);
  view.setUint16(6, NLM_F_REQUEST, true);
  view.setUint32(8, sequence, true);
  view.setUint8(HEADER_BYTES, source.length === 4 ? AF_INET : AF_INET6);
  view.setUint8(HEADER_BYTES + 1, IPPROTO_TCP);
  view.setUint32(HEADER_BYTES + 4, ALL_STATES, true);
  const id = HEADER_BYTES + REQUEST_ID;
  view.setUint16(id, local.port);
  view.setUint16(id + 2, remote.port);
  bytes.set(source, id + ID_SOURCE);
  bytes.set(target, id + ID_TARGET);
  view.setUint32(id + ID_COOKIE, NO_COOKIE, true);
  view.setUint32(id + ID_COOKIE + 4, NO_COOKIE, true);
  return bytes;
}

/** What the kernel has answered to the question of that sequence number about that end. */
export function endAnswer(bytes: Uint8Array, local: Address, remote: Address, sequence: number): EndTold {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES + 4 || view.getUint32(8, true) !== sequence) return { kind: 'failed' };
  const type = view.getUint16(4, true);
  if (type === NLMSG_ERROR) return { kind: view.getInt32(HEADER_BYTES, true) === MINUS_ENOENT ? 'none' : 'failed' };
  if (type !== SOCK_DIAG_BY_FAMILY || bytes.length < HEADER_BYTES + MESSAGE_BYTES) return { kind: 'failed' };
  const id = HEADER_BYTES + MESSAGE_ID;
  // Where no such connection stands, it may tell of a listener.
  if (view.getUint16(id) !== local.port || view.getUint16(id + 2) !== remote.port) return { kind: 'none' };
  return {
    kind: 'end',
    state: view.getUint8(HEADER_BYTES + 1),
    uid: view.getUint32(HEADER_BYTES + MESSAGE_UID, true),
    inode: view.getUint32(HEADER_BYTES + MESSAGE_INODE, true),
  };
}

export class SockDiag {
  readonly #exchange: Exchange;
  #sequence = 0;
  /** It has told of a connection: so what it doesn't find isn't there. Without its module the kernel finds none at all. */
  #works = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** To be called in the very event that brings the accepted connection. */
  ownerOf(client: Address, server: Address): OwnerTold {
    const theirs = this.#ask(client, server);
    const ours = theirs.kind === 'end' ? this.#ask(server, client) : theirs;
    if (theirs.kind === 'end' && ours.kind === 'end') {
      this.#works = true;
      return isHeld(theirs) && isHeld(ours) ? { kind: 'owner', uid: theirs.uid } : { kind: 'nobody' };
    }
    return { kind: this.#works && theirs.kind !== 'failed' && ours.kind !== 'failed' ? 'nobody' : 'unknown' };
  }

  #ask(local: Address, remote: Address): EndTold {
    this.#sequence = (this.#sequence + 1) >>> 0;
    const question = endQuestion(local, remote, this.#sequence);
    const answer = question === undefined ? undefined : this.#exchange(question);
    return answer === undefined ? { kind: 'failed' } : endAnswer(answer, local, remote, this.#sequence);
  }
}

/** Connected, and a process has it: an orphan's uid is 0, and means nobody. */
const isHeld = ({ state, inode }: Extract<EndTold, { kind: 'end' }>): boolean => state === ESTABLISHED && inode !== 0;
