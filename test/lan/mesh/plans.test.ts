import { describe, expect, test } from 'vitest';
import { type DeviceId, unixMs } from '../../../src/base/ids.ts';
import { err, ok, type Result } from '../../../src/base/result.ts';
import type { Announcement } from '../../../src/lan/announcement.ts';
import { MAX_DIALS, MAX_HEARD } from '../../../src/lan/limits.ts';
import { addressesOf, type DialFailure } from '../../../src/lan/mesh/dial.ts';
import { Plans } from '../../../src/lan/mesh/plans.ts';
import { TIMINGS } from '../../../src/lan/mesh/timings.ts';
import type { Link } from '../../../src/link/link.ts';

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const someone = (device: string, more: Partial<Announcement> = {}): Announcement => ({
  device: device as DeviceId,
  name: device,
  being: 'here',
  pin: `pin of ${device}`,
  port: 2428,
  addresses: [],
  time: unixMs(1000),
  nonce: '0',
  ...more,
});

const NO: Result<Link, DialFailure> = err({ kind: 'refused', text: 'no' });

class Planned {
  readonly dials: { readonly pin: string; readonly done: (result: Result<Link, DialFailure>) => void }[] = [];
  /** Seconds at which each dial began, by pin. */
  readonly times: [string, number][] = [];
  readonly connected: Announcement[] = [];
  seconds = 0;
  readonly plans: Plans;

  constructor(more: { links?: number; random?: number } = {}) {
    this.plans = new Plans({
      device: 'm' as DeviceId,
      timings: TIMINGS,
      random: () => more.random ?? 0,
      links: () => more.links ?? 0,
      dial: async (_, pin, signal) =>
        await new Promise((resolve) => {
          this.times.push([pin, this.seconds]);
          this.dials.push({ pin, done: resolve });
          signal.addEventListener('abort', () => resolve(err({ kind: 'aborted', text: '' })));
        }),
      connected: (_, announcement) => void this.connected.push(announcement),
    });
  }

  look(): void {
    this.seconds += TIMINGS.look / 1000;
    this.plans.look();
  }

  async fail(): Promise<void> {
    for (const { done } of this.dials.splice(0)) done(NO);
    await turn();
  }
}

test('the lower one dials at once, the higher one after 2 s, without hearing the other again', () => {
  const to = new Planned();
  to.plans.heard(someone('z'), '10.0.0.7');
  to.plans.heard(someone('a'), '10.0.0.8');
  expect(to.times).toEqual([['pin of z', 0]]);
  for (let i = 0; i < 8; i++) to.look();
  expect(to.times).toEqual([
    ['pin of z', 0],
    ['pin of a', 2],
  ]);
});

test('after each failure the pause is twice as long, up to a minute', async () => {
  const to = new Planned();
  while (to.seconds < 300) {
    to.plans.heard(someone('z'), '10.0.0.7');
    await to.fail();
    to.look();
  }
  const at = to.times.map(([, seconds]) => seconds);
  expect(at.slice(1).map((seconds, i) => seconds - (at[i] ?? 0))).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  expect(to.plans.problems()).toEqual(["z (10.0.0.7:2428) is heard and can't be reached"]);
});

test('a new run is dialled at once, whatever has failed before, and word of an old one changes nothing', async () => {
  const to = new Planned();
  for (let i = 0; i < 10; i++) {
    to.plans.heard(someone('z'), '10.0.0.7');
    await to.fail();
    to.look();
  }
  const before = to.times.length;
  to.plans.heard(someone('z', { pin: 'new', time: unixMs(2000) }), '10.0.0.7');
  expect(to.times.slice(before).map(([pin]) => pin)).toEqual(['new']);
  await to.fail();
  to.plans.heard(someone('z', { time: unixMs(1500) }), '10.0.0.7');
  for (let i = 0; i < 20; i++) to.look();
  expect(to.times.slice(before).map(([pin]) => pin)).toEqual(['new']);
});

test('a link that breaks soon is made again with the same pauses, one that lasted is not', async () => {
  const to = new Planned();
  const z = someone('z');
  for (let i = 0; i < 5; i++) {
    to.plans.heard(z, '10.0.0.7');
    to.plans.linked(z.device);
    to.plans.failed(z, 'breaks');
  }
  expect(to.plans.problems()).toEqual(['z (10.0.0.7:2428) is heard, and links with them break at once']);
  const before = to.times.length;
  to.plans.heard(z, '10.0.0.7');
  expect(to.times).toHaveLength(before);
  to.plans.linked(z.device);
  expect(to.plans.problems()).toEqual([]);
  for (let i = 0; i <= 20; i++) to.look();
  to.plans.heard(z, '10.0.0.7');
  expect(to.times).toHaveLength(before + 1);
  await turn();
});

test('who has said good-bye is not dialled for what is still on its way', () => {
  const to = new Planned();
  const z = someone('z');
  to.plans.heard(z, '10.0.0.7');
  to.plans.left(z);
  to.plans.heard(z, '10.0.0.7');
  for (let i = 0; i < 10; i++) to.look();
  expect(to.times).toHaveLength(1);
  expect(to.plans.problems()).toEqual([]);
  to.plans.heard(someone('z', { pin: 'new', time: unixMs(2000) }), '10.0.0.7');
  expect(to.times).toHaveLength(2);
});

describe('many people', () => {
  const crowd = (count: number): Announcement[] => Array.from({ length: count }, (_, i) => someone(`z${i}`));

  test('are dialled some at a time, the others as soon as there is room', async () => {
    const to = new Planned();
    for (const one of crowd(100)) to.plans.heard(one, '10.0.0.7');
    expect(to.times).toHaveLength(MAX_DIALS);
    await to.fail();
    expect(to.times).toHaveLength(2 * MAX_DIALS);
    to.dials.splice(0, 1)[0]?.done(ok({ destroy: () => undefined } as Link));
    await turn();
    expect(to.connected).toHaveLength(1);
    expect(to.times).toHaveLength(2 * MAX_DIALS);
    to.plans.gaveWay(to.connected[0] as Announcement);
    expect(to.times).toHaveLength(2 * MAX_DIALS + 1);
  });

  test('are remembered up to a bound, and the ones that were unheard for longest forgotten', () => {
    const to = new Planned();
    for (const one of crowd(MAX_HEARD + 5)) to.plans.heard(one, '10.0.0.7');
    to.plans.heard(someone('z6'), '10.0.0.7');
    expect(to.plans.size).toBe(MAX_HEARD);
  });

  test('do not dial a newcomer all in the same moment', () => {
    const dueOf = (random: number): number => {
      const to = new Planned({ links: 300, random });
      to.plans.heard(someone('z'), '10.0.0.7');
      for (let i = 0; i < 20 && to.times.length === 0; i++) to.look();
      return to.times[0]?.[1] ?? -1;
    };
    expect([dueOf(0), dueOf(0.5), dueOf(0.999)]).toEqual([0, 1, 2]);
  });
});

test('a connection that comes when it is no longer wanted is closed', async () => {
  const to = new Planned();
  let closed = 0;
  to.plans.heard(someone('z'), '10.0.0.7');
  const [dial] = to.dials;
  to.plans.forget('z' as DeviceId);
  dial?.done(ok({ destroy: () => closed++ } as unknown as Link));
  await turn();
  expect(to.connected).toEqual([]);
});

describe('the addresses', () => {
  const at = (addresses: string[], host?: string, port = 2428): string[] =>
    addressesOf(someone('z', { addresses, port }), host).map((address) => address.host);

  test('begin with the one that the datagram came from, and have each once', () => {
    expect(at(['10.0.0.8', '10.0.0.7', 'fd00::7'], '10.0.0.7')).toEqual(['10.0.0.7', '10.0.0.8', 'fd00::7']);
    expect(at(['10.0.0.8'], '::ffff:10.0.0.7')).toEqual(['10.0.0.7', '10.0.0.8']);
    expect(at(['10.0.0.8'], undefined)).toEqual(['10.0.0.8']);
  });

  test('may be of this link only where the datagram has come over it', () => {
    expect(at(['fe80::1', '169.254.169.254', '224.0.0.1', '255.255.255.255', 'box', ''], 'fe80::7%eth0')).toEqual([
      'fe80::7%eth0',
    ]);
  });

  test('lead to no service, and are few', () => {
    expect(at(['10.0.0.8'], '10.0.0.7', 22)).toEqual([]);
    expect(at(['10.0.0.8'], '10.0.0.7', 70_000)).toEqual([]);
    expect(
      at(
        Array.from({ length: 50 }, (_, i) => `10.0.1.${i + 1}`),
        '10.0.0.7',
      ),
    ).toHaveLength(7);
  });
});
