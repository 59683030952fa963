/** What a program shouts on its network: that its user is there, under which key, and where it takes connections. */
import type { DeviceId, UnixMs } from '../base/ids.ts';

/**
 * `here`: at the keyboard; `idle`: no key was pressed for a while; `bye`: leaving, on purpose.
 */
export type Being = 'here' | 'idle' | 'bye';

export interface Announcement {
  /** The Ed25519 key that has signed it, which is the person. */
  readonly device: DeviceId;
  /** What they call themselves: a plain name of the protocol (`PLAIN_NAME`). Two people may have the same. */
  readonly name: string;
  readonly being: Being;
  /** Of the TLS key of this run: `SHA256:` and 43 characters of base64. */
  readonly pin: string;
  /** TCP, where links are taken; also UDP, for announcements that are meant for this program alone. */
  readonly port: number;
  /** Where it believes to be reached, at most `MAX_ADDRESSES`; the address that a datagram came from is tried first. */
  readonly addresses: readonly string[];
  readonly time: UnixMs;
  /** 8 bytes of chance, hexadecimal: the same datagram counts once. */
  readonly nonce: string;
}

/** Why a datagram was dropped; counted, and shown by `/lan status`. */
export type Dropped =
  /** Longer than `MAX_DATAGRAM_BYTES`. */
  | 'oversize'
  /** Too short for what it begins to say. */
  | 'truncated'
  /** Not ours at all, or of a version that we don't know. */
  | 'foreign'
  /** A name, port, pin or address that nobody may have. */
  | 'malformed'
  | 'forged'
  /** Its time is not within `MAX_SKEW_MS` of ours. */
  | 'stale'
  | 'replayed'
  /** More than one source, or all of them, may send. */
  | 'flood'
  /** Our own, come back. Not told as dropped. */
  | 'own';
