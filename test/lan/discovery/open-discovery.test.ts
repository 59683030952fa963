/** Real datagrams, on loopback only. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { unixMs } from '../../../src/base/ids.ts';
import type { Identity } from '../../../src/crypto/identity.ts';
import type { Announcement } from '../../../src/lan/announcement.ts';
import type { Discovery } from '../../../src/lan/discovery/discovery.ts';
import type { Interfaces } from '../../../src/lan/discovery/networks.ts';
import { type DiscoveryOptions, openDiscovery } from '../../../src/lan/discovery/open-discovery.ts';
import { datagramOf, person } from './datagrams.ts';

const LOOPBACK: Interfaces = {
  lo: [{ address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', mac: '', internal: true, cidr: '127.0.0.1/8' }],
};
/** Milliseconds, on a machine that may be busy. */
const PATIENCE = { timeout: 8000, interval: 10 };

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function bound(options: { readonly reuseAddr?: boolean; readonly port?: number } = {}): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: options.reuseAddr ?? false });
  closing.push(() => {
    try {
      socket.close();
    } catch {
      // It was closed by the test.
    }
  });
  socket.bind(options.port ?? 0, '0.0.0.0');
  await once(socket, 'listening');
  return socket;
}

/** A port that nobody had a moment ago. */
async function freePort(): Promise<number> {
  const socket = await bound();
  const { port } = socket.address();
  socket.close();
  return port;
}

interface Opened {
  readonly discovery: Discovery;
  readonly heard: { readonly announcement: Announcement; readonly host: string | undefined }[];
  readonly ownPort: number;
}

const announcementOf = (identity: Identity, name: string, port: number, being: 'here' | 'bye' = 'here'): Buffer =>
  datagramOf(identity, unixMs(Date.now()), { name, port, being });

async function open(name: string, n: number, port: number, change: Partial<DiscoveryOptions> = {}): Promise<Opened> {
  const ownPort = change.ownPort ?? (await freePort());
  const heard: Opened['heard'] = [];
  const opened = await openDiscovery(
    {
      announcement: (being) => announcementOf(person(n), name, ownPort, being),
      heard: (announcement, host) => void heard.push({ announcement, host }),
    },
    { port, ownPort, peers: [], interfaces: () => LOOPBACK, everyMs: 100, ...change },
  );
  if (!opened.ok) throw new Error(opened.error);
  closing.push(() => opened.value.close());
  return { discovery: opened.value, heard, ownPort };
}
const names = ({ heard }: Opened): string[] =>
  [...new Set(heard.map(({ announcement }) => announcement.name))].toSorted();
const until = (holds: () => void): Promise<void> => vi.waitFor(holds, PATIENCE);

describe('users of one host', () => {
  test('share a port, and hear each other and not themselves', async () => {
    const port = await freePort();
    const all = [await open('alice', 1, port), await open('bob', 2, port), await open('carol', 3, port)];
    await until(() => {
      expect(all.map(names)).toEqual([
        ['bob', 'carol'],
        ['alice', 'carol'],
        ['alice', 'bob'],
      ]);
    });
    expect(new Set(all[0]?.heard.map(({ host }) => host))).toEqual(new Set(['127.0.0.1']));
    expect(all[0]?.discovery.figures).toMatchObject({ interfaces: ['lo 127.0.0.1/8'], problems: [] });
  });

  test('hear a good-bye once, and nothing after it', async () => {
    const port = await freePort();
    const [alice, bob] = [await open('alice', 1, port), await open('bob', 2, port)];
    await until(() => expect(names(alice)).toEqual(['bob']));
    await bob.discovery.leave();
    await until(() => expect(alice.heard.at(-1)?.announcement.being).toBe('bye'));
    expect(alice.heard.filter(({ announcement }) => announcement.being === 'bye')).toHaveLength(1);
    await bob.discovery.leave();
    bob.discovery.announce();
    bob.discovery.close();
  });
});

test('what fails on the way to somebody is no problem any more when nothing is sent there', async () => {
  const { discovery } = await open('alice', 1, await freePort());
  // No system takes it for an address.
  discovery.far([{ host: '203.0.113.1%x', port: 2428 }]);
  await until(() => expect(discovery.figures.problems.join()).toContain('203.0.113.1%x'));
  discovery.far([]);
  await until(() => expect(discovery.figures.problems).toEqual([]));
});

test('what is sent to the port of one program reaches that one', async () => {
  const port = await freePort();
  const bob = await open('bob', 2, port, { everyMs: 60_000 });
  const socket = await bound();
  socket.send(announcementOf(person(9), 'dave', 40_000), bob.ownPort, '127.0.0.1');
  await until(() => expect(names(bob)).toEqual(['dave']));
});

test('a peer gets announcements that no broadcast brings, and none is answered', async () => {
  const [one, two] = [await freePort(), await freePort()];
  const bob = await open('bob', 2, two);
  const alice = await open('alice', 1, one, { peers: [{ host: '127.0.0.1', port: two }] });
  await until(() => expect(names(bob)).toEqual(['alice']));
  expect(names(alice)).toEqual([]);
  expect(alice.discovery.figures.peers).toEqual([`127.0.0.1:${two} is not heard`]);
});

test('what is passed on is heard without the address that it came from', async () => {
  const port = await freePort();
  const bob = await open('bob', 2, port, { everyMs: 60_000 });
  const socket = await bound();
  const bytes = Buffer.concat([Buffer.from('uLAR'), announcementOf(person(9), 'dave', 40_000)]);
  socket.send(bytes, bob.ownPort, '127.0.0.1');
  await until(() => expect(bob.heard.map(({ host }) => host)).toEqual([undefined]));
});

test('bad datagrams are counted, each under its name', async () => {
  const bob = await open('bob', 2, await freePort(), { everyMs: 60_000 });
  const socket = await bound();
  const good = announcementOf(person(9), 'dave', 40_000);
  const forged = Buffer.from(good);
  forged[90] = (forged[90] ?? 0) ^ 1;
  const stale = datagramOf(person(9), unixMs(Date.now() - 100_000));
  const bad = [Buffer.alloc(600), good.subarray(0, 50), Buffer.from('hello'), forged, stale, good, good];
  for (const bytes of bad) socket.send(bytes, bob.ownPort, '127.0.0.1');
  await until(() =>
    expect(Object.fromEntries(bob.discovery.figures.dropped)).toEqual({
      oversize: 1,
      truncated: 1,
      foreign: 1,
      forged: 1,
      stale: 1,
      replayed: 1,
    }),
  );
  expect(bob.discovery.figures.heard).toBe(1);
});

test('a change is announced at once, but not twice within half a second', async () => {
  let at = 0;
  const clock = { now: () => unixMs(Date.now()), monotonic: () => at };
  const port = await freePort();
  let made = 0;
  const ownPort = await freePort();
  const opened = await openDiscovery(
    { announcement: () => (made++, announcementOf(person(1), 'alice', ownPort)), heard: () => undefined },
    { port, ownPort, peers: [], interfaces: () => LOOPBACK, everyMs: 600_000, clock },
  );
  if (!opened.ok) throw new Error(opened.error);
  closing.push(() => opened.value.close());
  const before = made;
  opened.value.announce();
  opened.value.announce();
  expect(made).toBe(before);
  at = 500;
  await until(() => expect(made).toBe(before + 1));
  at = 1000;
  opened.value.announce();
  expect(made).toBe(before + 2);
});

describe('what goes wrong is said, and the rest goes on', () => {
  test('a port that somebody has who does not share it, until it is free', async () => {
    const other = await bound();
    const { port } = other.address();
    const alice = await open('alice', 1, port);
    expect(alice.discovery.figures.problems).toEqual([
      `nobody is heard on UDP port ${port}: a program that doesn't share it has it; end it, or have everybody use another one with --lan-port`,
    ]);
    other.close();
    await until(() => expect(alice.discovery.figures.problems).toEqual([]));
    const bob = await open('bob', 2, port);
    await until(() => expect([names(alice), names(bob)]).toEqual([['bob'], ['alice']]));
  });

  test('an own port that is taken', async () => {
    const other = await bound();
    const ownPort = other.address().port;
    const port = await freePort();
    const [alice, bob] = [await open('alice', 1, port, { ownPort }), await open('bob', 2, port)];
    expect(alice.discovery.figures.problems.join()).toContain(`our own UDP port ${ownPort}`);
    await until(() => expect([names(alice), names(bob)]).toEqual([['bob'], ['alice']]));
  });

  test('a network that went away, until it is looked at again', async () => {
    let table: Interfaces = {
      ...LOOPBACK,
      eth9: [{ address: '192.0.2.77', netmask: '', family: 'IPv4', mac: '', internal: false, cidr: '192.0.2.77/28' }],
    };
    const alice = await open('alice', 1, await freePort(), { interfaces: () => table });
    await until(() => expect(alice.discovery.figures.problems.join()).toContain('eth9: no multicast comes in'));
    table = LOOPBACK;
    await until(() => expect(alice.discovery.figures.problems).toEqual([]));
    expect(alice.discovery.figures.interfaces).toEqual(['lo 127.0.0.1/8']);
  });

  test('a host without any network, until there is one, which is told at once', async () => {
    let table: Interfaces = {};
    const port = await freePort();
    const change = { everyMs: 600_000, interfaces: () => table };
    const [alice, bob] = [await open('alice', 1, port, change), await open('bob', 2, port, { everyMs: 600_000 })];
    expect(alice.discovery.figures).toMatchObject({ interfaces: [], problems: [] });
    table = LOOPBACK;
    await until(() => expect(alice.discovery.figures.interfaces).toEqual(['lo 127.0.0.1/8']));
    await until(() => expect(bob.heard.length).toBeGreaterThan(0));
  });

  test('a port that is none', async () => {
    const ports = { announcement: () => announcementOf(person(1), 'alice', 40_000), heard: () => undefined };
    const opened = await openDiscovery(ports, { port: 0, ownPort: 40_000, peers: [] });
    expect(opened.ok ? '' : opened.error).toContain('--lan-port');
  });
});
