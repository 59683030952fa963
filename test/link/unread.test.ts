/** A link that ends while its peer reads nothing. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Link } from '../../src/link/link.ts';
import { listenTcp } from '../../src/link/tcp.ts';
import { Recorder } from './recorder.ts';
import { newTlsKey } from './tls-pair.ts';

const HOST = '127.0.0.1';
/** Milliseconds that a link which ends waits for its peer. */
const CLOSES_WITHIN = 5000;
const LINE = `${'x'.repeat(65_535)}\n`;

const cleanups: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

/** A server's link, and its peer, which reads nothing until it resumes. */
async function setUp(kind: 'TCP' | 'TLS') {
  const { promise: accepted, resolve } = Promise.withResolvers<Link>();
  const tls = { ...newTlsKey(), plainFrom: 'loopback', refusal: '' } as const;
  const listener = await listenTcp({ host: HOST, port: 0, backlog: 16, tls }, resolve);
  if (!listener.ok) throw new Error(listener.error.text);
  const { port } = listener.value.address;
  const peer: Socket =
    kind === 'TLS' ? connectTls({ host: HOST, port, rejectUnauthorized: false }) : connect({ host: HOST, port });
  const got: Buffer[] = [];
  let end: string | undefined;
  peer.on('data', (chunk: Buffer) => void got.push(chunk)).pause();
  peer.on('error', (error: NodeJS.ErrnoException) => {
    end ??= error.code;
  });
  peer.on('close', () => {
    end ??= 'closed';
  });
  const link = await accepted;
  const told = Recorder.on(link);
  cleanups.push(
    () => peer.destroy(),
    () => link.destroy(),
    () => listener.value.close(),
  );
  peer.write('ready\n');
  await told.untilLines(1);
  const text = (): string => Buffer.concat(got).toString();
  const { localPort = 0 } = peer;
  return { link, told, peer, text, end: () => end, ports: [port, localPort] as const };
}

/** Until the kernel takes no more. */
async function fill(link: Link): Promise<number> {
  for (let lines = 1; lines < 500; lines++) {
    link.write(LINE);
    for (let i = 0; i < 10 && link.buffered > 0; i++) await settle();
    if (link.buffered > 0) return lines;
  }
  throw new Error('the kernel takes all');
}

/** How much of the connection the kernel still keeps for its owner's end: its state, if it is there (proc(5), /proc/net/tcp). */
function keptState([local, remote]: readonly [number, number]): string | undefined {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');
  const rows = readFileSync('/proc/net/tcp', 'latin1').split('\n');
  const fields = rows.map((row) => row.trim().split(/\s+/));
  return fields.find(([, from, to]) => from?.endsWith(`:${hex(local)}`) && to?.endsWith(`:${hex(remote)}`))?.[3];
}

describe.each(['TCP', 'TLS'] as const)('over %s', (kind) => {
  test('what was told before the end is read by who reads again in time, with all before it', async () => {
    const { link, told, peer, text, end } = await setUp(kind);
    const lines = await fill(link);
    link.write('the reason\n');
    link.end();
    peer.resume();
    await told.untilClosed();
    await vi.waitUntil(() => end() === 'closed');
    expect(text() === `${LINE.repeat(lines)}the reason\n`).toBe(true);
  });

  test.skipIf(process.platform !== 'linux')(
    'whoever reads again too late gets the beginning and a reset, and the kernel has kept nothing',
    async () => {
      const { link, told, peer, text, end, ports } = await setUp(kind);
      const lines = await fill(link);
      expect(keptState(ports)).toBe('01');
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      link.end();
      vi.advanceTimersByTime(CLOSES_WITHIN - 1);
      await settle();
      expect(told.count('closed')).toBe(0);
      vi.advanceTimersByTime(1);
      vi.useRealTimers();
      await told.untilClosed();
      expect(keptState(ports)).toBeUndefined();
      peer.resume();
      await vi.waitUntil(() => end() !== undefined);
      expect(end()).toBe('ECONNRESET');
      expect(LINE.repeat(lines).startsWith(text())).toBe(true);
    },
  );

  test('what the kernel has taken comes however late it is read', async () => {
    const { link, told, peer, text, end } = await setUp(kind);
    link.write('last words\n');
    await settle();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    link.end();
    await settle();
    vi.advanceTimersByTime(CLOSES_WITHIN);
    vi.useRealTimers();
    await told.untilClosed();
    peer.resume();
    await vi.waitUntil(() => end() !== undefined);
    expect([text(), end()]).toEqual(['last words\n', 'closed']);
  });
});
