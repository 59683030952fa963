/**
 * Who owns the other end of a TCP connection within this host, by the kernel's own tables: /proc/net/tcp and tcp6
 * (proc(5), Documentation/networking/proc_net_tcp.rst).
 *
 *     sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *      3: 0100007F:E9D0 0100007F:097C 01 00000000:00000000 00:00000000 00000000  1001        0 61159 2 …
 *
 * Addresses are hexadecimal, word by word of 32 bits, each in the host's byte order; ports are plain hexadecimal.
 *
 * Why a foreign owner is never returned. The client's row (its end -> ours) is believed only if our own end's row
 * (ours -> the client's) stands further on in what was read, both ESTABLISHED and held by a process (inode not 0). What
 * stands further on was read later, so our socket was there, connected, when the client's row was read. As long as it is,
 * the kernel gives the four numbers of the connection to nobody else: they are the key of its table of connections, and
 * whoever takes the client's port and connects to us meets our socket, not our listener, gets a challenge acknowledgement
 * (RFC 9293, 3.10.7.4) and can't become ESTABLISHED. So the row is of the socket that we talk to, or there is no answer.
 * The one gap, another connection with the same four numbers accepted by this very process after ours had died, is
 * closed by `peer-owner.ts`.
 *
 * The user id is that of who made the socket (or was given it with fchown, which takes root), as this process's user
 * namespace sees it. A program that connects on behalf of others is vouched for as itself.
 */
import type { Address } from '../../link/link.ts';

export type Endianness = 'LE' | 'BE';

/** A connection as our own socket knows it: `client` is where the peer is, `server` is our end. */
export interface Connection {
  readonly client: Address;
  readonly server: Address;
}

/** tcp_states.h */
const ESTABLISHED = '01';
/** What follows the state, up to the inode. A number that is cut off at the end has no space behind it. */
const REST = /^ [0-9A-F]{8}:[0-9A-F]{8} [0-9A-F]{2}:[0-9A-F]{8} [0-9A-F]{8} +(\d{1,10}) +\d{1,10} (\d{1,20}) /;
/** Hexadecimal digits of an address, in tcp and in tcp6. */
const WIDTHS: readonly number[] = [8, 32];
const PORT_DIGITS = 4;
const MAX_PORT = 65_535;

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

function wordHex(bytes: readonly number[], endianness: Endianness): string {
  const ordered = endianness === 'LE' ? bytes.toReversed() : bytes;
  return ordered.map((byte) => hex(byte, 2)).join('');
}

/** The four bytes of a loopback address of IPv4, plain or mapped into IPv6. */
export function loopback4(host: string): readonly number[] | undefined {
  const match = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(host);
  const bytes = match?.slice(1).map(Number);
  return bytes?.[0] === 127 && bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

/** An address as the tables may write it: a loopback address of IPv4 stands in either. Empty for all others. */
function spellings(host: string, endianness: Endianness): string[] {
  const v4 = loopback4(host);
  if (v4 !== undefined) {
    const word = wordHex(v4, endianness);
    return [word, `${'0'.repeat(16)}${wordHex([0, 0, 0xff, 0xff], endianness)}${word}`];
  }
  return host === '::1' ? [`${'0'.repeat(24)}${wordHex([0, 0, 0, 1], endianness)}`] : [];
}

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port <= MAX_PORT;

/** Rows `from -> to` as the tables may write them: `0100007F:E9D0 0100007F:097C`. */
function rowKeys(from: Address, to: Address, endianness: Endianness): string[] {
  if (!isPort(from.port) || !isPort(to.port)) return [];
  const ends = spellings(to.host, endianness);
  return spellings(from.host, endianness).flatMap((start) =>
    // One row is in one table, so both of its ends are as wide as each other.
    ends
      .filter((end) => end.length === start.length)
      .map((end) => `${start}:${hex(from.port, PORT_DIGITS)} ${end}:${hex(to.port, PORT_DIGITS)}`),
  );
}

export const isLoopback = (host: string): boolean => host === '::1' || loopback4(host) !== undefined;

/** What the rows read so far say about the client. */
type Finding =
  | { readonly kind: 'nothing' }
  /** The client's row was read; our own end has not been seen since. */
  | { readonly kind: 'seen'; readonly uid: number }
  | { readonly kind: 'sure'; readonly uid: number }
  /** Two rows, two owners: nobody. */
  | { readonly kind: 'ambiguous' };

/** The search for one connection's owner. It may go on over several readings, as long as rows come as they were read. */
export class OwnerSearch {
  readonly clientKeys: readonly string[];
  readonly serverKeys: readonly string[];
  #finding: Finding = { kind: 'nothing' };

  constructor({ client, server }: Connection, endianness: Endianness = 'LE') {
    this.clientKeys = rowKeys(client, server, endianness);
    this.serverKeys = rowKeys(server, client, endianness);
  }

  /** A connected row of the client's end that a process holds. */
  clientRow(uid: number): void {
    const before = this.#finding;
    if (before.kind === 'nothing') this.#finding = { kind: 'seen', uid };
    else if (before.kind !== 'ambiguous' && before.uid !== uid) this.#finding = { kind: 'ambiguous' };
  }

  /** A connected row of our end that a process holds. */
  serverRow(): void {
    if (this.#finding.kind === 'seen') this.#finding = { kind: 'sure', uid: this.#finding.uid };
  }

  /** The client's owner, once a reading is over. */
  get owner(): number | undefined {
    return this.#finding.kind === 'sure' ? this.#finding.uid : undefined;
  }

  /** Another reading can't change it. */
  get isOver(): boolean {
    return this.#finding.kind === 'sure' || this.#finding.kind === 'ambiguous';
  }
}

type Seen = (uid: number) => void;

/**
 * Shows every search the rows that concern it, in one pass over what was read: tcp, then tcp6, each with its heading.
 * Costs about 0.2 microseconds a row whatever the number of searches. A row that is cut off, or is none, is passed over.
 */
export function showRows(text: string, searches: Iterable<OwnerSearch>): void {
  const wanted = new Map<string, Seen[]>();
  const want = (keys: readonly string[], seen: Seen): void => {
    for (const key of keys) wanted.set(key, [...(wanted.get(key) ?? []), seen]);
  };
  for (const search of searches) {
    // A connection of a socket with itself has one row for both ends.
    want(search.clientKeys, (uid) => search.clientRow(uid));
    want(search.serverKeys, () => search.serverRow());
  }
  if (wanted.size === 0) return;
  for (let start = 0, end = text.indexOf('\n'); end !== -1; start = end + 1, end = text.indexOf('\n', start)) {
    const local = text.indexOf(': ', start) + 2;
    if (local < 2 || local > end) continue;
    const width = text.indexOf(':', local) - local;
    if (!WIDTHS.includes(width)) continue;
    const state = local + 2 * (width + 1 + PORT_DIGITS) + 2;
    if (text.slice(state - 1, state + 2) !== ` ${ESTABLISHED}`) continue;
    const seen = wanted.get(text.slice(local, state - 1));
    if (seen === undefined) continue;
    const rest = REST.exec(text.slice(state + 2, end + 1).replace('\n', ' '));
    const [uid, inode] = [Number(rest?.[1]), Number(rest?.[2])];
    // Inode 0: no process holds the socket. Such a row says uid 0, and means nobody.
    if (rest !== null && inode !== 0) for (const tell of seen) tell(uid);
  }
}

/** The owner of the client's end by one reading, or undefined: nobody, nobody for sure, or read in the wrong order. */
export function findOwner(text: string, connection: Connection, endianness: Endianness = 'LE'): number | undefined {
  const search = new OwnerSearch(connection, endianness);
  showRows(text, [search]);
  return search.owner;
}
