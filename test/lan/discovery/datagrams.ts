/** Announcements of people who need not exist. */
import type { Clock } from '../../../src/base/clock.ts';
import { type UnixMs, unixMs } from '../../../src/base/ids.ts';
import { type Identity, identityFromSeed } from '../../../src/crypto/identity.ts';
import { type AnnouncementFields, encodeAnnouncement } from '../../../src/lan/announcement-codec.ts';

const START = unixMs(1_795_000_000_000);
const PIN = `SHA256:${Buffer.alloc(32, 9).toString('base64').replace('=', '')}`;

/** A clock that goes on when it is told to. */
export class HandClock implements Clock {
  ms = 0;
  now(): UnixMs {
    return unixMs(START + this.ms);
  }
  monotonic(): number {
    return this.ms;
  }
}

export const person = (n: number): Identity => identityFromSeed(new Uint8Array(32).fill(n));

export const datagramOf = (identity: Identity, time: UnixMs, change: Partial<AnnouncementFields> = {}): Buffer =>
  encodeAnnouncement(identity, { name: 'bob', being: 'here', pin: PIN, port: 40_000, addresses: [], time, ...change });

/** Well formed, of a key and nonce that nobody has; nobody has signed it. */
export function unsigned(pattern: Buffer, n: number): Buffer {
  const bytes = Buffer.from(pattern);
  bytes.writeUInt32BE(n, 6);
  bytes.writeUInt32BE(n, 78);
  return bytes;
}
