/**
 * How long a frame of a private chat is on its way, straight and over the server: `node test/bench/direct.ts`.
 *
 * Three processes on this host: alice (this one), bob, who sends each frame back, and a real server. A time is half of
 * there and back again, with one frame under way; sealing isn't in it. `--size FRAMES`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Link } from '../../src/link/link.ts';
import { connectTcp } from '../../src/link/tcp.ts';
import { connectTls } from '../../src/link/tls.ts';
import type { DirectOffer } from '../../src/peer/direct.ts';
import { createDoor } from '../../src/peer/direct-door.ts';
import type { ServerMessage } from '../../src/protocol/server-messages.ts';
import { startServer } from '../../src/server/main.ts';
import { deviceOf, groupOf } from '../server/sealed.ts';
import { alone, type Benchmark, type How } from './harness/benchmark.ts';
import type { Figure } from './harness/figure.ts';

const HOST = '127.0.0.1';
const CHAT = groupOf('bench');
const WARM_UP = 500;
const FRAMES = 5000;
/** Characters of a sealed message. */
const SEALED = 400;
const ROLE = '--role';

/** Of two guests who haven't been here before. */
interface Names {
  readonly alice: string;
  readonly bob: string;
}

/** Between the processes. */
type Word =
  | { readonly kind: 'port'; readonly port: number }
  | { readonly kind: 'offer'; readonly offer: DirectOffer }
  | { readonly kind: 'relay'; readonly port: number; readonly tls: boolean; readonly names: Names }
  | { readonly kind: 'ready' };

const sealedLine = (seq: number, message: string): string =>
  JSON.stringify({ kind: 'sealed', chat: CHAT, seq, message });

/** The next word of a process. */
const nextWord = (from: NodeJS.Process | ChildProcess): Promise<Word> =>
  new Promise((resolve) => {
    from.once('message', (word) => resolve(word as Word));
  });
const toParent = (word: Word): void => void process.send?.(word);

const listenTo = (link: Link, frame: (line: string) => void): void =>
  link.listen({ frame, fault: () => undefined, drained: () => undefined, closed: () => undefined });

/** A way for the lines of a chat. */
interface Path {
  write(frame: string): void;
  onFrame(read: (seq: number) => void): void;
  close(): void;
}

function directPath(link: Link): Path {
  let read: (seq: number) => void = () => undefined;
  listenTo(link, (line) => read((JSON.parse(line) as { seq: number }).seq));
  return {
    write: (frame) => void link.write(`${frame}\n`),
    onFrame: (to) => {
      read = to;
    },
    close: () => link.destroy(),
  };
}

/** A guest who is in, as a device. */
async function relayPath(port: number, tls: boolean, me: string, other: string): Promise<Path> {
  const at = { host: HOST, port, timeoutMs: 5000 };
  const connected = tls ? await connectTls(at) : await connectTcp(at);
  if (!connected.ok) throw new Error(connected.error.text);
  const link = 'link' in connected.value ? connected.value.link : connected.value;
  let read: (seq: number) => void = () => undefined;
  const isIn = Promise.withResolvers<null>();
  listenTo(link, (line) => {
    const message = JSON.parse(line) as ServerMessage;
    if (message.type === 'private' && 'seq' in message.frame) read(message.frame.seq);
    if (message.type === 'device') isIn.resolve(null);
    if (message.type === 'error') throw new Error(message.text);
  });
  const send = (message: object) => link.write(`${JSON.stringify(message)}\n`);
  send({ type: 'hello', version: 1, name: me, auth: { method: 'guest' } });
  send({ type: 'device', device: deviceOf(me), packages: [] });
  await isIn.promise;
  const head = `{"type":"private","to":"~${other}","device":"${deviceOf(other)}","frame":`;
  return {
    write: (frame) => void link.write(`${head}${frame}}\n`),
    onFrame: (to) => {
      read = to;
    },
    close: () => link.destroy(),
  };
}

async function directLink(theirs: DirectOffer, mine: (offer: DirectOffer) => void): Promise<Link> {
  const port = await createDoor().open();
  mine(port.offer);
  const linked = Promise.withResolvers<Link>();
  port.connect(theirs, linked.resolve);
  return await linked.promise;
}

async function beServer(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-bench-'));
  const started = await startServer(
    {
      host: HOST,
      port: 0,
      dataFolder: folder,
      awayAfter: 900_000,
      logOffAfter: 900_000,
      guests: true,
      hostLogin: false,
      registration: 'invite',
      lockoutAfter: 3,
      lockoutFor: 60_000,
      rateLimit: false,
      durability: 'process',
    },
    { show: () => undefined },
  );
  if (!started.ok) throw new Error(started.error.text);
  process.once('disconnect', () => {
    started.value.stop().then(
      () => rmSync(folder, { recursive: true, force: true }),
      () => process.exit(1),
    );
  });
  const { port } = started.value.address;
  toParent({ kind: 'port', port });
}

/** Sends back what comes. */
async function beBob(size: number): Promise<void> {
  const message = 'b'.repeat(size);
  const word = await nextWord(process);
  let path: Path;
  if (word.kind === 'relay') path = await relayPath(word.port, word.tls, word.names.bob, word.names.alice);
  else if (word.kind === 'offer')
    path = directPath(await directLink(word.offer, (offer) => toParent({ kind: 'offer', offer })));
  else throw new Error(`bob can't do ${word.kind}`);
  path.onFrame((seq) => path.write(sealedLine(seq, message)));
  process.once('disconnect', () => process.exit());
  toParent({ kind: 'ready' });
}

/** One link, of those that come about, the same on both sides: alice is not dialled. */
async function direct(bob: ChildProcess): Promise<Path> {
  const port = await createDoor().open();
  bob.send({ kind: 'offer', offer: { addresses: [], pin: port.offer.pin } } satisfies Word);
  const word = await nextWord(bob);
  if (word.kind !== 'offer') throw new Error('bob makes an offer');
  const linked = Promise.withResolvers<Link>();
  const isReady = nextWord(bob);
  port.connect({ ...word.offer, addresses: word.offer.addresses.slice(0, 1) }, linked.resolve);
  const path = directPath(await linked.promise);
  await isReady;
  return path;
}

async function relayed(bob: ChildProcess, port: number, tls: boolean): Promise<Path> {
  const names = { alice: `alice-${tls}`, bob: `bob-${tls}` };
  const path = await relayPath(port, tls, names.alice, names.bob);
  bob.send({ kind: 'relay', port, tls, names } satisfies Word);
  await nextWord(bob);
  return path;
}

/** Milliseconds one way, sorted. */
async function measure(path: Path, frames: number, message: string): Promise<Float64Array> {
  const times = new Float64Array(frames);
  const done = Promise.withResolvers<null>();
  let sent = 0;
  const next = (seq: number) => {
    sent = performance.now();
    path.write(sealedLine(seq, message));
  };
  path.onFrame((seq) => {
    if (seq > WARM_UP) times[seq - WARM_UP - 1] = (performance.now() - sent) / 2;
    if (seq === frames + WARM_UP) done.resolve(null);
    else next(seq + 1);
  });
  next(1);
  await done.promise;
  return times.sort();
}

async function* run(how: How): AsyncGenerator<Figure> {
  const start = (role: string): ChildProcess => fork(fileURLToPath(import.meta.url), [ROLE, role]);
  const server = start('server');
  const told = await nextWord(server);
  if (told.kind !== 'port') throw new Error('the server tells its port');
  const { port } = told;
  const ways: readonly [string, (bob: ChildProcess) => Promise<Path>][] = [
    ['straight, mutual TLS', (bob) => direct(bob)],
    ['by the server, plain (loopback)', (bob) => relayed(bob, port, false)],
    ['by the server, TLS', (bob) => relayed(bob, port, true)],
  ];
  const frames = how.size(FRAMES, 50);
  for (const [what, open] of ways) {
    const bob = start('bob');
    const path = await open(bob);
    const times = await measure(path, frames, 'a'.repeat(SEALED));
    for (const [name, share] of [
      ['p50', 0.5],
      ['p99', 0.99],
      ['worst', 1],
    ] as const)
      yield {
        name: `${what}, one way: ${name}`,
        value: times[Math.min(frames - 1, Math.floor(frames * share))] ?? Number.NaN,
        unit: 'ms',
      };
    path.close();
    bob.disconnect();
  }
  server.disconnect();
}

export const benchmark: Benchmark = {
  name: 'direct',
  measures: 'how long a frame of a private chat is on its way, straight and over the server',
  run,
};

if (import.meta.main) {
  const [, , word, role] = process.argv;
  if (word !== ROLE) await alone(benchmark);
  else if (role === 'server') await beServer();
  else await beBob(SEALED);
}
