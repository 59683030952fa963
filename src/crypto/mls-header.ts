/**
 * What each message says of itself inside, where nobody can change it: the library doesn't tell who sent a message, and MLS
 * doesn't say which one came before it. An item has it in front, encrypted; a commit as its authenticated data, which is
 * signed and bound, but readable: so nothing in it depends on what was said.
 */
import { createHash } from 'node:crypto';
import type { DeviceId, GroupId } from '../base/ids.ts';
import { keyOf } from './identity.ts';
import { groupBytes, joined, Refused, sameBytes } from './mls-suite.ts';

const VERSION = 1;
/** Bytes: version, device, group, seq, SHA-256 of the sender's previous message as it travelled. */
export const HEADER_BYTES = 1 + 32 + 16 + 8 + 32;

/** Before a sender's first message there is none: zeros. */
export const NO_MESSAGE = new Uint8Array(32);

export const hashOf = (message: Uint8Array): Uint8Array =>
  Uint8Array.from(createHash('sha256').update(message).digest());

export interface Header {
  readonly from: DeviceId;
  readonly group: GroupId;
  readonly seq: number;
  /** 32 bytes. */
  readonly previous: Uint8Array;
}

export function headerBytes({ from, group, seq, previous }: Header): Uint8Array {
  const key = keyOf(from);
  if (key === undefined) throw new Error('a device that is no key sends nothing');
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(seq));
  return joined(Uint8Array.of(VERSION), key, groupBytes(group), place, previous);
}

/** What is expected of a message. `previous` is unknown where the one before is missing, and that is accepted. */
type Expected = Omit<Header, 'previous'> & { readonly previous: Uint8Array | undefined };

/** All that is known beforehand is compared as a whole. @throws Refused */
export function checkHeader(found: Uint8Array, { previous, ...expected }: Expected): void {
  const known = previous === undefined ? HEADER_BYTES - NO_MESSAGE.length : HEADER_BYTES;
  const header = headerBytes({ ...expected, previous: previous ?? NO_MESSAGE });
  if (found.length !== HEADER_BYTES || !sameBytes(found.subarray(0, known), header.subarray(0, known)))
    throw new Refused('broken', 'what is inside is of another sender, chat or place');
}
