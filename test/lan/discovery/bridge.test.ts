import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Bridge, relayed } from '../../../src/lan/discovery/bridge.ts';
import type { Address } from '../../../src/link/link.ts';
import { Timers } from '../../../src/peer/tasks.ts';

const PEER: Address = { host: '10.2.0.2', port: 2428 };
const OTHER: Address = { host: '10.3.0.2', port: 2428 };
const DATAGRAM = Buffer.from('uLAN and more');

let near: Buffer[];
let far: { readonly bytes: Buffer; readonly to: Address }[];
let timers: Timers;
let bridge: Bridge;

beforeEach(() => {
  vi.useFakeTimers();
  near = [];
  far = [];
  timers = new Timers((error) => {
    throw error;
  });
  bridge = new Bridge({
    near: (bytes) => void near.push(Buffer.from(bytes)),
    far: (bytes, to) => void far.push({ bytes: Buffer.from(bytes), to }),
    relays: () => [PEER, OTHER],
    timers,
    monotonic: () => performance.now(),
    random: () => 0.5,
  });
});
afterEach(() => {
  timers.close();
  vi.useRealTimers();
});

test('what is passed on has a mark, and the datagram as it was behind it', () => {
  bridge.pass(DATAGRAM, 'n', '10.1.0.1', false);
  expect(far.map(({ bytes }) => relayed(bytes)?.toString())).toEqual(['uLAN and more', 'uLAN and more']);
  expect(relayed(DATAGRAM)).toBeUndefined();
  for (let length = 0; length < 4; length++) expect(relayed(Buffer.from('uLAR').subarray(0, length))).toBeUndefined();
});

describe('what is heard on our own network', () => {
  test('goes to all beyond it, and not again on it', () => {
    bridge.pass(DATAGRAM, 'n', '10.1.0.1', false);
    vi.advanceTimersByTime(1000);
    expect(far.map(({ to }) => to)).toEqual([PEER, OTHER]);
    expect(near).toEqual([]);
  });

  test('goes to them at a bounded rate', () => {
    for (let i = 0; i < 10_000; i++) bridge.pass(DATAGRAM, `${i}`, '10.1.0.1', false);
    expect(far).toHaveLength(600);
    vi.advanceTimersByTime(1000);
    for (let i = 0; i < 10_000; i++) bridge.pass(DATAGRAM, `${i}`, '10.1.0.1', false);
    expect(far).toHaveLength(800);
  });
});

describe('what comes from beyond', () => {
  test('is said again here, and goes to the others there, not back', () => {
    bridge.pass(DATAGRAM, 'n', PEER.host, true);
    expect(far.map(({ to }) => to)).toEqual([OTHER]);
    vi.advanceTimersByTime(200);
    expect(near.map((bytes) => relayed(bytes)?.toString())).toEqual(['uLAN and more']);
  });

  test('is not said again where somebody else has done so meanwhile', () => {
    bridge.pass(DATAGRAM, 'n', PEER.host, true);
    vi.advanceTimersByTime(20);
    bridge.callOff('n');
    bridge.callOff('another');
    vi.advanceTimersByTime(1000);
    expect(near).toEqual([]);
  });

  test('is said again at a bounded rate', () => {
    for (let i = 0; i < 10_000; i++) bridge.pass(DATAGRAM, `${i}`, PEER.host, true);
    vi.advanceTimersByTime(1000);
    expect(near).toHaveLength(300);
  });
});
