import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Address } from '../../../src/link/link.ts';
import { createPeerOwner, MAX_READINGS, type PeerOwner } from '../../../src/server/login/peer-owner.ts';
import type { OwnerTold } from '../../../src/server/login/sock-diag.ts';
import { createTables } from '../../../src/server/login/tables.ts';

const at = (port: number, host = '127.0.0.1'): Address => ({ host, port });
const end = (port: number): string => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
const row = (from: number, to: number, uid: number, inode = 1234): string =>
  `   0: ${end(from)} ${end(to)} 01 00000000:00000000 00:00000000 00000000 ${uid} 0 ${inode} 1 0 20 0 0 10 -1\n`;
/** A connection of `uid` from `port` to 2428, the client's row first. */
const connected = (port: number, uid: number): string => row(port, 2428, uid) + row(2428, port, 1);

/** Tables that answer when told to. */
class Tables {
  readonly readings: ((text: string) => void)[] = [];
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  readonly read = (): Promise<string> =>
    new Promise((resolve) => {
      this.readings.push(resolve);
      for (const { count, resolve: tell } of this.#waiting) if (this.readings.length >= count) tell();
    });
  /** Resolves when this many readings have begun. */
  async begun(count: number): Promise<void> {
    if (this.readings.length >= count) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push({ count, resolve });
    });
  }
}

const overflowUid = (): Promise<number> => Promise.resolve(65_534);

describe('look-ups', () => {
  test('that come together are answered by one reading', async () => {
    let readings = 0;
    const ports = Array.from({ length: 1000 }, (_, i) => 20_000 + i);
    const text = ports.map((port) => connected(port, port)).join('');
    const readTables = (): Promise<string> => {
      readings += 1;
      return Promise.resolve(text);
    };
    const owner = createPeerOwner({ readTables, overflowUid });
    expect(await Promise.all(ports.map((port) => owner.ownerOf(at(port), at(2428))))).toEqual(ports);
    expect(readings).toBe(1);
  });

  test('that come while a reading is at work wait for the next, which begins after they were asked', async () => {
    const tables = new Tables();
    const owner = createPeerOwner({ readTables: tables.read, overflowUid });
    const first = owner.ownerOf(at(20_001), at(2428));
    await tables.begun(1);
    const second = owner.ownerOf(at(20_002), at(2428));
    const third = owner.ownerOf(at(20_003), at(2428));
    // The first reading would name them, but it may be older than their connections.
    tables.readings[0]?.(connected(20_001, 1) + connected(20_002, 66) + connected(20_003, 66));
    expect(await first).toBe(1);
    await tables.begun(2);
    tables.readings[1]?.(connected(20_002, 2) + connected(20_003, 3));
    expect(await Promise.all([second, third])).toEqual([2, 3]);
    expect(tables.readings).toHaveLength(2);
  });

  test('go on where our own end was read before the client’s', async () => {
    let readings = 0;
    const readTables = (): Promise<string> => {
      readings += 1;
      return Promise.resolve(row(2428, 20_001, 1) + row(20_001, 2428, 1001));
    };
    expect(await createPeerOwner({ readTables, overflowUid }).ownerOf(at(20_001), at(2428))).toBe(1001);
    expect(readings).toBe(2);
  });

  test('end without an owner after a number of readings', async () => {
    let readings = 0;
    const readTables = (): Promise<string> => {
      readings += 1;
      return Promise.resolve(row(20_001, 2428, 0, 0) + row(2428, 20_001, 1));
    };
    expect(await createPeerOwner({ readTables, overflowUid }).ownerOf(at(20_001), at(2428))).toBeUndefined();
    expect(readings).toBe(MAX_READINGS);
  });

  test('are given up for a connection whose numbers are accepted anew: it has died, and its owner is not who came after', async () => {
    const tables = new Tables();
    const owner = createPeerOwner({ readTables: tables.read, overflowUid });
    const dead = owner.ownerOf(at(20_001), at(2428));
    await tables.begun(1);
    const alive = owner.ownerOf(at(20_001, '::ffff:127.0.0.1'), at(2428, '::ffff:127.0.0.1'));
    expect(await dead).toBeUndefined();
    tables.readings[0]?.(connected(20_001, 1002));
    await tables.begun(2);
    tables.readings[1]?.(connected(20_001, 1002));
    expect(await alive).toBe(1002);
  });

  test('never name the overflow user', async () => {
    const readTables = (): Promise<string> => Promise.resolve(connected(20_001, 65_534) + connected(20_002, 65_533));
    const owner = createPeerOwner({ readTables, overflowUid });
    expect(await owner.ownerOf(at(20_001), at(2428))).toBeUndefined();
    expect(await owner.ownerOf(at(20_002), at(2428))).toBe(65_533);
  });

  test('from elsewhere are answered without a reading', async () => {
    const readTables = (): Promise<string> => Promise.reject(new Error('must not be read'));
    const owner = createPeerOwner({ readTables, overflowUid });
    for (const host of ['10.0.0.7', '192.168.0.1', 'fe80::1', '::'])
      expect(await owner.ownerOf(at(20_001, host), at(2428))).toBeUndefined();
    expect(await owner.ownerOf(at(20_001), at(2428, '10.0.0.7'))).toBeUndefined();
  });

  test('find nobody where the tables can’t be read, and the next one tries again', async () => {
    let works = false;
    const readTables = (): Promise<string> =>
      works ? Promise.resolve(connected(20_001, 1001)) : Promise.reject(new Error('EMFILE'));
    const owner = createPeerOwner({ readTables, overflowUid });
    expect(await owner.ownerOf(at(20_001), at(2428))).toBeUndefined();
    works = true;
    expect(await owner.ownerOf(at(20_001), at(2428))).toBe(1001);
  });
});

describe('a kernel that tells of one connection', () => {
  const told = (answer: OwnerTold) => ({ ownerOf: () => answer });
  const readTables = (): Promise<string> => Promise.resolve(connected(20_001, 1001));
  const ask = (answer: OwnerTold) =>
    createPeerOwner({ diag: told(answer), readTables, overflowUid }).ownerOf(at(20_001), at(2428));

  test('is believed, and the tables aren’t read', async () => {
    const never = (): Promise<string> => Promise.reject(new Error('must not be read'));
    const owner = (diag: OwnerTold) => createPeerOwner({ diag: told(diag), readTables: never, overflowUid });
    expect(await owner({ kind: 'owner', uid: 7 }).ownerOf(at(20_001), at(2428))).toBe(7);
    expect(await owner({ kind: 'nobody' }).ownerOf(at(20_001), at(2428))).toBeUndefined();
    expect(await ask({ kind: 'nobody' })).toBeUndefined();
  });

  test('that doesn’t know is asked for its tables', async () => {
    expect(await ask({ kind: 'unknown' })).toBe(1001);
  });

  test('never names the overflow user', async () => {
    expect(await ask({ kind: 'owner', uid: 65_534 })).toBeUndefined();
  });
});

/** A user id that no account has, and that isn't the overflow user's. */
const STRANGER = 64_321;

/** Whether we may become somebody else. Where not, this says so and the test is skipped; with CI=true that is a failure. */
function mayBecomeOthers(): boolean {
  if (process.getuid?.() === 0) return true;
  const why = 'a connection of another user is a test for root';
  if (!['', '0', 'false'].includes(process.env.CI ?? '')) throw new Error(`${why}: with CI=true that is a failure`);
  console.warn(`skipped: ${why}`);
  return false;
}

/** As the server does it here, and where the kernel can't be asked for one connection. */
const WAYS: readonly (readonly [string, () => PeerOwner])[] = [
  ['by the kernel’s answer', () => createPeerOwner()],
  ['by the kernel’s tables', () => createPeerOwner({ readTables: createTables() })],
];

describe.runIf(process.platform === 'linux').each(WAYS)('on this host, %s', (_how, create) => {
  const cleanUp: (() => void)[] = [];
  afterEach(() => {
    for (const end of cleanUp.splice(0)) end();
  });

  async function listen(host: string): Promise<Server> {
    const server = createServer().listen(0, host);
    cleanUp.push(() => server.close());
    await once(server, 'listening');
    return server;
  }

  const portOf = (server: Server): number => (server.address() as AddressInfo).port;

  function lookUp(owner: PeerOwner, socket: Socket): Promise<number | undefined> {
    cleanUp.push(() => socket.destroy());
    return owner.ownerOf(
      { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
      { host: socket.localAddress ?? '', port: socket.localPort ?? 0 },
    );
  }

  async function accepted(server: Server): Promise<Socket> {
    const [socket] = (await once(server, 'connection')) as [Socket];
    return socket;
  }

  /** Another process, of another user where `uid` says so, that connects and waits, or ends at once. */
  function connectAs(uid: number | undefined, port: number, then: 'waits' | 'ends'): ChildProcess {
    const script = `
      const socket = require('node:net').connect(${port}, '127.0.0.1');
      ${then === 'ends' ? "socket.on('connect', () => process.kill(process.pid, 'SIGKILL'));" : ''}`;
    const child = spawn(process.execPath, ['-e', script], {
      stdio: 'ignore',
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    cleanUp.push(() => child.kill('SIGKILL'));
    return child;
  }

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '::ffff:127.0.0.1'],
    ['127.9.8.7', '127.9.8.7'],
    ['::1', '::1'],
    ['::', '127.0.0.1'],
    ['::', '::1'],
    ['::', '::ffff:127.0.0.1'],
  ])('a connection of ours to a server on %s by way of %s is ours', async (listens, connects) => {
    const server = await listen(listens);
    const client = connect(portOf(server), connects);
    cleanUp.push(() => client.destroy());
    expect(await lookUp(create(), await accepted(server))).toBe(process.getuid?.());
  });

  test.runIf(mayBecomeOthers())('a connection of another user is theirs, beside one of ours', async () => {
    const server = await listen('127.0.0.1');
    const owner = create();
    connectAs(STRANGER, portOf(server), 'waits');
    const stranger = lookUp(owner, await accepted(server));
    connect(portOf(server), '127.0.0.1').on('error', () => {});
    const own = lookUp(owner, await accepted(server));
    expect(await Promise.all([stranger, own])).toEqual([STRANGER, 0]);
  });

  test.runIf(mayBecomeOthers())('a connection of the overflow user is nobody’s', async () => {
    const overflow = Number(await readFile('/proc/sys/kernel/overflowuid', 'utf8'));
    const server = await listen('127.0.0.1');
    connectAs(overflow, portOf(server), 'waits');
    expect(await lookUp(create(), await accepted(server))).toBeUndefined();
  });

  test('a connection whose process has ended is nobody’s, though its row says uid 0', async () => {
    const server = await listen('127.0.0.1');
    const child = connectAs(undefined, portOf(server), 'ends');
    const ended = once(child, 'exit');
    const socket = await accepted(server);
    await ended;
    expect(await lookUp(create(), socket)).toBeUndefined();
  });

  test('a connection that we have closed is nobody’s', async () => {
    const server = await listen('127.0.0.1');
    const client = connect(portOf(server), '127.0.0.1');
    cleanUp.push(() => client.destroy());
    const socket = await accepted(server);
    const remote = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    const local = { host: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    socket.destroy();
    await once(socket, 'close');
    expect(await create().ownerOf(remote, local)).toBeUndefined();
  });
});
