import { expect, test } from 'vitest';
import { isLoopback, parseAddress, parsePort } from '../../../src/client/shell/address.ts';

test.each([
  ['box', 'box', 2428],
  ['box:99', 'box', 99],
  ['box.example.', 'box.example.', 2428],
  ['my_box:1', 'my_box', 1],
  ['10.0.0.7', '10.0.0.7', 2428],
  ['10.0.0.7:65535', '10.0.0.7', 65_535],
  ['::1', '::1', 2428],
  ['[::1]', '::1', 2428],
  ['[::1]:2429', '::1', 2429],
  ['fe80::1%eth0', 'fe80::1%eth0', 2428],
  ['[fe80::1%eth0]:5', 'fe80::1%eth0', 5],
])('%s is an address', (text, host, port) => {
  expect(parseAddress(text)).toEqual({ ok: true, value: { host, port } });
});

test.each([
  ['', 'a host is missing'],
  [':2428', 'a host is missing'],
  ['box:', 'a port is a number from 1 to 65535'],
  ['box:0', 'a port is a number'],
  ['box:65536', 'a port is a number'],
  ['box:9x', 'a port is a number'],
  ['box:-1', 'a port is a number'],
  ['a:b:c', 'more than one colon'],
  ['::1:zzzz', 'more than one colon'],
  ['[box]:1', 'this is no IP address'],
  ['[::1', 'more than one colon'],
  ['10.0.0', 'this is no IP address'],
  ['300.1.1.1', 'this is no IP address'],
  ['bo x', 'this is no host'],
  ['-box', 'this is no host'],
  ['bo\u001bx', 'this is no host'],
  ['a..b', 'this is no host'],
  [`${'a'.repeat(64)}.b`, 'this is no host'],
  [`${'a.'.repeat(127)}b`, 'this is no host'],
])('%j is none, and the words say why', (text, why) => {
  const parsed = parseAddress(text);
  expect(parsed).toMatchObject({ ok: false, error: expect.stringContaining(why) });
});

test('a port is one to five digits', () => {
  expect(parsePort('1e3').ok).toBe(false);
  expect(parsePort(' 80').ok).toBe(false);
  expect(parsePort('80')).toEqual({ ok: true, value: 80 });
});

test.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])(
  '%s is this host',
  (host) => {
    expect(isLoopback(host)).toBe(true);
  },
);

test.each(['128.0.0.1', '10.0.0.1', 'box', '::2', '127.box', 'localhost.box', '::ffff:10.0.0.1'])(
  '%s is another',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
