import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dialable,
  type InterfaceTable,
  interfaceTable,
  MIN_DIRECT_PORT,
  offerable,
  reachable,
} from '../../src/peer/addresses.ts';
import { MAX_OFFERED } from '../../src/peer/direct.ts';

const outside = (...addresses: string[]) => addresses.map((address) => ({ address, internal: false }));
const LO = { lo: ['127.0.0.1', '::1'].map((address) => ({ address, internal: true })) };

/** The 8 groups of an IPv6 address, by a way of its own. */
function groups(host: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  const plain = dotted
    ? `${dotted[1]}${((+dotted[2]! << 8) | +dotted[3]!).toString(16)}:${((+dotted[4]! << 8) | +dotted[5]!).toString(16)}`
    : host;
  const [head = '', tail] = plain.split('::');
  const parts = (text: string | undefined) => (text ? text.split(':') : []);
  const [before, after] = [parts(head), parts(tail)];
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after].map((g) =>
    parseInt(g, 16),
  );
}

describe('an address that another client may be at', () => {
  test.each([
    ['10.1.2.3', '10.1.2.3'],
    ['192.168.0.255', '192.168.0.255'],
    ['203.0.113.7', '203.0.113.7'],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['fd00:0::2', 'fd00::2'],
  ])('%s is one', (host, canonical) => {
    expect(reachable(host)).toBe(canonical);
  });

  test.each([
    ['a name', 'localhost'],
    ['nothing', ''],
    ['short IPv4', '127.1'],
    ['octal IPv4', '010.0.0.1'],
    ['a number', '2130706433'],
    ['with blanks', ' 10.0.0.1'],
    ['a path', '/run/uchat.sock'],
    ['unspecified IPv4', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['multicast IPv4', '224.0.0.251'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['what tells a cloud machine its secrets', '169.254.169.254'],
    ["another's name for loopback", '127.0.0.53'],
    ['unspecified IPv6', '::'],
    ['multicast IPv6', 'ff02::1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['a zone on any other', '2001:db8::1%eth0'],
    ['IPv4 in IPv6', '::ffff:10.0.0.1'],
    ['IPv4 in IPv6, in hexadecimal', '::ffff:a9fe:a9fe'],
    ['IPv4 in IPv6, the old way', '::127.0.0.1'],
  ])('%s is not: %s', (_, host) => {
    expect(reachable(host)).toBeUndefined();
  });
});

describe('of an offer', () => {
  test('each address is dialled once, however it is written, in its order', () => {
    const port = 4000;
    const hosts = ['10.0.0.1', '::1', '0:0:0:0:0:0:0:1', '10.0.0.1', '10.0.0.2'];
    expect(dialable(hosts.map((host) => ({ host, port })))).toEqual([
      { host: '10.0.0.1', port },
      { host: '::1', port },
      { host: '10.0.0.2', port },
    ]);
  });

  test('no service is dialled, and nothing that is no port', () => {
    for (const port of [0, 22, 80, MIN_DIRECT_PORT - 1, 65_536, -1, 4000.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(dialable([{ host: '10.0.0.1', port }])).toEqual([]);
    for (const port of [MIN_DIRECT_PORT, 65_535]) expect(dialable([{ host: '10.0.0.1', port }])).toHaveLength(1);
  });

  test('only the first few count', () => {
    const offered = Array.from({ length: 1000 }, (_, i) => ({ host: `10.0.${i >> 8}.${i & 255}`, port: 4000 }));
    expect(dialable(offered)).toEqual(offered.slice(0, MAX_OFFERED));
  });

  test('whatever it holds, little is dialled, and only hosts', () => {
    const host = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.ipV4().map((ip) => `::ffff:${ip}`),
      fc.ipV4Extended(),
      fc.domain(),
      fc.string(),
      fc.constantFrom(
        '::',
        '::1',
        'fe80::1%1',
        '127.0.0.1',
        '127.255.255.254',
        '255.255.255.255',
        '224.0.0.1',
        'ff05::2',
      ),
    );
    const port = fc.oneof(fc.integer({ min: -5, max: 70_000 }), fc.double(), fc.constantFrom(1023, 1024, 65_535));
    fc.assert(
      fc.property(fc.array(fc.record({ host, port }), { maxLength: 40 }), (offered) => {
        const dialled = dialable(offered);
        expect(dialled.length).toBeLessThanOrEqual(MAX_OFFERED);
        expect(new Set(dialled.map((one) => `${one.host} ${one.port}`)).size).toBe(dialled.length);
        for (const one of dialled) {
          expect(Number.isInteger(one.port) && one.port >= 1024 && one.port <= 65_535).toBe(true);
          if (isIP(one.host) === 4) {
            const [a = 0, b] = one.host.split('.').map(Number);
            expect(a > 0 && a < 224 && !(a === 169 && b === 254)).toBe(true);
            if (a === 127) expect(one.host).toBe('127.0.0.1');
          } else {
            expect(isIP(one.host)).toBe(6);
            const [first = 0, ...rest] = groups(one.host);
            expect(first < 0xfe80 || (first > 0xfebf && first < 0xff00)).toBe(true);
            // All zero but the last two groups, or ::ffff and an IPv4 address: only ::1 may look so.
            const isIPv4 = first === 0 && rest.slice(0, 4).every((g) => g === 0) && [0, 0xffff].includes(rest[4]!);
            if (isIPv4) expect(one.host).toBe('::1');
          }
        }
      }),
    );
  });
});

describe('what a host offers', () => {
  test('is loopback first, then what others reach it at, IPv4 and IPv6 in turn', () => {
    const table = {
      eth0: outside('10.0.0.5', '2001:db8::5', 'fe80::5'),
      ...LO,
      wlan0: outside('192.168.1.5', 'fd00::5', '2001:db8::6'),
    };
    expect(offerable(table)).toEqual([
      '127.0.0.1',
      '::1',
      '10.0.0.5',
      '2001:db8::5',
      '192.168.1.5',
      'fd00::5',
      '2001:db8::6',
    ]);
  });

  test('is nothing that means another host elsewhere', () => {
    expect(offerable({ eth0: outside('169.254.7.7', 'fe80::1', '0.0.0.0') })).toEqual([]);
    expect(offerable({ lo: [{ address: '127.0.0.53', internal: true }], gone: undefined })).toEqual([]);
    expect(offerable({})).toEqual([]);
  });

  test('of many addresses is a few of both kinds', () => {
    const many = Array.from({ length: 40 }, (_, i) => `10.0.0.${i + 1}`);
    const table: InterfaceTable = { eth0: outside(...many, '2001:db8::1', '2001:db8::2'), ...LO };
    const offered = offerable(table);
    expect(offered).toHaveLength(MAX_OFFERED);
    expect(offered).toEqual(expect.arrayContaining(['127.0.0.1', '::1', '10.0.0.1', '2001:db8::1', '2001:db8::2']));
  });

  test('is what another is willing to dial', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6())), (hosts) => {
        const offered = offerable({ eth0: outside(...hosts) }).map((host) => ({ host, port: 4000 }));
        expect(dialable(offered)).toEqual(offered);
      }),
    );
  });

  test('comes from this very host', () => {
    expect(offerable(interfaceTable()).every((host) => isIP(host) > 0)).toBe(true);
    expect(Object.keys(interfaceTable()).length).toBeGreaterThan(0);
  });
});
