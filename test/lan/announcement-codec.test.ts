import { createPrivateKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unixMs } from '../../src/base/ids.ts';
import { identityFromSeed } from '../../src/crypto/identity.ts';
import type { Announcement } from '../../src/lan/announcement.ts';
import {
  type AnnouncementFields,
  encodeAnnouncement,
  outlineAnnouncement,
  readAnnouncement,
} from '../../src/lan/announcement-codec.ts';
import { MAX_ADDRESSES, MAX_DATAGRAM_BYTES, MAX_SKEW_MS } from '../../src/lan/limits.ts';
import { reachable } from '../../src/peer/addresses.ts';

const NOW = unixMs(1_795_000_000_000);
const alice = identityFromSeed(new Uint8Array(32).fill(7));
const FIELDS: AnnouncementFields = {
  name: 'alice',
  being: 'here',
  pin: `SHA256:${Buffer.alloc(32, 9).toString('base64').replace('=', '')}`,
  port: 40_000,
  addresses: ['10.0.0.7', 'fd00::7'],
  time: NOW,
  nonce: '0123456789abcdef',
};
const encoded = (change: Partial<AnnouncementFields> = {}): Buffer =>
  encodeAnnouncement(alice, { ...FIELDS, ...change });
const dropped = (bytes: Uint8Array, now = NOW): string => {
  const read = readAnnouncement(bytes, now);
  return read.ok ? 'taken' : read.error;
};

/** `body` as it stands, and its author's signature: what only a strange program would send. */
function resigned(bytes: Buffer, change: (body: Buffer) => Buffer): Buffer {
  const body = change(Buffer.from(bytes.subarray(0, -64)));
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), alice.seed]);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return Buffer.concat([body, sign(null, Buffer.concat([Buffer.from('uchat lan announcement v1\0'), body]), key)]);
}
const setByte = (at: number, value: number) => (body: Buffer) => {
  body[at] = value;
  return body;
};

const ipv4 = fc.ipV4().filter((host) => reachable(host) === host && host !== '127.0.0.1');
const ipv6 = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => reachable((Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? []).join(':')))
  .filter((host) => host !== undefined)
  .filter((host) => host !== '::1');
const fields: fc.Arbitrary<Required<AnnouncementFields>> = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/),
  being: fc.constantFrom('here', 'idle', 'bye'),
  pin: fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => `SHA256:${Buffer.from(bytes).toString('base64').replace('=', '')}`),
  port: fc.integer({ min: 1024, max: 65_535 }),
  addresses: fc.uniqueArray(fc.oneof(ipv4, ipv6), { maxLength: MAX_ADDRESSES }),
  time: fc.integer({ min: -MAX_SKEW_MS, max: MAX_SKEW_MS }).map((skew) => unixMs(NOW + skew)),
  nonce: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex')),
});

describe('an announcement', () => {
  test('is read as it was written, whatever it says, and fits a datagram', () => {
    fc.assert(
      fc.property(fields, (said) => {
        const bytes = encodeAnnouncement(alice, said);
        expect(bytes.length).toBeLessThanOrEqual(MAX_DATAGRAM_BYTES);
        const announcement: Announcement = { ...said, device: alice.device };
        expect(readAnnouncement(bytes, NOW)).toEqual({ ok: true, value: announcement });
      }),
    );
  });

  test('has its parts where the document says', () => {
    const bytes = encoded({ being: 'idle' });
    expect(bytes.toString('latin1', 0, 4)).toBe('uLAN');
    expect([bytes[4], bytes[5]]).toEqual([1, 1]);
    expect(bytes.subarray(6, 38)).toEqual(Buffer.from(alice.publicKey));
    expect(bytes.subarray(38, 70)).toEqual(Buffer.alloc(32, 9));
    expect(bytes.readUInt16BE(70)).toBe(40_000);
    expect(bytes.readUIntBE(72, 6)).toBe(NOW);
    expect(bytes.toString('hex', 78, 86)).toBe('0123456789abcdef');
    expect(bytes.toString('latin1', 87, 87 + bytes.readUInt8(86))).toBe('alice');
    expect(bytes.toString('hex', 92, 93 + 5 + 17)).toBe('02040a00000706fd000000000000000000000000000007');
    expect(bytes.length).toBe(93 + 5 + 17 + 64);
  });

  test('of which any byte was changed is refused', () => {
    const bytes = encoded();
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const other = Buffer.from(bytes);
        other[at] = bytes.readUInt8(at) ^ change;
        expect(dropped(other)).not.toBe('taken');
      }),
      { numRuns: 500 },
    );
  });

  test('that is cut anywhere is refused', () => {
    const bytes = encoded();
    for (let length = 0; length < bytes.length; length++) expect(dropped(bytes.subarray(0, length))).toBe('truncated');
  });

  test('with anything behind it is refused', () => {
    const bytes = encoded();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 600 }), (more) => {
        const outline = outlineAnnouncement(Buffer.concat([bytes, more]), NOW);
        expect(outline.ok ? 'taken' : outline.error).toMatch(/^(malformed|oversize)$/);
      }),
    );
  });

  test('that is noise is refused, and nothing throws', () => {
    const head = fc
      .constantFrom('', 'uLAN', 'uLAN\u0001', 'uLAN\u0001\u0000')
      .map((text) => Buffer.from(text, 'latin1'));
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 700 }), (start, noise) => {
        expect(dropped(Buffer.concat([start, noise]))).not.toBe('taken');
      }),
      { numRuns: 500 },
    );
  });

  test('from another time than ours, by more than is allowed, is stale', () => {
    for (const sign of [1, -1]) {
      expect(dropped(encoded(), unixMs(NOW + sign * MAX_SKEW_MS))).toBe('taken');
      expect(dropped(encoded(), unixMs(NOW + sign * (MAX_SKEW_MS + 1)))).toBe('stale');
    }
  });

  test.each([
    ['of another program', (body: Buffer) => setByte(0, 0x55)(body), 'foreign'],
    ['of a later version', setByte(4, 2), 'foreign'],
    ['that says to be nothing we know', setByte(5, 3), 'malformed'],
    ['for a port of services', (body: Buffer) => setByte(70, 0)(setByte(71, 22)(body)), 'malformed'],
    ['with an escape character in the name', setByte(88, 0x1b), 'malformed'],
    ['with a letter in the name that is no ASCII', setByte(88, 0xe4), 'malformed'],
    ['with a name that begins as an option', setByte(87, 0x2d), 'malformed'],
    ['whose address is loopback', setByte(94, 127), 'malformed'],
    ['whose address is multicast', setByte(94, 239), 'malformed'],
    ['whose address is of no kind', setByte(93, 5), 'malformed'],
    ['whose address is link-local', (body: Buffer) => setByte(99, 0xfe)(setByte(100, 0x80)(body)), 'malformed'],
    [
      'with an address twice',
      (body: Buffer) => Buffer.concat([body.subarray(0, 98), body.subarray(93, 98)]),
      'malformed',
    ],
  ])('%s is refused, though well signed', (_, change, why) => {
    expect(dropped(resigned(encoded(), change))).toBe(why);
  });

  test('signed by somebody else is forged', () => {
    const mallory = identityFromSeed(new Uint8Array(32).fill(8));
    const bytes = encodeAnnouncement(mallory, FIELDS);
    bytes.set(alice.publicKey, 6);
    expect(dropped(bytes)).toBe('forged');
  });

  test('under a key that fits any text is forged', () => {
    for (const [key, first] of [
      [Buffer.alloc(32), 1],
      [Buffer.from([1, ...Buffer.alloc(31)]), 1],
      [Buffer.alloc(32, 255), 1],
    ] as const) {
      const bytes = encoded();
      bytes.set(key, 6);
      bytes.subarray(-64).fill(0);
      bytes[bytes.length - 64] = first;
      expect(dropped(bytes)).toBe('forged');
    }
  });

  test('names what others may dial, once each, and no more than fit', () => {
    const networks = Array.from({ length: 9 }, (_, i) => `10.0.${i}.7`);
    const own = [
      '127.0.0.1',
      '::1',
      'fe80::1%eth0',
      '169.254.1.1',
      '::ffff:10.0.0.1',
      '10.0.0.7',
      '10.0.0.7',
      ...networks,
    ];
    const read = readAnnouncement(encoded({ addresses: own }), NOW);
    expect(read.ok && read.value.addresses).toEqual(networks.slice(0, MAX_ADDRESSES));
  });

  test('has another nonce each time, where none is given', () => {
    const { nonce: _, ...fresh } = FIELDS;
    const nonces = [1, 2].map(() => outlineAnnouncement(encodeAnnouncement(alice, fresh), NOW));
    expect(nonces[0]).not.toEqual(nonces[1]);
  });

  test('that nobody could read is not made', () => {
    for (const wrong of [
      { name: '' },
      { name: 'a b' },
      { name: 'x'.repeat(33) },
      { pin: 'SHA256:short' },
      { port: 80 },
      { port: 65_536 },
      { port: 1024.5 },
      { nonce: 'none' },
      { time: unixMs(-1) },
    ])
      expect(() => encoded(wrong)).toThrow(RangeError);
  });
});

test('the outline of an announcement is that of the whole', () => {
  expect(outlineAnnouncement(encoded({ being: 'bye' }), NOW)).toEqual({
    ok: true,
    value: { device: alice.device, nonce: FIELDS.nonce, being: 'bye', port: FIELDS.port, time: NOW },
  });
});
