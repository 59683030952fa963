import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Link } from '../../src/link/link.ts';
import { connectTcp, type Listener, type ListenOptions, listenTcp } from '../../src/link/tcp.ts';
import { linkConformance } from './conformance.ts';
import { Recorder } from './recorder.ts';

const HOST = '127.0.0.1';
const LISTEN: ListenOptions = { host: HOST, port: 0, backlog: 16 };

const never = (): void => expect.unreachable('nothing was to come');

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A listener, and the links that it takes. */
async function listening(options: ListenOptions = LISTEN) {
  const taken: Link[] = [];
  const waiting: ((link: Link) => void)[] = [];
  const listener = await listenTcp(
    options,
    (link) => {
      cleanups.push(() => link.destroy());
      const next = waiting.shift();
      if (next) next(link);
      else taken.push(link);
    },
    never,
  );
  if (!listener.ok) throw new Error(listener.error.text);
  cleanups.push(() => listener.value.close());
  const next = (): Promise<Link> => {
    const link = taken.shift();
    return link
      ? Promise.resolve(link)
      : new Promise((resolve) => {
          waiting.push(resolve);
        });
  };
  return { listener: listener.value, next };
}

async function linkTo(listener: Listener): Promise<Link> {
  const link = await connectTcp({ ...listener.address, timeoutMs: 2000 });
  if (!link.ok) throw new Error(link.error.text);
  cleanups.push(() => link.value.destroy());
  return link.value;
}

/** A socket without our framing, for a peer that behaves badly. */
function rawTo(listener: Listener): Socket {
  const socket = connect(listener.address);
  socket.on('error', () => undefined);
  cleanups.push(() => socket.destroy());
  return socket;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** The port of a listener that accepts nobody: its thread stands still. */
function deafPort(): Promise<number> {
  const worker = new Worker(
    `const { createServer } = require('node:net');
     const server = createServer();
     server.listen({ host: '${HOST}', port: 0, backlog: 1 }, () => {
       require('node:worker_threads').parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  cleanups.push(() => void worker.terminate());
  return new Promise((resolve) => {
    worker.once('message', resolve);
  });
}

linkConformance('TCP', async () => {
  const { listener, next } = await listening();
  const [a, b] = await Promise.all([linkTo(listener), next()]);
  return [a, b];
});

linkConformance('TCP over IPv6', async () => {
  const { listener, next } = await listening({ ...LISTEN, host: '::1' });
  const [a, b] = await Promise.all([linkTo(listener), next()]);
  return [a, b];
});

describe('a connection that fails says why', () => {
  test('nobody listens', async () => {
    const { listener } = await listening();
    listener.close();
    const { port } = listener.address;
    expect(await connectTcp({ host: HOST, port, timeoutMs: 2000 })).toEqual({
      ok: false,
      error: { kind: 'refused', text: `nothing listens on 127.0.0.1:${port}` },
    });
    expect(await connectTcp({ host: 'localhost', port, timeoutMs: 2000 })).toEqual({
      ok: false,
      error: { kind: 'refused', text: `nothing listens on localhost:${port}` },
    });
  });

  test('there is no such name', async () => {
    const failed = await connectTcp({ host: 'no.such.host.invalid', port: 2428, timeoutMs: 9000 });
    expect(failed).toMatchObject({ ok: false, error: { kind: 'not_found' } });
  });

  test('there is no such port', async () => {
    for (const port of [0, -1, 65_536, 1.5, Number.NaN])
      expect(await connectTcp({ host: HOST, port, timeoutMs: 1 })).toMatchObject({ error: { kind: 'bad_address' } });
    expect(await connectTcp({ host: '', port: 1, timeoutMs: 1 })).toMatchObject({ error: { kind: 'bad_address' } });
  });

  test('nobody answers in time', async () => {
    const port = await deafPort();
    let outcome = await connectTcp({ host: HOST, port, timeoutMs: 200 });
    // The kernel completes as many connections as the queue holds; the next one gets no answer.
    for (let tries = 0; outcome.ok && tries < 16; tries++) {
      cleanups.push(outcome.value.destroy.bind(outcome.value));
      outcome = await connectTcp({ host: HOST, port, timeoutMs: 200 });
    }
    expect(outcome).toEqual({
      ok: false,
      error: { kind: 'timeout', text: `no answer from 127.0.0.1:${port} within 0.2 s` },
    });
  });

  test('it was given up', async () => {
    const before = AbortSignal.abort();
    expect(await connectTcp({ host: HOST, port: 1, timeoutMs: 2000, signal: before })).toMatchObject({
      error: { kind: 'aborted' },
    });
    const giveUp = new AbortController();
    const pending = connectTcp({ host: HOST, port: 1, timeoutMs: 2000, signal: giveUp.signal });
    giveUp.abort();
    expect(await pending).toMatchObject({ error: { kind: 'aborted' } });
  });
});

describe('a listener that fails says why', () => {
  test('another one has the port', async () => {
    const { listener } = await listening();
    const second = await listenTcp({ ...LISTEN, ...listener.address }, never, never);
    expect(second).toEqual({
      ok: false,
      error: { kind: 'in_use', text: `another program listens on 127.0.0.1:${listener.address.port}` },
    });
  });

  test('the host does not have the address', async () => {
    // TEST-NET-1 (RFC 5737): nobody's address.
    const failed = await listenTcp({ ...LISTEN, host: '192.0.2.1' }, never, never);
    expect(failed).toEqual({
      ok: false,
      error: { kind: 'no_such_address', text: 'this host does not have the address 192.0.2.1' },
    });
  });

  test('there is no such port or name', async () => {
    for (const bad of [{ port: 65_536 }, { port: -1 }, { port: 1.5 }, { host: '' }])
      expect(await listenTcp({ ...LISTEN, ...bad }, never, never)).toMatchObject({
        error: { kind: 'bad_address' },
      });
    const unnamed = await listenTcp({ ...LISTEN, host: 'no.such.host.invalid' }, never, never);
    expect(unnamed).toMatchObject({ error: { kind: 'not_found' } });
  });
});

test('a listener that closes frees its port, and leaves the links that stand', async () => {
  const { listener, next } = await listening();
  const [a, b] = await Promise.all([linkTo(listener), next()]);
  listener.close();
  const again = await listening({ ...LISTEN, ...listener.address });
  expect(again.listener.address).toEqual(listener.address);
  Recorder.on(a);
  const told = Recorder.on(b);
  a.write('still here\n');
  await told.untilLines(1);
});

describe('a peer that behaves badly', () => {
  test('by resetting ends the link once, with the reason', async () => {
    const { listener, next } = await listening();
    const socket = rawTo(listener);
    const link = await next();
    const told = Recorder.on(link);
    socket.write('hello\n');
    await told.untilLines(1);
    socket.resetAndDestroy();
    await told.untilClosed();
    expect(told.all.at(-1)).toEqual({ kind: 'closed', reason: { kind: 'failed', text: 'ECONNRESET' } });
    expect(told.count('closed')).toBe(1);
    expect(link.write('gone\n')).toBe(true);
  });

  test('by resetting while we write throws nothing', async () => {
    const { listener, next } = await listening();
    const socket = rawTo(listener);
    const link = await next();
    const told = Recorder.on(link);
    socket.resetAndDestroy();
    while (told.count('closed') === 0) {
      link.write('x'.repeat(1000));
      await turn();
    }
    expect(told.count('closed')).toBe(1);
  });

  test('by never closing its side is cut off in the end', async () => {
    let sawEnd = false;
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      cleanups.push(() => socket.destroy());
      socket.on('error', () => undefined);
      socket.on('end', () => {
        sawEnd = true;
      });
      // Chatter must not keep the link open.
      socket.on('data', () => undefined);
      socket.write('chatter\n');
    });
    cleanups.push(() => server.close());
    await new Promise<void>((resolve) => {
      server.listen(0, HOST, resolve);
    });
    const connected = await connectTcp({ host: HOST, port: portOf(server), timeoutMs: 2000 });
    if (!connected.ok) throw new Error(connected.error.text);
    const told = Recorder.on(connected.value);
    await told.untilLines(1);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      connected.value.end();
      await vi.waitUntil(() => sawEnd);
      vi.advanceTimersByTime(4999);
      expect(told.count('closed')).toBe(0);
      vi.advanceTimersByTime(1);
    } finally {
      vi.useRealTimers();
    }
    await told.untilClosed();
    expect(told.all.at(-1)).toEqual({ kind: 'closed', reason: { kind: 'closed' } });
  });
});

test.skipIf(process.platform !== 'linux')('the kernel probes a silent peer after 10 s, at both ends', async () => {
  const { listener, next } = await listening();
  const [a, b] = await Promise.all([linkTo(listener), next()]);
  for (const link of [a, b]) {
    // proc(5), /proc/net/tcp: local and remote address, state, queues, kind of timer (2: keep-alive) and its 1/100 s.
    const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
    const row = readFileSync('/proc/net/tcp', 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .find(
        (fields) => fields[1]?.endsWith(`:${hex(link.local.port)}`) && fields[2]?.endsWith(`:${hex(link.remote.port)}`),
      );
    const [kind, left] = row?.[5]?.split(':') ?? [];
    expect(kind).toBe('02');
    expect(Number.parseInt(left ?? '', 16)).toBeGreaterThan(0);
    expect(Number.parseInt(left ?? '', 16)).toBeLessThanOrEqual(1000);
  }
});
