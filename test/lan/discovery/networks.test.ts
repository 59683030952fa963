import { expect, test } from 'vitest';
import { type Interfaces, MAX_NETWORKS, nearBy, networksOf } from '../../../src/lan/discovery/networks.ts';

const at = (cidr: string, internal = false) => {
  const [address = ''] = cidr.split('/');
  const common = { address, cidr, internal, netmask: '', mac: '' };
  return address.includes(':')
    ? ({ ...common, family: 'IPv6', scopeid: address.startsWith('fe80') ? 2 : 0 } as const)
    : ({ ...common, family: 'IPv4' } as const);
};
const HOST: Interfaces = {
  eth0: [at('10.0.5.7/20'), at('fd00::7/64'), at('fe80::7/64')],
  'eth0:1': [at('192.168.1.7/24')],
  tun0: [at('10.8.0.2/32')],
  lo: [at('127.0.0.1/8', true), at('::1/128', true)],
};

test('loopback comes first, IPv6 last and once an interface', () => {
  expect(networksOf(HOST).map(({ name, cidr }) => `${name} ${cidr}`)).toEqual([
    'lo 127.0.0.1/8',
    'eth0 10.0.5.7/20',
    'eth0 192.168.1.7/24',
    'tun0 10.8.0.2/32',
    'eth0 fe80::7/64',
  ]);
});

test.each([
  ['10.0.5.7/20', '10.0.15.255'],
  ['192.168.1.7/24', '192.168.1.255'],
  ['172.16.0.1/12', '172.31.255.255'],
  ['200.1.2.3/0', '255.255.255.255'],
  ['10.0.0.1/30', '10.0.0.3'],
  ['10.0.0.1/31', undefined],
  ['10.0.0.1/32', undefined],
])('the broadcast address of %s is %s', (cidr, broadcast) => {
  expect(networksOf({ eth0: [at(cidr)] })[0]?.broadcast).toBe(broadcast);
});

test('of more networks than are announced on, the first ones count', () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`veth${i}`, [at(`10.1.${i}.1/24`)]]));
  expect(networksOf({ ...many, lo: [at('127.0.0.1/8', true)] })).toHaveLength(MAX_NETWORKS);
});

test('an address is near on a network of ours, on this host, and where it is link-local', () => {
  const isNear = nearBy(HOST);
  for (const host of ['10.0.0.1', '192.168.1.200', '127.9.9.9', '::1', 'fd00::99', 'fe80::99%eth0', '10.8.0.2'])
    expect([host, isNear(host)]).toEqual([host, true]);
  for (const host of ['10.0.16.1', '192.168.2.1', 'fd00:0:0:1::1', '8.8.8.8', '10.8.0.3'])
    expect([host, isNear(host)]).toEqual([host, false]);
});

test('a host without any network has none', () => {
  expect(networksOf({})).toEqual([]);
  expect(nearBy({})('10.0.0.1')).toBe(false);
});
