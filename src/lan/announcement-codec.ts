/**
 * An announcement as a datagram: numbers in network order, at most `MAX_DATAGRAM_BYTES`.
 *
 * | offset | bytes   | holds                                                                                          |
 * | ------ | ------- | ---------------------------------------------------------------------------------------------- |
 * | 0      | 4       | `uLAN` in ASCII                                                                                |
 * | 4      | 1       | version: 1                                                                                     |
 * | 5      | 1       | 0: here, 1: idle, 2: bye; nothing else                                                         |
 * | 6      | 32      | the Ed25519 key of the person                                                                  |
 * | 38     | 32      | SHA-256 of the TLS key of this run: what follows `SHA256:` in a pin                            |
 * | 70     | 2       | port, from 1024 on: TCP for links, UDP for announcements to this program alone                 |
 * | 72     | 6       | time, milliseconds since 1970-01-01 UTC                                                        |
 * | 78     | 8       | nonce: chance                                                                                  |
 * | 86     | 1       | n: length of the name, 1 to 32                                                                 |
 * | 87     | n       | the name, a plain name of the protocol, in ASCII                                               |
 * | 87+n   | 1       | how many addresses follow, 0 to `MAX_ADDRESSES`                                                |
 * |        | 5 or 17 | each: the byte 4 and the 4 of an IPv4 address, or the byte 6 and the 16 of an IPv6 address     |
 * |        | 64      | Ed25519 (RFC 8032) by that key over `uchat lan announcement v1`, a zero byte, and all of the above |
 *
 * The signature ends it: nothing may follow. There is one way to write each announcement. Addresses are those of a host
 * that others may dial: no loopback, no multicast, no link-local, no IPv4 in disguise.
 */
import { randomBytes } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { type DeviceId, type UnixMs, unixMs } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import { deviceOf, type Identity, isSignedBy, KEY_BYTES, signedBy } from '../crypto/identity.ts';
import { isLoopback } from '../link/address.ts';
import { PIN } from '../link/pin.ts';
import { MIN_DIRECT_PORT, reachable } from '../peer/addresses.ts';
import { MAX_NAME_CHARS } from '../protocol/limits.ts';
import { PLAIN_NAME } from '../protocol/names.ts';
import type { Announcement, Being, Dropped } from './announcement.ts';
import { LAN_VERSION, MAX_ADDRESSES, MAX_DATAGRAM_BYTES, MAX_SKEW_MS } from './limits.ts';

const MAGIC = Buffer.from('uLAN', 'ascii');
/** Whatever else the key signs, it doesn't begin so. */
const CONTEXT = Buffer.from('uchat lan announcement v1\0', 'ascii');
/** By the byte that says so. */
const BEINGS: readonly Being[] = ['here', 'idle', 'bye'];

const PIN_BYTES = 32;
const PIN_HEAD = 'SHA256:';
const TIME_BYTES = 6;
const NONCE_BYTES = 8;
const SIGNATURE_BYTES = 64;
const NONCE = /^[0-9a-f]{16}$/;

const VERSION_AT = MAGIC.length;
const BEING_AT = VERSION_AT + 1;
const KEY_AT = BEING_AT + 1;
const PIN_AT = KEY_AT + KEY_BYTES;
const PORT_AT = PIN_AT + PIN_BYTES;
const TIME_AT = PORT_AT + 2;
const NONCE_AT = TIME_AT + TIME_BYTES;
const NAME_AT = NONCE_AT + NONCE_BYTES;

/** Bytes of an address, by the byte before it. */
const ADDRESS_BYTES: Readonly<Record<number, number>> = { 4: 4, 6: 16 };
const MAX_PORT = 65_535;

/** What is announced; without a nonce, one by chance. */
export type AnnouncementFields = Omit<Announcement, 'device' | 'nonce'> & { readonly nonce?: string };

/** The canonical text of an address that may be announced: one that leads to another host. */
function announceable(host: string): string | undefined {
  const address = reachable(host);
  return address === undefined || isLoopback(address) ? undefined : address;
}

/** @param address as `announceable` gives it, so that it has no IPv4 inside. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.of(4, ...address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
  return Buffer.of(6, ...all.flatMap((group) => [group >> 8, group & 0xff]));
}

const addressText = (bytes: Buffer): string =>
  bytes.length === 4 ? bytes.join('.') : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');

/** Of those that were announced, what others may dial, once each, at most `MAX_ADDRESSES`. */
function announced(addresses: readonly string[]): string[] {
  const all = addresses.map(announceable).filter((address) => address !== undefined);
  return [...new Set(all)].slice(0, MAX_ADDRESSES);
}

/**
 * A datagram. Of the addresses those that nobody else may dial, such as loopback, are left out, and so are those beyond
 * `MAX_ADDRESSES`. Throws a `RangeError` for any other field that a reader would refuse, which is a bug.
 */
export function encodeAnnouncement(identity: Identity, fields: AnnouncementFields): Buffer {
  const { name, being, pin, port, addresses, time, nonce = randomBytes(NONCE_BYTES).toString('hex') } = fields;
  if (!PLAIN_NAME.test(name)) throw new RangeError('an announcement has a plain name');
  if (!PIN.test(pin)) throw new RangeError('an announcement has a pin');
  if (!NONCE.test(nonce)) throw new RangeError(`an announcement has a nonce of ${NONCE_BYTES} bytes`);
  if (!Number.isInteger(port) || port < MIN_DIRECT_PORT || port > MAX_PORT)
    throw new RangeError(`an announcement has a port from ${MIN_DIRECT_PORT} on, not ${port}`);
  const head = Buffer.alloc(NAME_AT);
  MAGIC.copy(head);
  head[VERSION_AT] = LAN_VERSION;
  head[BEING_AT] = BEINGS.indexOf(being);
  head.set(identity.publicKey, KEY_AT);
  head.set(Buffer.from(pin.slice(PIN_HEAD.length), 'base64'), PIN_AT);
  head.writeUInt16BE(port, PORT_AT);
  head.writeUIntBE(time, TIME_AT, TIME_BYTES);
  head.write(nonce, NONCE_AT, 'hex');
  const dialled = announced(addresses);
  const body = Buffer.concat([
    head,
    Buffer.of(name.length),
    Buffer.from(name, 'ascii'),
    Buffer.of(dialled.length),
    ...dialled.map(addressBytes),
  ]);
  return Buffer.concat([body, signedBy(identity, Buffer.concat([CONTEXT, body]))]);
}

/** What can be had of a datagram without believing it. */
export interface Outline {
  readonly device: DeviceId;
  readonly nonce: string;
  readonly being: Being;
  readonly port: number;
  readonly time: UnixMs;
}

/** Where the parts end whose lengths vary, the signature excluded; or why not. */
function endOfBody(bytes: Buffer): Result<number, Dropped> {
  const nameChars = bytes[NAME_AT];
  if (nameChars === undefined) return err('truncated');
  if (nameChars === 0 || nameChars > MAX_NAME_CHARS) return err('malformed');
  let at = NAME_AT + 1 + nameChars;
  const count = bytes[at];
  if (count === undefined) return err('truncated');
  if (count > MAX_ADDRESSES) return err('malformed');
  at++;
  for (let i = 0; i < count; i++) {
    const kind = bytes[at];
    if (kind === undefined) return err('truncated');
    const length = ADDRESS_BYTES[kind];
    if (length === undefined) return err('malformed');
    at += 1 + length;
  }
  if (bytes.length < at + SIGNATURE_BYTES) return err('truncated');
  return bytes.length === at + SIGNATURE_BYTES ? ok(at) : err('malformed');
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whose announcement it is, of one that `encodeAnnouncement` has made. */
export const authorOf = (datagram: Uint8Array): DeviceId => deviceOf(datagram.subarray(KEY_AT, PIN_AT));

/** The shape and the time of a datagram, in a microsecond or two: before anything is spent on one that nobody asked for. */
export function outlineAnnouncement(datagram: Uint8Array, now: UnixMs): Result<Outline, Dropped> {
  const bytes = asBuffer(datagram);
  if (bytes.length > MAX_DATAGRAM_BYTES) return err('oversize');
  const known = Math.min(bytes.length, MAGIC.length);
  if (known === 0) return err('truncated');
  if (bytes.compare(MAGIC, 0, known, 0, known) !== 0) return err('foreign');
  const version = bytes[VERSION_AT];
  if (version === undefined) return err('truncated');
  if (version !== LAN_VERSION) return err('foreign');
  const body = endOfBody(bytes);
  if (!body.ok) return body;
  const being = BEINGS[bytes[BEING_AT] ?? BEINGS.length];
  if (being === undefined) return err('malformed');
  const time = unixMs(bytes.readUIntBE(TIME_AT, TIME_BYTES));
  if (Math.abs(time - now) > MAX_SKEW_MS) return err('stale');
  const device = deviceOf(bytes.subarray(KEY_AT, PIN_AT));
  return ok({
    device,
    nonce: bytes.toString('hex', NONCE_AT, NAME_AT),
    being,
    port: bytes.readUInt16BE(PORT_AT),
    time,
  });
}

/** The addresses between `at` and `end`; undefined where one is none that may be announced, or stands there twice. */
function readAddresses(bytes: Buffer, at: number, end: number): string[] | undefined {
  const addresses: string[] = [];
  for (let from = at; from < end; ) {
    const to = from + 1 + (ADDRESS_BYTES[bytes[from] ?? 0] ?? 0);
    const address = announceable(addressText(bytes.subarray(from + 1, to)));
    if (address === undefined || addresses.includes(address)) return undefined;
    addresses.push(address);
    from = to;
  }
  return addresses;
}

/** The cheap checks first, and the signature, which costs a tenth of a millisecond, last. Never throws. */
export function readAnnouncement(datagram: Uint8Array, now: UnixMs): Result<Announcement, Dropped> {
  const outline = outlineAnnouncement(datagram, now);
  if (!outline.ok) return outline;
  const bytes = asBuffer(datagram);
  const end = bytes.length - SIGNATURE_BYTES;
  const nameEnd = NAME_AT + 1 + bytes.readUInt8(NAME_AT);
  const name = bytes.toString('latin1', NAME_AT + 1, nameEnd);
  const addresses = readAddresses(bytes, nameEnd + 1, end);
  if (outline.value.port < MIN_DIRECT_PORT || !PLAIN_NAME.test(name) || addresses === undefined)
    return err('malformed');
  const signed = Buffer.concat([CONTEXT, bytes.subarray(0, end)]);
  if (!isSignedBy(outline.value.device, signed, bytes.subarray(end))) return err('forged');
  const pin = `${PIN_HEAD}${bytes.toString('base64', PIN_AT, PORT_AT).replace(/=+$/, '')}`;
  return ok({ ...outline.value, name, pin, addresses });
}
