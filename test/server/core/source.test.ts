import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceOf } from '../../../src/server/core/source.ts';

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['10.0.0.7', '10.0.0.7'],
  ['::ffff:10.0.0.7', '10.0.0.7'],
  ['::FFFF:0a00:0007', '10.0.0.7'],
  ['::1', '::1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8::/64'],
  ['2001:db8:0:1::9', '2001:db8:0:1::/64'],
  ['fd00::1', 'fd00::/64'],
  ['fe80::1:2%eth0', 'fe80::1:2'],
  ['fe80::1:0:0:2', 'fe80::1:0:0:2'],
  ['/run/uchat.sock', '/run/uchat.sock'],
  ['1::2::3', '1::2::3'],
])('%s is the source %s', (host, due) => {
  expect(sourceOf(host)).toBe(due);
});

test('the kernel’s user id counts, wherever it comes from', () => {
  expect(sourceOf('127.0.0.1', 0)).toBe('uid 0');
  expect(sourceOf('::1', 1001)).toBe('uid 1001');
});

test('two addresses are one source exactly when they share their /64', () => {
  const half = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 3, maxLength: 3 });
  const host = fc.integer({ min: 0, max: 0xffff });
  const write = (net: readonly number[], last: number, long: boolean): string => {
    const groups = [0x2001, ...net].map((g) => (long ? g.toString(16).padStart(4, '0').toUpperCase() : g.toString(16)));
    return `${groups.join(':')}:9:8:7:${last.toString(16)}`;
  };
  fc.assert(
    fc.property(half, half, host, host, (a, b, x, y) => {
      expect(sourceOf(write(a, x, true))).toBe(sourceOf(write(a, y, false)));
      expect(sourceOf(write(a, x, true)) === sourceOf(write(b, y, true))).toBe(a.join() === b.join());
    }),
  );
});
