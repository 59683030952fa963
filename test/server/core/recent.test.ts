import { expect, test } from 'vitest';
import { type UnixMs, type UserName, unixMs } from '../../../src/base/ids.ts';
import { MAX_RECENT, RECENT_MS } from '../../../src/server/core/limits.ts';
import { Recent } from '../../../src/server/core/recent.ts';

const name = (n: number) => `~b${n}` as UserName;
const listed = (recent: Recent, now: UnixMs) => [...recent.list(now).keys()];

test('who goes again moves to the end', () => {
  const recent = new Recent();
  for (const n of [1, 2, 1]) recent.add(name(n), unixMs(n), unixMs(n));
  expect(listed(recent, unixMs(3))).toEqual([name(2), name(1)]);
});

test('who is back is not listed', () => {
  const recent = new Recent();
  recent.add(name(1), unixMs(1), unixMs(1));
  recent.delete(name(1));
  expect(listed(recent, unixMs(1))).toEqual([]);
});

test('a day is enough, and the newest are', () => {
  const recent = new Recent();
  recent.add(name(0), unixMs(0), unixMs(0));
  recent.add(name(1), unixMs(5), unixMs(5));
  expect(listed(recent, unixMs(RECENT_MS + 1))).toEqual([name(1)]);
  for (let n = 2; n < MAX_RECENT + 10; n++) recent.add(name(n), unixMs(10), unixMs(10));
  expect(listed(recent, unixMs(10))).toHaveLength(MAX_RECENT);
  expect(listed(recent, unixMs(10))[0]).toBe(name(10));
});
