import { beforeEach, describe, expect, test } from 'vitest';
import { unixMs } from '../../../src/base/ids.ts';
import { err, ok } from '../../../src/base/result.ts';
import { outlineAnnouncement, readAnnouncement } from '../../../src/lan/announcement-codec.ts';
import { Gate, type Source, type Verdict } from '../../../src/lan/discovery/gate.ts';
import { MAX_HEARD, MAX_SKEW_MS } from '../../../src/lan/limits.ts';
import { datagramOf, HandClock, person, unsigned } from './datagrams.ts';

const alice = person(1);
const bob = person(2);
const FROM_BOB: Source = { host: '10.0.0.2', port: 40_000, isRelayed: false };
const from = (host: string): Source => ({ ...FROM_BOB, host });

const said = (verdict: Verdict): string => (verdict.kind === 'dropped' ? verdict.why : verdict.kind);

let clock: HandClock;
let checks: number;
/** Whether somebody who signs anything at all floods: then each of them is believed. */
let believes: boolean;
let gate: Gate;

/** The real one but for those of `unsigned`, which would take minutes to sign. */
const read: typeof readAnnouncement = (bytes, now) => {
  checks++;
  const outline = outlineAnnouncement(bytes, now);
  if (!outline.ok) return outline;
  if (outline.value.device === bob.device) return readAnnouncement(bytes, now);
  return believes ? ok({ ...outline.value, name: 'x', pin: 'x', addresses: [] }) : err('forged');
};

beforeEach(() => {
  clock = new HandClock();
  checks = 0;
  believes = false;
  gate = new Gate({ device: alice.device, clock, read });
});

const fresh = (change = {}): Buffer => datagramOf(bob, clock.now(), change);
const take = (bytes: Buffer, source = FROM_BOB): string => said(gate.take(bytes, source));

describe('an announcement', () => {
  test('is heard once, and by its other ways it is a copy', () => {
    const bytes = fresh();
    expect(take(bytes)).toBe('heard');
    expect(take(bytes)).toBe('copy');
    expect(take(bytes, from('fe80::2%eth0'))).toBe('copy');
    expect(take(bytes, { host: '10.0.0.3', port: 50_000, isRelayed: true })).toBe('copy');
    expect(checks).toBe(1);
  });

  test('from another port than its author sends from is replayed', () => {
    const bytes = fresh();
    take(bytes);
    expect(take(bytes, { ...FROM_BOB, port: 50_000 })).toBe('replayed');
  });

  test('is replayed when it comes later, for as long as it would be good', () => {
    const bytes = datagramOf(bob, unixMs(clock.now() + MAX_SKEW_MS));
    expect(take(bytes)).toBe('heard');
    for (let second = 3; second <= 120; second++) {
      clock.ms = second * 1000;
      gate.tidy();
      expect(take(bytes)).toBe('replayed');
    }
    clock.ms = 120_001;
    expect(take(bytes)).toBe('stale');
    expect(checks).toBe(1);
  });

  test('that comes again and again is replayed, and costs nothing', () => {
    const bytes = fresh();
    const verdicts = Array.from({ length: 1000 }, () => take(bytes));
    expect(verdicts.filter((verdict) => verdict === 'replayed').length).toBeGreaterThan(950);
    expect(checks).toBe(1);
  });

  test('of our own is our own, unseen', () => {
    expect(take(datagramOf(alice, clock.now()))).toBe('own');
    expect(checks).toBe(0);
  });

  test('that is none is refused before any signature is looked at', () => {
    expect(take(Buffer.alloc(600))).toBe('oversize');
    expect(take(Buffer.from('hello'))).toBe('foreign');
    expect(take(fresh().subarray(0, 80))).toBe('truncated');
    expect(take(datagramOf(bob, unixMs(clock.now() - MAX_SKEW_MS - 1)))).toBe('stale');
    expect(checks).toBe(0);
  });

  test('from before a good-bye means nothing, whichever way it took', () => {
    const late = datagramOf(bob, unixMs(clock.now() - 1));
    expect(take(fresh({ being: 'bye' }))).toBe('heard');
    expect(take(late)).toBe('replayed');
    clock.ms = 3000;
    expect(take(fresh())).toBe('heard');
  });
});

describe('one person', () => {
  test('is heard a few times at once, and from then on once a second', () => {
    const burst = Array.from({ length: 20 }, () => take(fresh()));
    expect(burst.filter((verdict) => verdict === 'heard').length).toBe(5);
    expect(burst.at(-1)).toBe('flood');
    let heard = 0;
    for (let i = 0; i < 40; i++) {
      clock.ms += 250;
      if (take(fresh()) === 'heard') heard++;
    }
    expect(heard).toBe(10);
  });

  test('who comes to another address is heard there', () => {
    take(fresh());
    clock.ms = 3000;
    expect(take(fresh(), from('10.9.9.9'))).toBe('heard');
  });

  test('is remembered in no more than they may say', () => {
    for (let second = 0; second < 600; second++) {
      clock.ms = second * 1000;
      for (let i = 0; i < 5; i++) take(fresh());
      gate.tidy();
    }
    expect(gate.held.nonces).toBeGreaterThan(100);
    expect(gate.held.nonces).toBeLessThan(130);
    clock.ms += 16 * 60_000;
    gate.tidy();
    expect(gate.held).toMatchObject({ people: 0, nonces: 0 });
  });
});

/** Four seconds of 10,000 a second, while bob announces himself each 3 s. @returns how often he was heard, of 2 times. */
function flood(source: (n: number) => string, bytes: (n: number) => Buffer): number {
  let heard = 0;
  for (let ms = 0; ms < 4000; ms++) {
    clock.ms += 1;
    for (let i = 0; i < 10; i++) gate.take(bytes(ms * 10 + i), from(source(ms * 10 + i)));
    if (ms === 999 || ms === 3999) heard += take(fresh()) === 'heard' ? 1 : 0;
  }
  gate.tidy();
  return heard;
}
const strangers = (n: number): Buffer => unsigned(datagramOf(bob, clock.now()), n);
let pattern: Buffer;
const cheap = (n: number): Buffer => unsigned(pattern, n);

describe('a flood of 10,000 a second', () => {
  beforeEach(() => {
    expect(take(fresh())).toBe('heard');
    pattern = fresh();
    checks = 0;
  });

  test('from one address costs a few signatures, and whoever is known is heard', () => {
    expect(flood(() => '10.0.0.66', cheap)).toBe(2);
    expect(checks).toBeLessThan(710);
  });

  test('from one address leaves room for strangers from others', () => {
    flood(() => '10.0.0.66', cheap);
    const before = checks;
    expect(take(strangers(1_000_000), from('10.0.0.7'))).toBe('forged');
    expect(checks).toBe(before + 1);
  });

  test('from as many addresses costs as little, and whoever is known is heard', () => {
    expect(flood((n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, cheap)).toBe(2);
    expect(checks).toBeLessThan(1010);
    expect(gate.held.sources).toBeLessThanOrEqual(1024);
  });

  test('from the very address of somebody who is known, too', () => {
    expect(flood(() => FROM_BOB.host, cheap)).toBe(2);
  });

  test('of well signed people is bounded in memory, and whoever is known is heard', () => {
    believes = true;
    expect(flood((n) => `10.0.${(n >> 8) & 255}.${n & 255}`, cheap)).toBe(2);
    expect(gate.held.people).toBeLessThanOrEqual(MAX_HEARD);
    expect(gate.held.nonces).toBeLessThan(1010);
  });

  test('forged in the name of somebody who is known, from elsewhere, keeps nobody from hearing them', () => {
    const forgery = (n: number): Buffer => {
      const bytes = Buffer.from(pattern);
      bytes.writeUInt32BE(n, 78);
      return bytes;
    };
    expect(flood((n) => `10.0.${(n >> 8) & 255}.${n & 255}`, forgery)).toBe(2);
    expect(checks).toBeLessThan(1010);
  });
});

test('of more people than are remembered, whoever was unheard for longest is forgotten', () => {
  believes = true;
  pattern = fresh();
  for (let n = 0; n < MAX_HEARD + 100; n++) {
    clock.ms += 10;
    if (n % 300 === 0) expect(take(fresh())).toBe('heard');
    expect(take(cheap(n), from(`10.0.0.${n % 200}`))).toBe('heard');
  }
  expect(gate.held.people).toBe(MAX_HEARD);
});
