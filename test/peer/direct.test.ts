import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { addressText, plainHost } from '../../src/link/address.ts';
import type { Address, Link } from '../../src/link/link.ts';
import { connectMutual, newMutualKey } from '../../src/link/mutual-tls.ts';
import type { InterfaceTable } from '../../src/peer/addresses.ts';
import { DIRECT_WITHIN_MS, type DirectOffer, type DirectPort, MAX_OFFERED } from '../../src/peer/direct.ts';
import { createDoor, type DoorOptions } from '../../src/peer/direct-door.ts';
import { Recorder } from '../link/recorder.ts';

const lo =
  (...addresses: string[]) =>
  (): InterfaceTable => ({
    lo: addresses.map((address) => ({ address, internal: true })),
  });
const IPV4 = lo('127.0.0.1');
const BOTH = lo('127.0.0.1', '::1');
/** Milliseconds that a test which waits for the end of a try gives it. */
const SHORT_MS = 150;

const cleanups: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function door(options: DoorOptions = {}) {
  const made = createDoor({ interfaces: IPV4, ...options });
  cleanups.push(() => made.close());
  return made;
}

const until = (condition: () => boolean): Promise<unknown> => vi.waitUntil(condition, { timeout: 4000, interval: 5 });

/** Links as they are given. */
class Given {
  readonly links: Link[] = [];

  readonly add = (link: Link): void => {
    cleanups.push(() => link.destroy());
    this.links.push(link);
  };

  async count(count: number): Promise<readonly Link[]> {
    await until(() => this.links.length >= count);
    return this.links;
  }
}

function connected(port: DirectPort, offer: DirectOffer): Given {
  const given = new Given();
  port.connect(offer, given.add);
  return given;
}

/** An offer that nobody is behind. */
const only = (pin: string): DirectOffer => ({ addresses: [], pin });

const plain = ({ host, port }: Address): Address => ({ host: plainHost(host), port });

async function hello(from: Link | undefined, to: Link | undefined): Promise<void> {
  if (from === undefined || to === undefined) throw new Error('no link');
  Recorder.on(from);
  const told = Recorder.on(to);
  from.write('hello\n');
  await told.untilLines(1);
  expect(told.lines).toEqual(['hello']);
}

/** Whether anything listens there. */
async function listens(address: Address | undefined): Promise<boolean> {
  if (address === undefined) return false;
  return await new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    cleanups.push(() => socket.destroy());
  });
}

/** A port that nobody has, or had a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '::', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address ? address.port : 0;
}

describe('two clients', () => {
  test('that dial each other get links both ways, on every address', async () => {
    const [alice, bob] = await Promise.all([door({ interfaces: BOTH }).open(), door({ interfaces: BOTH }).open()]);
    expect(alice.offer.addresses.map(({ host }) => host)).toEqual(['127.0.0.1', '::1']);
    const [hers, his] = [connected(alice, bob.offer), connected(bob, alice.offer)];
    for (const [given, offer] of [
      [hers, bob.offer],
      [his, alice.offer],
    ] as const)
      for (const link of await given.count(4)) expect(link.secure?.peerPin).toBe(offer.pin);
    // By its ends: the other side of each link.
    const ends = (one: Address, other: Address) => `${addressText(plain(one))} ${addressText(plain(other))}`;
    const others = new Map(his.links.map((link) => [ends(link.remote, link.local), link]));
    expect(others.size).toBe(4);
    for (const link of hers.links) await hello(link, others.get(ends(link.local, link.remote)));
  });

  test('of which only one is reachable get links one way', async () => {
    const [alice, bob] = await Promise.all([door().open(), door().open()]);
    const hers = connected(alice, only(bob.offer.pin));
    const his = connected(bob, alice.offer);
    const [[there], [here]] = await Promise.all([hers.count(1), his.count(1)]);
    await hello(here, there);
    expect([hers.links.length, his.links.length]).toEqual([1, 1]);
  });

  test('of which one has the offer of the other first need not wait for each other', async () => {
    const [alice, bob] = await Promise.all([door().open(), door().open()]);
    const his = connected(bob, alice.offer);
    await sleep(50);
    expect(his.links).toEqual([]);
    const hers = connected(alice, only(bob.offer.pin));
    const [[there], [here]] = await Promise.all([hers.count(1), his.count(1)]);
    await hello(here, there);
  });

  test('use a new key for each chat', async () => {
    const one = door();
    const [a, b] = await Promise.all([one.open(), one.open()]);
    expect(a.offer.pin).not.toBe(b.offer.pin);
    expect(a.offer.addresses[0]?.port).not.toBe(b.offer.addresses[0]?.port);
  });

  test('are told the addresses that the other would see', () => {
    expect(door({ interfaces: BOTH }).addresses).toEqual(['127.0.0.1', '::1']);
  });
});

describe('whoever cannot show the key', () => {
  const knocking = (to: DirectPort, key = newMutualKey(), timeoutMs = 4000) => {
    const [address] = to.offer.addresses;
    if (address === undefined) throw new Error('an address');
    const result = connectMutual({ ...address, key, expectPin: to.offer.pin, timeoutMs });
    return result.then((outcome) => {
      if (outcome.ok) cleanups.push(() => outcome.value.destroy());
      return outcome.ok;
    });
  };

  test('is not let in, and the right one still is', async () => {
    const [alice, bob] = await Promise.all([door().open(), door().open()]);
    const hers = connected(alice, only(bob.offer.pin));
    expect(await knocking(alice)).toBe(false);
    await Promise.all([hers.count(1), connected(bob, alice.offer).count(1)]);
    expect(await knocking(alice)).toBe(false);
    expect(hers.links.map(({ secure }) => secure?.peerPin)).toEqual([bob.offer.pin]);
  });

  test('is not let in when it came before the offer, either', async () => {
    const [alice, bob] = await Promise.all([door().open(), door().open()]);
    const [knocked, his] = [knocking(alice), connected(bob, alice.offer)];
    await sleep(50);
    const hers = connected(alice, only(bob.offer.pin));
    await Promise.all([hers.count(1), his.count(1)]);
    expect(await knocked).toBe(false);
    expect(hers.links.map(({ secure }) => secure?.peerPin)).toEqual([bob.offer.pin]);
  });

  test('is not spoken to where it listens in the place of the other', async () => {
    const [alice, bob, mallory] = await Promise.all([door().open(), door().open(), door().open()]);
    const theirs = connected(mallory, only(alice.offer.pin));
    const hers = connected(alice, { addresses: mallory.offer.addresses, pin: bob.offer.pin });
    await sleep(100);
    expect([hers.links, theirs.links]).toEqual([[], []]);
  });

  test('holding it, cannot have more links than there are addresses', async () => {
    const key = newMutualKey();
    const alice = await door().open();
    const hers = connected(alice, only(key.pin));
    const knocked = await Promise.all(Array.from({ length: MAX_OFFERED + 8 }, () => knocking(alice, key)));
    expect(knocked.filter((isIn) => isIn)).toHaveLength(MAX_OFFERED);
    expect(hers.links).toHaveLength(MAX_OFFERED);
  });

  test('is not kept waiting in numbers for an offer that has not come', async () => {
    const key = newMutualKey();
    const alice = await door().open();
    const knocked = Array.from({ length: MAX_OFFERED + 8 }, () => knocking(alice, key));
    const refused = new Set<number>();
    const watched = knocked.map(async (one, i) => {
      if (!(await one)) refused.add(i);
    });
    await until(() => refused.size >= 8);
    const hers = connected(alice, only(key.pin));
    await Promise.all(watched);
    expect([hers.links.length, refused.size]).toEqual([MAX_OFFERED, 8]);
  });

  test('and waits for the offer is not kept for longer than a try takes', async () => {
    const alice = await door({ withinMs: SHORT_MS }).open();
    expect(await knocking(alice, newMutualKey(), 60_000)).toBe(false);
    expect(await listens(alice.offer.addresses[0])).toBe(true);
  });
});

describe('a try', () => {
  test('ends in time: nobody is let in or dialled any more, and the links stay', async () => {
    const [alice, bob] = await Promise.all([door({ withinMs: SHORT_MS }).open(), door().open()]);
    const hers = connected(alice, bob.offer);
    const his = connected(bob, only(alice.offer.pin));
    const [[here], [there]] = await Promise.all([hers.count(1), his.count(1)]);
    const [address] = alice.offer.addresses;
    expect(await listens(address)).toBe(true);
    while (await listens(address)) await sleep(10);
    await hello(here, there);
  });

  test('takes as long as was promised', async () => {
    const alice = await door().open();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    connected(alice, only(newMutualKey().pin));
    vi.advanceTimersByTime(DIRECT_WITHIN_MS - 1);
    expect(await listens(alice.offer.addresses[0])).toBe(true);
    vi.advanceTimersByTime(1);
    expect(await listens(alice.offer.addresses[0])).toBe(false);
  });

  test('that the other is too late for gives it nothing', async () => {
    const [alice, bob] = await Promise.all([door().open(), door({ withinMs: SHORT_MS }).open()]);
    const his = connected(bob, alice.offer);
    while (await listens(bob.offer.addresses[0])) await sleep(10);
    const hers = connected(alice, only(bob.offer.pin));
    await sleep(50);
    expect([his.links, hers.links]).toEqual([[], []]);
  });

  test('can be stopped and closed, also twice, and then gives nothing', async () => {
    for (const way of ['stop', 'close'] as const) {
      const [alice, bob] = await Promise.all([door().open(), door().open()]);
      const his = connected(bob, alice.offer);
      const hers = connected(alice, bob.offer);
      alice[way]();
      alice[way]();
      await sleep(50);
      expect([his.links, hers.links]).toEqual([[], []]);
      expect(await listens(alice.offer.addresses[0])).toBe(false);
      alice.connect(bob.offer, () => expect.unreachable('it is stopped'));
    }
  });

  test('is made for one offer only', async () => {
    const [alice, bob, carol] = await Promise.all([door().open(), door().open(), door().open()]);
    const hers = connected(alice, only(bob.offer.pin));
    const more = connected(alice, carol.offer);
    const carols = connected(carol, only(alice.offer.pin));
    await connected(bob, alice.offer).count(1);
    await hers.count(1);
    expect([more.links, carols.links]).toEqual([[], []]);
  });

  test('for which no offer comes does not listen for ever', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const [alice, bob] = await Promise.all([door().open(), door().open()]);
    expect(await listens(alice.offer.addresses[0])).toBe(true);
    vi.advanceTimersByTime(30_000);
    expect(await listens(alice.offer.addresses[0])).toBe(false);
    vi.useRealTimers();
    // It can still dial.
    const carol = await door().open();
    const hers = connected(alice, carol.offer);
    connected(carol, only(alice.offer.pin));
    await hers.count(1);
    bob.close();
  });

  test('of a door that closes ends, and no port is opened after that', async () => {
    const one = door();
    const [alice, opening] = [await one.open(), one.open()];
    one.close();
    const late = await opening;
    for (const port of [alice, late]) expect(await listens(port.offer.addresses[0])).toBe(false);
    expect(await listens((await one.open()).offer.addresses[0])).toBe(false);
  });
});

describe('a fixed port', () => {
  test('serves several chats at once, each its own peer', async () => {
    const port = await freePort();
    const alice = door({ port });
    const chats = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const [hers, his] = await Promise.all([alice.open(), door().open()]);
        return { hers, his };
      }),
    );
    expect(chats.map(({ hers }) => hers.offer.addresses)).toEqual(chats.map(() => [{ host: '127.0.0.1', port }]));
    expect(new Set(chats.map(({ hers }) => hers.offer.pin)).size).toBe(5);
    await Promise.all(
      chats.map(async ({ hers, his }) => {
        const given = connected(hers, only(his.offer.pin));
        const [here] = await connected(his, hers.offer).count(1);
        const [there] = await given.count(1);
        expect(there?.secure?.peerPin).toBe(his.offer.pin);
        expect(here?.secure?.peerPin).toBe(hers.offer.pin);
        expect(there?.local.port).toBe(port);
        await hello(here, there);
      }),
    );
    expect(await listens({ host: '127.0.0.1', port })).toBe(true);
    for (const { hers } of chats.slice(1)) hers.close();
    expect(await listens({ host: '127.0.0.1', port })).toBe(true);
    chats[0]?.hers.close();
    expect(await listens({ host: '127.0.0.1', port })).toBe(false);
  });

  test('lets the peer of one chat into no other', async () => {
    const port = await freePort();
    const alice = door({ port });
    const [withBob, withCarol, bob] = await Promise.all([alice.open(), alice.open(), door().open()]);
    const carols = connected(withCarol, only(newMutualKey().pin));
    const bobs = connected(withBob, only(bob.offer.pin));
    const his = connected(bob, { ...withCarol.offer });
    await sleep(100);
    expect([carols.links, bobs.links, his.links]).toEqual([[], [], []]);
  });

  test('is used again by the next chat', async () => {
    const port = await freePort();
    const alice = door({ port });
    for (let i = 0; i < 3; i++) {
      const [hers, his] = await Promise.all([alice.open(), door().open()]);
      connected(hers, only(his.offer.pin));
      await connected(his, hers.offer).count(1);
      hers.close();
      his.close();
    }
  });

  test('that another program has leaves dialling, and is used once it is free', async () => {
    const port = await freePort();
    const holder = createServer();
    await new Promise<void>((resolve) => {
      holder.listen(port, '::', resolve);
    });
    const alice = door({ port });
    const [hers, other, his] = await Promise.all([alice.open(), alice.open(), door().open()]);
    expect([hers.offer.addresses, other.offer.addresses]).toEqual([[], []]);
    connected(his, hers.offer);
    await connected(hers, his.offer).count(1);
    await new Promise((resolve) => {
      holder.close(resolve);
    });
    expect((await alice.open()).offer.addresses).toEqual([{ host: '127.0.0.1', port }]);
  });
});

describe('a hostile offer', () => {
  test('is dialled where it may be, and nothing else of it is', async () => {
    const met: string[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (chunk: Buffer) => {
        met.push(chunk.subarray(0, 2).toString('hex'));
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
    });
    cleanups.push(() => server.close());
    await new Promise<void>((resolve) => {
      server.listen(0, '0.0.0.0', resolve);
    });
    const bound = server.address();
    const port = typeof bound === 'object' && bound ? bound.port : 0;
    const alice = await door({ withinMs: SHORT_MS }).open();
    const hosts = [
      '127.0.0.1',
      '127.0.0.1',
      '127.0.0.2',
      '0.0.0.0',
      'localhost',
      '::ffff:127.0.0.1',
      '127.1',
      '2130706433',
    ];
    const hers = connected(alice, { addresses: hosts.map((host) => ({ host, port })), pin: newMutualKey().pin });
    await until(() => met.length > 0);
    await sleep(2 * SHORT_MS);
    // The beginning of a handshake (RFC 8446, 5.1), once.
    expect(met).toEqual(['1603']);
    expect(hers.links).toEqual([]);
  });

  test('of any kind does no harm', async () => {
    const one = door({ withinMs: 20 });
    // No address of the outer world is tried: names, loopback and what is no address.
    const host = fc.oneof(
      fc.string(),
      fc.domain(),
      fc.constantFrom('127.0.0.1', '::1', '::', '0.0.0.0', '255.255.255.255'),
    );
    const address = fc.record({ host, port: fc.oneof(fc.integer(), fc.double()) });
    const offer = fc.record({ addresses: fc.array(address, { maxLength: 40 }), pin: fc.string() });
    await fc.assert(
      fc.asyncProperty(offer, async (theirs) => {
        const alice = await one.open();
        alice.connect(theirs, () => expect.unreachable('nobody is there'));
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        alice.close();
      }),
      { numRuns: 30 },
    );
  });

  test('that is our own makes no chat with ourselves', async () => {
    const alice = await door().open();
    const hers = connected(alice, alice.offer);
    expect(await listens(alice.offer.addresses[0])).toBe(false);
    expect(hers.links).toEqual([]);
  });
});
