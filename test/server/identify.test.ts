import { expect, test } from 'vitest';
import { identify, isLoopback, plainHost } from '../../src/server/identify.ts';

const host = {
  nameOf: (uid: number) => Promise.resolve(uid === 1004 ? 'dave' : undefined),
  isUnixLogin: (name: string) => Promise.resolve(name === 'dave'),
};
const here = { host: '127.0.0.1', port: 1 };
const there = { host: '::ffff:10.0.0.7', port: 1 };
const owner = (uid?: number) => Promise.resolve(uid);

test.each([
  ['on this host a guest’s source is the Unix user', owner(1004), here, 'bob', { source: 'uid 1004', reserved: false }],
  ['where the kernel can’t say it is the address', owner(), here, 'bob', { source: '127.0.0.1', reserved: false }],
  ['elsewhere it is the address', owner(), there, 'bob', { source: '10.0.0.7', reserved: false }],
  ['a Unix login is reserved', owner(), there, 'dave', { source: '10.0.0.7', reserved: true }],
])('%s', async (_, uid, remote, name, says) => {
  expect(await identify(host, uid, remote, 'guest', name)).toEqual({ kind: 'guest', ...says });
});

test('the host log-in is who owns the connection, and nobody where that is not known', async () => {
  expect(await identify(host, owner(1004), here, 'host', '')).toEqual({ kind: 'host', uid: 1004, login: 'dave' });
  expect(await identify(host, owner(7), here, 'host', '')).toEqual({ kind: 'host', uid: 7, login: undefined });
  expect(await identify(host, owner(), here, 'host', '')).toEqual({ kind: 'unknown' });
});

test('a password and a key only wait until it is known where they come from; a new name is looked up', async () => {
  for (const method of ['password', 'key'] as const)
    expect(await identify(host, owner(1004), here, method, 'dave')).toEqual({ kind: 'located' });
  expect(await identify(host, owner(), there, 'register', 'erin')).toEqual({ kind: 'newcomer', reserved: false });
  expect(await identify(host, owner(1004), here, 'register', 'dave')).toEqual({ kind: 'newcomer', reserved: true });
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.0.0.7', false],
  ['::ffff:10.0.0.7', false],
  ['127.0.0.1.example.org', false],
  ['', false],
])('%s is loopback: %s', (address, is) => {
  expect(isLoopback(address)).toBe(is);
});

test('an IPv4 address is one, however it came in', () => {
  expect(plainHost('::ffff:10.0.0.7')).toBe('10.0.0.7');
  expect(plainHost('fe80::1')).toBe('fe80::1');
});
