import { beforeEach, expect, test, vi } from 'vitest';
import { Far } from '../../../src/lan/discovery/far.ts';
import { Problems } from '../../../src/lan/discovery/problems.ts';

const PEER = { host: '10.2.0.2', port: 2428 };
const LINKED = { host: '10.3.0.3', port: 40_003 };
const NEAR = { host: '10.1.0.4', port: 40_004 };

const looked = vi.hoisted(() => vi.fn<(host: string) => Promise<{ address: string; family: number }[]>>());
vi.mock('node:dns/promises', () => ({ lookup: looked }));

let problems: Problems;
let far: Far;
beforeEach(() => {
  problems = new Problems();
  far = new Far([PEER], problems);
  far.near((host) => host.startsWith('10.1.'));
});

test('peers and whoever is linked beyond our own networks get our announcements, once each', () => {
  far.link([LINKED, NEAR, PEER]);
  expect(far.targets).toEqual([PEER, LINKED]);
  far.link([]);
  expect(far.targets).toEqual([PEER]);
});

test('what comes from them is passed on, and what comes from others is not', () => {
  far.link([LINKED, NEAR]);
  expect([PEER, LINKED, NEAR, { host: '10.9.9.9', port: 1 }].map(({ host }) => far.trusts(host))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('what we hear goes to peers, and to those linked who have us for a peer, for as long as they call', () => {
  far.link([LINKED, NEAR]);
  expect(far.relays(0)).toEqual([PEER]);
  // At the port of our own, as everybody who is linked does.
  far.heard(LINKED, false, 0);
  expect(far.relays(0)).toEqual([PEER]);
  far.heard(LINKED, true, 0);
  far.heard(NEAR, true, 0);
  expect(far.relays(30_000)).toEqual([PEER, LINKED]);
  expect(far.relays(30_001)).toEqual([PEER]);
});

test('of those who have us for a peer, a few get it: they tell their networks', () => {
  const callers = Array.from({ length: 20 }, (_, i) => ({ host: `10.3.0.${i}`, port: 40_000 }));
  far.link(callers);
  for (const caller of callers) far.heard(caller, true, 0);
  expect(far.relays(0)).toHaveLength(1 + 4);
});

test('somebody who speaks to us without a link is no reason to tell them anything', () => {
  far.heard({ host: '10.9.9.9', port: 40_000 }, true, 0);
  expect(far.relays(0)).toEqual([PEER]);
});

test('a peer is said to be heard while it is', () => {
  expect(far.lines(0)).toEqual(['10.2.0.2:2428 is not heard']);
  far.heard({ host: PEER.host, port: 40_000 }, true, 0);
  expect(far.lines(10_000)).toEqual(['10.2.0.2:2428 is heard']);
  expect(far.lines(10_001)).toEqual(['10.2.0.2:2428 is not heard']);
});

test('a name is looked up, once a minute; where there is none, that is a problem until there is', async () => {
  far = new Far([{ host: 'box', port: 2428 }], problems);
  looked.mockRejectedValueOnce(new Error('ENOTFOUND'));
  await far.lookUp(0);
  expect(far.targets).toEqual([]);
  expect(problems.lines).toEqual(['--lan-peer box: no such host is known here; write its address']);
  looked.mockResolvedValue([{ address: '10.2.0.9', family: 4 }]);
  await far.lookUp(59_999);
  expect(far.targets).toEqual([]);
  await far.lookUp(60_000);
  expect(far.targets).toEqual([{ host: '10.2.0.9', port: 2428 }]);
  expect(far.trusts('10.2.0.9')).toBe(true);
  expect(problems.lines).toEqual([]);
});
