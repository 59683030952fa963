import { generateKeyPairSync } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { connect as connectSecurely, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Link } from '../../src/link/link.ts';
import {
  type Arrival,
  connectMutual,
  listenMutual,
  MAX_UNPROVED,
  type MutualListener,
  type MutualOptions,
  newMutualKey,
  PROVE_WITHIN_MS,
  serverNameOf,
} from '../../src/link/mutual-tls.ts';
import { PIN, pinOf } from '../../src/link/pin.ts';
import { selfSigned } from '../../src/link/self-signed.ts';
import { linkConformance } from './conformance.ts';
import { Recorder } from './recorder.ts';

const HOST = '127.0.0.1';
const OURS = newMutualKey();
const THEIRS = newMutualKey();
const ANOTHER = newMutualKey();

const cleanups: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function take(arrival: Arrival): Link {
  const link = arrival.take();
  if (link === undefined) throw new Error('the dialler has gone');
  return link;
}

/** A key that raw TLS can be given. */
function rawKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, cert: selfSigned(privateKey, 'x'), pin: pinOf(publicKey) };
}

/** What has happened so far, and the next of what happens. */
class Coming<T> {
  readonly all: T[] = [];
  #seen = 0;

  add(one: T): void {
    this.all.push(one);
  }

  async next(): Promise<T> {
    await vi.waitUntil(() => this.all.length > this.#seen, { timeout: 4000, interval: 5 });
    const one = this.all[this.#seen++];
    if (one === undefined) throw new Error('it has come');
    return one;
  }
}

async function listening(host = HOST): Promise<MutualListener> {
  const listener = await listenMutual({ host, port: 0 });
  if (!listener.ok) throw new Error(listener.error.text);
  cleanups.push(() => listener.value.close());
  return listener.value;
}

/** Serves `THEIRS`. */
async function serving(host = HOST) {
  const listener = await listening(host);
  const arrivals = new Coming<Arrival>();
  const unserve = listener.serve(THEIRS, (arrival) => {
    cleanups.push(() => arrival.refuse());
    arrivals.add(arrival);
  });
  return { listener, port: listener.address.port, arrivals, unserve };
}

const dialled = (port: number, more: Partial<MutualOptions> = {}) =>
  connectMutual({ host: HOST, port, timeoutMs: 4000, key: OURS, expectPin: THEIRS.pin, ...more });

async function linked(port: number, more: Partial<MutualOptions> = {}): Promise<Link> {
  const result = await dialled(port, more);
  if (!result.ok) throw new Error(result.error.text);
  cleanups.push(() => result.value.destroy());
  return result.value;
}

/** TLS without our rules, and whether it has stood, and has ended. */
function rawTls(port: number, options: object) {
  const seen = { secure: false, closed: false, code: '' };
  const socket = connectSecurely({ host: HOST, port, rejectUnauthorized: false, ca: [], ...options });
  cleanups.push(() => socket.destroy());
  socket.once('secureConnect', () => {
    seen.secure = true;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    seen.code = error.code ?? error.message;
  });
  socket.on('close', () => {
    seen.closed = true;
  });
  socket.resume();
  return { socket, seen };
}

/** A socket that speaks no TLS. */
function plainTo(port: number): { readonly socket: Socket; readonly closed: () => boolean } {
  let closed = false;
  const socket = connect({ host: HOST, port });
  cleanups.push(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
  });
  socket.resume();
  return { socket, closed: () => closed };
}

async function portOf(server: Server): Promise<number> {
  cleanups.push(() => server.close());
  await new Promise<void>((resolve) => {
    server.listen(0, HOST, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** A listener that isn't ours. @param met gets who has connected. */
async function foreign(options: object, met: (socket: TLSSocket) => void): Promise<number> {
  const server = createTlsServer(options, (socket) => {
    cleanups.push(() => socket.destroy());
    socket.on('error', () => undefined);
    met(socket);
  });
  server.on('tlsClientError', () => undefined);
  return await portOf(server);
}

for (const host of [HOST, '::1'])
  linkConformance(`mutual TLS at ${host}`, async () => {
    const { port, arrivals } = await serving(host);
    const [a, b] = await Promise.all([linked(port, { host }), arrivals.next().then(take)]);
    return [a, b];
  });

describe('both sides', () => {
  test('know the key of the other', async () => {
    const { port, arrivals } = await serving();
    const dialling = linked(port);
    const arrival = await arrivals.next();
    expect(arrival.pin).toBe(OURS.pin);
    expect(arrival.pin).toMatch(PIN);
    const [there, here] = [take(arrival), await dialling];
    expect(here.secure?.peerPin).toBe(THEIRS.pin);
    expect(there.secure?.peerPin).toBe(OURS.pin);
    expect(here.secure?.channelBinding()).toEqual(there.secure?.channelBinding());
  });

  test('make a new key each time', () => {
    expect(new Set([OURS.pin, THEIRS.pin, ANOTHER.pin]).size).toBe(3);
    expect(serverNameOf(OURS.pin)).not.toBe(serverNameOf(THEIRS.pin));
    expect(serverNameOf(OURS.pin)).toMatch(/^[0-9a-f]{32}\.uchat\.invalid$/);
  });

  test('have no link before the listener has taken the other in', async () => {
    const { port, arrivals } = await serving();
    let isDone = false;
    const dialling = linked(port).then((link) => {
      isDone = true;
      return link;
    });
    const arrival = await arrivals.next();
    for (let i = 0; i < 50; i++) await turn();
    expect(isDone).toBe(false);
    arrival.take();
    await dialling;
  });
});

describe('the listener', () => {
  test('tells which key was shown, and whoever shows a wrong one hears nothing', async () => {
    const { port, arrivals } = await serving();
    const dialling = dialled(port, { key: ANOTHER });
    const arrival = await arrivals.next();
    expect(arrival.pin).toBe(ANOTHER.pin);
    arrival.refuse();
    expect(await dialling).toEqual({
      ok: false,
      error: { kind: 'failed', text: `${HOST}:${port} does not take our key` },
    });
  });

  test('has nothing to do with whoever shows no certificate', async () => {
    const { port, arrivals } = await serving();
    const { seen } = rawTls(port, { servername: serverNameOf(THEIRS.pin) });
    await vi.waitUntil(() => seen.closed);
    expect(arrivals.all).toEqual([]);
  });

  test('shows its key to nobody who does not ask for it by name', async () => {
    const { port, arrivals } = await serving();
    for (const more of [{}, { servername: 'localhost' }, { servername: serverNameOf(ANOTHER.pin) }]) {
      const { key, cert } = rawKey();
      const { seen } = rawTls(port, { key, cert, ...more });
      await vi.waitUntil(() => seen.closed);
      expect(seen.secure).toBe(false);
    }
    expect(arrivals.all).toEqual([]);
  });

  test('speaks nothing older than TLS 1.3', async () => {
    const { port, arrivals } = await serving();
    const { key, cert } = rawKey();
    const { seen } = rawTls(port, { key, cert, servername: serverNameOf(THEIRS.pin), maxVersion: 'TLSv1.2' });
    await vi.waitUntil(() => seen.closed);
    expect(seen).toMatchObject({ secure: false, code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    expect(arrivals.all).toEqual([]);
  });

  test('resumes no session, though a client keeps what it is offered', async () => {
    const { port, arrivals } = await serving();
    const { key, cert, pin } = rawKey();
    const options = { key, cert, servername: serverNameOf(THEIRS.pin) };
    const first = rawTls(port, options);
    const sessions: Buffer[] = [];
    first.socket.on('session', (session: Buffer) => sessions.push(session));
    (await arrivals.next()).take();
    await vi.waitUntil(() => first.seen.secure);
    for (let i = 0; i < 20; i++) await turn();
    const session = sessions[0] ?? first.socket.getSession();
    if (session === undefined) throw new Error('a client always has a session to offer');
    const second = rawTls(port, { ...options, session });
    const arrival = await arrivals.next();
    expect(second.socket.isSessionReused()).toBe(false);
    expect(arrival.pin).toBe(pin);
  });

  test('serves several keys at one port, each to who asks for it', async () => {
    const { listener, port, arrivals, unserve } = await serving();
    const others = new Coming<Arrival>();
    listener.serve(ANOTHER, (arrival) => others.add(arrival));
    const [link, other] = await Promise.all([
      linked(port),
      linked(port, { expectPin: ANOTHER.pin }),
      arrivals.next().then(take),
      others.next().then(take),
    ]);
    expect([link.secure?.peerPin, other.secure?.peerPin]).toEqual([THEIRS.pin, ANOTHER.pin]);
    unserve();
    expect(await dialled(port)).toMatchObject({ ok: false });
    await Promise.all([linked(port, { expectPin: ANOTHER.pin }), others.next().then(take)]);
    expect(arrivals.all).toHaveLength(1);
  });

  test('keeps few strangers, and those who say nothing keep nobody out', async () => {
    const { listener, port, arrivals } = await serving();
    const strangers = Array.from({ length: 3 * MAX_UNPROVED }, () => plainTo(port));
    await vi.waitUntil(() => strangers.filter(({ closed }) => closed()).length >= 2 * MAX_UNPROVED, { timeout: 4000 });
    expect(listener.unproved).toBe(MAX_UNPROVED);
    const [link, there] = await Promise.all([linked(port), arrivals.next().then(take)]);
    const told = Recorder.on(there);
    Recorder.on(link);
    link.write('hello\n');
    await told.untilLines(1);
    expect(listener.unproved).toBeLessThanOrEqual(MAX_UNPROVED);
  });

  test.each([
    ['nothing at all', ''],
    ['the beginning of a handshake', '\x16\x03\x01'],
  ])('cuts off who says %s, in time', async (_, first) => {
    const { listener, port } = await serving();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { socket, closed } = plainTo(port);
    while (listener.unproved === 0) await turn();
    if (first !== '') socket.write(first, 'latin1');
    for (let i = 0; i < 20; i++) await turn();
    vi.advanceTimersByTime(PROVE_WITHIN_MS - 1);
    expect(listener.unproved).toBe(1);
    vi.advanceTimersByTime(1);
    while (!closed()) await turn();
    expect(listener.unproved).toBe(0);
  });

  test('is not upset by what is no TLS, and goes on', async () => {
    const { listener, port, arrivals } = await serving();
    for (const garbage of [
      '{"type":"hello"}\n',
      'GET / HTTP/1.1\r\n\r\n',
      '\x16\x03\x01\x00\x05\x01\x02\x03\x04\x05',
    ]) {
      const { socket, closed } = plainTo(port);
      socket.write(garbage, 'latin1');
      await vi.waitUntil(closed);
    }
    expect(listener.unproved).toBe(0);
    await Promise.all([linked(port), arrivals.next().then(take)]);
  });

  test('that closes frees its port, cuts off strangers, and leaves the links that stand', async () => {
    const { listener, port, arrivals } = await serving();
    const [a, b] = await Promise.all([linked(port), arrivals.next().then(take)]);
    const { closed } = plainTo(port);
    await vi.waitUntil(() => listener.unproved === 1);
    listener.close();
    await vi.waitUntil(closed);
    const again = await listenMutual({ host: HOST, port });
    expect(again.ok).toBe(true);
    if (again.ok) cleanups.push(() => again.value.close());
    Recorder.on(a);
    const told = Recorder.on(b);
    a.write('still here\n');
    await told.untilLines(1);
  });

  test('that finds no port says why', async () => {
    const { port } = await serving();
    expect(await listenMutual({ host: HOST, port })).toMatchObject({ error: { kind: 'in_use' } });
    expect(await listenMutual({ host: '192.0.2.1', port: 0 })).toMatchObject({ error: { kind: 'no_such_address' } });
  });
});

test('whoever has gone before being taken makes no link', async () => {
  const { port, arrivals } = await serving();
  const stop = new AbortController();
  const dialling = dialled(port, { signal: stop.signal });
  const arrival = await arrivals.next();
  stop.abort();
  await dialling;
  await vi.waitUntil(() => arrival.take() === undefined, { interval: 5 });
  arrival.refuse();
});

describe('the dialler', () => {
  test('tells nothing to whoever holds another key', async () => {
    let heard = 0;
    const { key, cert } = rawKey();
    const port = await foreign({ key, cert, minVersion: 'TLSv1.3' }, (socket) => {
      socket.on('data', (chunk: Buffer) => {
        heard += chunk.length;
      });
      socket.write('\n');
    });
    expect(await dialled(port)).toEqual({
      ok: false,
      error: { kind: 'wrong_key', text: `${HOST}:${port} has not proved the key that was expected` },
    });
    expect(heard).toBe(0);
  });

  test('speaks nothing older than TLS 1.3', async () => {
    const { key, cert, pin } = rawKey();
    const port = await foreign({ key, cert, maxVersion: 'TLSv1.2' }, (socket) => socket.write('\n'));
    expect(await dialled(port, { expectPin: pin })).toMatchObject({ ok: false });
  });

  test('waits no longer than it should for the word that it is taken, and takes no other', async () => {
    const { key, cert, pin } = rawKey();
    const met: TLSSocket[] = [];
    let word = '';
    const port = await foreign(
      { key, cert, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false },
      (socket) => {
        met.push(socket);
        if (word !== '') socket.write(word);
      },
    );
    const refused = { ok: false, error: { text: `${HOST}:${port} does not take our key` } };
    expect(await dialled(port, { expectPin: pin, timeoutMs: 100 })).toMatchObject(refused);

    const stop = new AbortController();
    const dialling = dialled(port, { expectPin: pin, signal: stop.signal, timeoutMs: 60_000 });
    await vi.waitUntil(() => met.length === 2);
    stop.abort();
    expect(await dialling).toMatchObject({ ok: false });

    word = '{"kind":"sealed"}\n';
    expect(await dialled(port, { expectPin: pin })).toMatchObject(refused);

    word = '\n';
    const link = await linked(port, { expectPin: pin });
    expect(link.secure?.peerPin).toBe(pin);
  });

  test('is told why where nobody listens, nobody speaks TLS, or it is given up', async () => {
    expect(await dialled(1)).toMatchObject({ error: { kind: 'refused' } });
    expect(await dialled(70_000)).toMatchObject({ error: { kind: 'bad_address' } });
    expect(await dialled(1, { signal: AbortSignal.abort() })).toMatchObject({ error: { kind: 'aborted' } });
    const chatty = createServer((socket) => {
      cleanups.push(() => socket.destroy());
      socket.on('error', () => undefined);
      socket.write('220 hello\r\n');
    });
    expect(await dialled(await portOf(chatty))).toMatchObject({ ok: false });
    const silent = createServer((socket) => {
      cleanups.push(() => socket.destroy());
      socket.on('error', () => undefined);
      socket.resume();
    });
    expect(await dialled(await portOf(silent), { timeoutMs: 100 })).toMatchObject({ error: { kind: 'timeout' } });
  });
});

describe('a peer that has stopped answering', () => {
  /** It reads, and never closes its side. */
  async function stuck() {
    const { key, cert, pin } = rawKey();
    let sawEnd = false;
    const options = { key, cert, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false };
    const port = await foreign({ ...options, allowHalfOpen: true }, (socket) => {
      socket.on('end', () => {
        sawEnd = true;
      });
      socket.resume();
      socket.write('\n');
    });
    const link = await linked(port, { expectPin: pin });
    return { link, told: Recorder.on(link), sawEnd: () => sawEnd };
  }

  test('and is ended is cut off after 5 s', async () => {
    const { link, told, sawEnd } = await stuck();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    link.end();
    while (!sawEnd()) await turn();
    vi.advanceTimersByTime(4999);
    for (let i = 0; i < 20; i++) await turn();
    expect(told.count('closed')).toBe(0);
    vi.advanceTimersByTime(1);
    while (told.count('closed') === 0) await turn();
    expect(told.all).toEqual([{ kind: 'closed', reason: { kind: 'closed' } }]);
  });

  test('and is destroyed is gone at once', async () => {
    for (const way of ['destroy', 'reset'] as const) {
      const { link, told } = await stuck();
      link[way]();
      await told.untilClosed();
      expect(told.all).toEqual([{ kind: 'closed', reason: { kind: 'closed' } }]);
    }
  });
});
