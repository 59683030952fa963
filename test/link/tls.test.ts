import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectSecurely, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Link } from '../../src/link/link.ts';
import { PIN, pinOf } from '../../src/link/pin.ts';
import { selfSigned } from '../../src/link/self-signed.ts';
import { HANDSHAKE_WITHIN_MS } from '../../src/link/socket-link.ts';
import { connectTcp, type ListenTls, listenTcp } from '../../src/link/tcp.ts';
import { connectTls, type Proved, type TlsOptions } from '../../src/link/tls.ts';
import { need } from '../need.ts';
import { linkConformance } from './conformance.ts';
import { Recorder } from './recorder.ts';
import { authority, newTlsKey } from './tls-pair.ts';

const HOST = '127.0.0.1';
const KEY = newTlsKey();
const KEY_PIN = pinOf(new X509Certificate(KEY.cert).publicKey);
const REFUSAL = '{"type":"error","code":"tls_required","text":"speak TLS","closes":true}\n';
const TLS: ListenTls = { ...KEY, plainFrom: 'nobody', refusal: REFUSAL };

const cleanups: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A listener, and the links that it takes. */
async function listening(tls: ListenTls = TLS, host = HOST) {
  const taken: Link[] = [];
  const waiting: ((link: Link) => void)[] = [];
  const listener = await listenTcp({ host, port: 0, backlog: 16, tls }, (link) => {
    cleanups.push(() => link.destroy());
    const wanted = waiting.shift();
    if (wanted) wanted(link);
    else taken.push(link);
  });
  if (!listener.ok) throw new Error(listener.error.text);
  cleanups.push(() => listener.value.close());
  const next = (): Promise<Link> => {
    const link = taken.shift();
    if (link !== undefined) return Promise.resolve(link);
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  };
  return { port: listener.value.address.port, next };
}

const dialled = (port: number, more: Partial<TlsOptions> = {}) =>
  connectTls({ host: HOST, port, timeoutMs: 4000, ...more });

async function proved(port: number, more: Partial<TlsOptions> = {}): Promise<Proved> {
  const result = await dialled(port, more);
  if (!result.ok) throw new Error(result.error.text);
  cleanups.push(() => result.value.link.destroy());
  return result.value;
}

/** A socket that speaks plain text, and what it was told. */
async function plainTo(port: number): Promise<{ socket: Socket; told: () => string; closed: () => boolean }> {
  const socket = connect({ host: HOST, port });
  cleanups.push(() => socket.destroy());
  let told = '';
  let closed = false;
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
  });
  socket.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  await new Promise((resolve) => {
    socket.once('connect', resolve);
  });
  return { socket, told: () => told, closed: () => closed };
}

linkConformance('TLS', async () => {
  const { port, next } = await listening();
  const [a, b] = await Promise.all([proved(port), next()]);
  return [a.link, b];
});

linkConformance('TLS, by the first byte, where plain text is welcome too', async () => {
  const { port, next } = await listening({ ...TLS, plainFrom: 'loopback' });
  const [a, b] = await Promise.all([proved(port), next()]);
  return [a.link, b];
});

linkConformance('TCP where TLS is welcome too', async () => {
  const { port, next } = await listening({ ...TLS, plainFrom: 'loopback' });
  const [a, b] = await Promise.all([connectTcp({ host: HOST, port, timeoutMs: 2000 }), next()]);
  if (!a.ok) throw new Error(a.error.text);
  return [a.value, b];
});

describe('the peer', () => {
  test('is known by the pin of its key, whatever its certificate says', async () => {
    const { port } = await listening();
    const { peerPin, certified, selfSigned: isSelfSigned, link } = await proved(port);
    expect(peerPin).toBe(KEY_PIN);
    expect(peerPin).toMatch(PIN);
    expect({ certified, isSelfSigned }).toEqual({ certified: false, isSelfSigned: true });
    expect(link.secure?.peerPin).toBe(KEY_PIN);
  });

  test('with the expected key is let through, with another it is not, and hears nothing', async () => {
    const { port, next } = await listening();
    await proved(port, { expectPin: KEY_PIN });
    await next();
    const other = pinOf(new X509Certificate(newTlsKey().cert).publicKey);
    expect(await dialled(port, { expectPin: other })).toEqual({
      ok: false,
      error: {
        kind: 'wrong_key',
        text: `127.0.0.1:${port} has another key than expected: ${KEY_PIN}, not ${other}`,
        peerPin: KEY_PIN,
        selfSigned: true,
      },
    });
    const told = Recorder.on(await next());
    await told.untilClosed();
    expect(told.lines).toEqual([]);
  });

  test('and we have the same channel binding, which no other connection has', async () => {
    const { port, next } = await listening();
    const bindings: string[] = [];
    for (let i = 0; i < 2; i++) {
      const [{ link }, accepted] = await Promise.all([proved(port), next()]);
      const told = Recorder.on(accepted);
      link.write('hello\n');
      await told.untilLines(1);
      const ours = link.secure?.channelBinding();
      expect(ours?.length).toBe(32);
      expect(accepted.secure?.channelBinding()).toEqual(ours);
      expect(accepted.secure?.peerPin).toBeUndefined();
      bindings.push(Buffer.from(ours ?? []).toString('hex'));
    }
    expect(new Set(bindings).size).toBe(2);
  });

  test('resumes no session, though a client keeps what it is offered', async () => {
    const { port, next } = await listening();
    const sessions: Buffer[] = [];
    const once = (session?: Buffer) =>
      new Promise<{ reused: boolean; socket: TLSSocket }>((resolve, reject) => {
        const socket = connectSecurely(
          { host: HOST, port, rejectUnauthorized: false, ...(session === undefined ? {} : { session }) },
          () => resolve({ reused: socket.isSessionReused(), socket }),
        );
        socket.on('error', reject);
        socket.on('session', (ticket: Buffer) => sessions.push(ticket));
        cleanups.push(() => socket.destroy());
      });
    const first = await once();
    expect(first.reused).toBe(false);
    // Both ends speak, so whatever the server would offer has come.
    const accepted = await next();
    accepted.write('line\n');
    accepted.listen(new Recorder());
    first.socket.write('line\n');
    await new Promise((resolve) => {
      first.socket.once('data', resolve);
    });
    const kept = sessions[0] ?? first.socket.getSession();
    if (kept === undefined) throw new Error('a client always has a session to offer');
    expect((await once(kept)).reused).toBe(false);
  });

  test('that offers less than TLS 1.3 gets no connection, at either end', async () => {
    const { port } = await listening();
    const old = connectSecurely({ host: HOST, port, rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
    const refused = new Promise<Error>((resolve) => {
      old.once('error', resolve);
    });
    expect(String(await refused)).toMatch(/protocol version/i);

    const server = createTlsServer({ ...KEY, maxVersion: 'TLSv1.2' });
    server.on('tlsClientError', () => undefined);
    cleanups.push(() => server.close());
    await new Promise<void>((resolve) => {
      server.listen(0, HOST, resolve);
    });
    const address = server.address();
    const oldPort = typeof address === 'object' && address ? address.port : 0;
    expect(await dialled(oldPort)).toMatchObject({
      error: { kind: 'failed', text: expect.stringContaining(`${HOST}:${oldPort} does not speak TLS 1.3`) },
    });
  });

  test('that speaks plain text is told nothing but the first bytes of TLS', async () => {
    let heard = Buffer.alloc(0);
    const server = createServer((socket) => {
      cleanups.push(() => socket.destroy());
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        heard = Buffer.concat([heard, chunk]);
        socket.write('{"type":"welcome"}\n');
      });
    });
    cleanups.push(() => server.close());
    await new Promise<void>((resolve) => {
      server.listen(0, HOST, resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await dialled(port)).toMatchObject({
      error: { kind: 'failed', text: expect.stringContaining('does not speak TLS') },
    });
    expect(heard[0]).toBe(0x16);
  });

  test('that is silent is given up in time, and one that hangs up is told apart', async () => {
    const server = createServer((socket) => {
      cleanups.push(() => socket.destroy());
      socket.on('error', () => undefined);
      if (hangsUp) socket.destroy();
    });
    let hangsUp = false;
    cleanups.push(() => server.close());
    await new Promise<void>((resolve) => {
      server.listen(0, HOST, resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await dialled(port, { timeoutMs: 100 })).toMatchObject({ error: { kind: 'timeout' } });
    hangsUp = true;
    expect(await dialled(port)).toMatchObject({
      error: { kind: 'failed', text: `${HOST}:${port} ended the connection before TLS was agreed on` },
    });
  });

  test('is not there: why, as over plain TCP', async () => {
    expect(await dialled(1)).toMatchObject({ error: { kind: 'refused', text: `nothing listens on ${HOST}:1` } });
    expect(await dialled(70_000)).toMatchObject({ error: { kind: 'bad_address' } });
    expect(await dialled(1, { signal: AbortSignal.abort() })).toMatchObject({ error: { kind: 'aborted' } });
  });
});

describe('the first bytes', () => {
  test('of plain text from whom it is not taken are answered by one line and the end', async () => {
    const { port, next } = await listening();
    const { socket, told, closed } = await plainTo(port);
    const recorder = Recorder.on(await next());
    socket.write('{"type":"hello","version":1}\n{"type":"say","to":"#lobby","text":"hi"}\n');
    await recorder.untilClosed();
    await vi.waitUntil(closed);
    expect(told()).toBe(REFUSAL);
    expect(recorder.lines).toEqual([]);
  });

  test('of any kind but a handshake count as plain text', async () => {
    const { port, next } = await listening();
    for (const first of ['G', '\n', '\0', '\x15', '\x17', '{', '\xff']) {
      const { socket, told, closed } = await plainTo(port);
      const recorder = Recorder.on(await next());
      socket.write(first, 'latin1');
      await vi.waitUntil(closed);
      expect(told()).toBe(REFUSAL);
      await recorder.untilClosed();
    }
  });

  test('are awaited: before them nothing is said in plain text, and a refusal reaches the peer inside TLS', async () => {
    const { port, next } = await listening();
    const silent = await plainTo(port);
    const toSilent = await next();
    toSilent.listen(new Recorder());
    toSilent.write('a secret\n');
    toSilent.end();

    const [{ link }, accepted] = await Promise.all([
      proved(port),
      next().then((one) => {
        one.listen(new Recorder());
        one.write('the server is full\n');
        one.end();
        return one;
      }),
    ]);
    const told = Recorder.on(link);
    await told.untilClosed();
    expect(told.lines).toEqual(['the server is full']);
    expect(accepted.buffered).toBe(0);
    expect(silent.told()).toBe('');
    toSilent.destroy();
    await vi.waitUntil(silent.closed);
    expect(silent.told()).toBe('');
  });

  test.each([
    ['nothing at all', ''],
    ['the beginning of a handshake', '\x16\x03\x01'],
  ])('%s, and then silence, ends in time', async (_, first) => {
    const { port, next } = await listening();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { socket, closed } = await plainTo(port);
    const recorder = Recorder.on(await next());
    if (first !== '') socket.write(first, 'latin1');
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    vi.advanceTimersByTime(HANDSHAKE_WITHIN_MS - 1);
    expect(recorder.count('closed')).toBe(0);
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    await recorder.untilClosed();
    await vi.waitUntil(closed);
  });

  test('that only look like a handshake end the connection, and the listener goes on', async () => {
    const { port, next } = await listening();
    const { socket, closed } = await plainTo(port);
    const recorder = Recorder.on(await next());
    socket.write(Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    await recorder.untilClosed();
    await vi.waitUntil(closed);
    expect(recorder.lines).toEqual([]);
    await proved(port);
  });

  test('one by one still make a handshake', async () => {
    const { port, next } = await listening();
    // A relay that passes on a byte at a time.
    const relay = createServer((socket) => {
      const onward = connect({ host: HOST, port, noDelay: true });
      cleanups.push(() => {
        socket.destroy();
        onward.destroy();
      });
      socket.on('error', () => undefined);
      onward.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        for (const byte of chunk) onward.write(Uint8Array.of(byte));
      });
      onward.on('data', (chunk) => socket.write(chunk));
    });
    cleanups.push(() => relay.close());
    await new Promise<void>((resolve) => {
      relay.listen(0, HOST, resolve);
    });
    const address = relay.address();
    const relayPort = typeof address === 'object' && address ? address.port : 0;
    const accepted = next().then((link) => Recorder.on(link));
    const { link } = await proved(relayPort);
    link.write('hello\n');
    await (await accepted).untilLines(1);
  });
});

describe.runIf(need('openssl'))('a certificate of an authority', () => {
  const temporary = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'uchat-ca-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  };

  test('counts for the host that it names, and by an authority that is asked for', async () => {
    const { ca, issue } = authority(temporary());
    const { port } = await listening({ ...TLS, ...issue('localhost') }, 'localhost');
    const named = { host: 'localhost' };
    expect(await proved(port, { ...named, authorities: [ca] })).toMatchObject({ certified: true, selfSigned: false });
    expect(await proved(port, named)).toMatchObject({ certified: false, selfSigned: false });
    expect(await proved(port, { ...named, authorities: [newTlsKey().cert] })).toMatchObject({ certified: false });
    // Addresses are pinned only.
    const { port: other } = await listening({ ...TLS, ...issue('localhost') });
    expect(await proved(other, { authorities: [ca] })).toMatchObject({ certified: false });
  });

  test('counts not for another host', async () => {
    const { ca, issue } = authority(temporary());
    const { port } = await listening({ ...TLS, ...issue('elsewhere.example') }, 'localhost');
    expect(await proved(port, { host: 'localhost', authorities: [ca] })).toMatchObject({ certified: false });
  });

  test('and a self-signed one counts not, unless it is the authority itself', async () => {
    const { port } = await listening(TLS, 'localhost');
    const { ca } = authority(temporary());
    expect(await proved(port, { host: 'localhost', authorities: [ca] })).toMatchObject({ certified: false });
  });
});

describe('a self-signed certificate', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = selfSigned(privateKey, 'uchat');

  test('is one of its key, says what it should, and has no end', () => {
    const parsed = new X509Certificate(pem);
    expect(parsed.checkPrivateKey(privateKey)).toBe(true);
    expect(parsed.verify(publicKey)).toBe(true);
    expect(parsed.checkIssued(parsed)).toBe(true);
    expect(parsed.ca).toBe(false);
    expect({ subject: parsed.subject, issuer: parsed.issuer }).toEqual({ subject: 'CN=uchat', issuer: 'CN=uchat' });
    expect(parsed.validToDate.getUTCFullYear()).toBe(9999);
    expect(parsed.validFromDate.getTime()).toBeLessThan(Date.now());
    expect(pinOf(parsed.publicKey)).toBe(pinOf(publicKey));
  });

  test('has a number of its own, and any name', () => {
    expect(new X509Certificate(selfSigned(privateKey, 'uchat')).serialNumber).not.toBe(
      new X509Certificate(pem).serialNumber,
    );
    const name = 'ü'.repeat(60);
    expect(new X509Certificate(selfSigned(privateKey, name)).subject).toBe(`CN=${name}`);
  });

  test('is made for Ed25519 only', () => {
    const { privateKey: other } = generateKeyPairSync('x25519');
    expect(() => selfSigned(createPrivateKey(other.export({ type: 'pkcs8', format: 'pem' })), 'x')).toThrow('Ed25519');
  });

  test.runIf(need('openssl'))('is read by openssl', () => {
    const text = execFileSync('openssl', ['x509', '-noout', '-text'], { input: pem }).toString();
    expect(text).toContain('Version: 3 (0x2)');
    expect(text).toContain('Signature Algorithm: ED25519');
    expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
    expect(text).toMatch(/Not After : Dec 31 23:59:59 9999/);
    expect(execFileSync('openssl', ['asn1parse'], { input: pem }).toString()).not.toMatch(/error|bad/i);
  });
});
