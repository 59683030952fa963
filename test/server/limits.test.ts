/** Whoever exceeds a limit pays for it, and nobody else notices: over real sockets. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { WRITES } from '../../src/server/core/limits.ts';
import type { Host } from '../../src/server/identify.ts';
import type { WireClient } from './client.ts';
import { startTestServer, type TestServer } from './running.ts';

const say = (words: string, id: string) => ({ type: 'say', to: '#lobby', text: words, id });
/** A host on which every connection belongs to the user id that `owner` says at the moment. */
const hostOf = (owner: () => number): Host => ({
  ownerOf: () => Promise.resolve(owner()),
  nameOf: (uid) => Promise.resolve(`user${uid}`),
  isUnixLogin: () => Promise.resolve(false),
});

/** Two who are here talk; what each wait took, in milliseconds. */
async function talk(from: WireClient, to: WireClient, times: number): Promise<number[]> {
  const waits: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    from.send(say(`still here ${i}`, `${start}-${i}`.replace('.', '-')));
    await to.until('message');
    waits.push(performance.now() - start);
  }
  return waits;
}

test('a flood from one source is refused, while others log in and talk', async () => {
  let accepted = 0;
  // The first and the last are of two who behave.
  const owner = (): number => [1001, 1009, 1002][Math.ceil(accepted++ / 500)] ?? 1002;
  const server = await startTestServer({ rateLimit: true }, { host: hostOf(owner) });
  const alice = await server.guest('alice');
  const flood = await Promise.all(Array.from({ length: 500 }, () => server.connect()));
  const bob = await server.guest('bob');
  await talk(bob, alice, 5);
  await expect.poll(() => flood.filter(({ isClosed }) => isClosed).length).toBe(484);
  const told = flood.flatMap(({ inbox }) => inbox);
  expect(told).toHaveLength(10);
  for (const frame of told) expect(frame).toMatchObject({ code: 'too_many_pending', closes: true });
  expect(server.notices.filter(({ kind }) => kind === 'refused')).toHaveLength(10);
});

/** Only root can start a process as somebody else. */
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

async function flood(server: TestServer, count: number, how: 'idle' | 'hello'): Promise<ChildProcess> {
  const program = new URL('./flooder.ts', import.meta.url).pathname;
  // Somebody else of this host, as the kernel sees it.
  const child = spawn(process.execPath, [program, `${server.port}`, `${count}`, how], {
    uid: 61_009,
    cwd: '/',
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  await once(child, 'spawn');
  return child;
}

test.runIf(isRoot).each(['idle', 'hello'] as const)(
  'ten thousand connections of one Unix user, %s, hold nobody else up',
  async (how) => {
    const server = await startTestServer({ rateLimit: true });
    const [alice, bob] = [await server.guest('alice'), await server.guest('bob')];
    const child = await flood(server, 10_000, how);
    let isDone = false;
    child.stdout?.once('data', () => {
      isDone = true;
    });
    const waits: number[] = [];
    for (let i = 0; !isDone; i++) {
      waits.push(...(await talk(alice, bob, 1)));
      // It logs in by the kernel's word, which must be had meanwhile.
      const start = performance.now();
      const late = await server.guest(`late${i}`);
      waits.push(performance.now() - start);
      late.close();
      // No faster than anybody may write, however long the flood lasts.
      await delay(1000 / WRITES.perSecond);
    }
    expect(waits.length).toBeGreaterThan(0);
    expect(Math.max(...waits)).toBeLessThan(4000);
    // Alice, Bob, and what one user may have; those who were told why are cut off within five seconds.
    await expect.poll(() => server.connections, { timeout: 15_000 }).toBeLessThanOrEqual(34);
    await talk(alice, bob, 3);
  },
  60_000,
);

test('who says hello a byte at a time is cut off after ten seconds, and nobody waits for them', async () => {
  const server = await startTestServer({ rateLimit: true });
  const [alice, bob] = [await server.guest('alice'), await server.guest('bob')];
  const slow = await server.connect();
  const start = performance.now();
  const trickle = setInterval(() => slow.send('{'), 200);
  onTestFinished(() => clearInterval(trickle));
  const waits = await talk(alice, bob, 5);
  expect(await slow.expect('error', 15_000)).toMatchObject({ code: 'hello_timeout', closes: true });
  await slow.closed();
  const took = performance.now() - start;
  expect(took).toBeGreaterThan(9000);
  expect(Math.max(...waits)).toBeLessThan(2000);
}, 20_000);

test('a line of a mebibyte ends its own connection, and what is no UTF-8 not even that', async () => {
  const server = await startTestServer({ rateLimit: true });
  const [alice, bob] = [await server.guest('alice'), await server.guest('bob')];
  const loud = await server.guest('loud');
  loud.send(`${'x'.repeat(1024 * 1024)}\n`);
  expect(await loud.expect('error')).toMatchObject({ code: 'frame_too_long', closes: true });
  await loud.closed();
  bob.send(new Uint8Array([0x7b, 0xff, 0xfe, 0x0a]));
  expect(await bob.expect('error')).toMatchObject({ code: 'bad_utf8', closes: false });
  await talk(alice, bob, 3);
});

test('who sends megabytes is read more slowly, loses nothing, and delays nobody', async () => {
  const server = await startTestServer({ rateLimit: true });
  const [alice, bob, loud] = [await server.guest('alice'), await server.guest('bob'), await server.guest('loud')];
  const line = `${JSON.stringify({ type: 'ping', pad: 'x'.repeat(60_000) })}\n`;
  const start = performance.now();
  for (let i = 0; i < 24; i++) loud.send(line);
  await talk(alice, bob, 5);
  for (let i = 0; i < 24; i++) await loud.until('pong', 20_000);
  // 1.4 MB, of which 1 MiB passes at once.
  expect(performance.now() - start).toBeGreaterThan(900);
}, 25_000);

test('bans and operators outlive the server', async () => {
  let uid = process.getuid?.() ?? 0;
  const owner = uid;
  const host = hostOf(() => uid);
  const hello = { type: 'hello', version: 1, auth: { method: 'host' } };
  const first = await startTestServer({}, { host });
  const root = await first.connect();
  root.send(hello);
  expect(await root.expect('welcome')).toMatchObject({ operator: true });
  uid = 1001;
  const alice = await first.connect();
  alice.send(hello);
  await alice.expect('welcome');
  uid = 1009;
  const bob = await first.guest('bob');
  root.send(
    { type: 'op', user: 'user1001', id: 'o' },
    { type: 'ban', target: 'uid 1009', for: 3_600_000, reason: 'spam', id: 'b' },
    { type: 'join', room: '#dev' },
    { type: 'slow', room: '#dev', every: 5000, id: 's' },
  );
  await root.until((frame) => frame.type === 'done' && frame.id === 's');
  expect(await bob.expect('error')).toMatchObject({ code: 'banned' });
  await bob.closed();
  await first.stop();

  const second = await startTestServer({ dataFolder: first.folder }, { host });
  const again = await second.connect();
  expect(await again.expect('error')).toMatchObject({ code: 'banned', text: expect.stringContaining('spam') });
  uid = 1001;
  const back = await second.connect();
  back.send(hello);
  expect(await back.expect('welcome')).toMatchObject({ operator: true });
  back.send({ type: 'bans' });
  expect((await back.expect('bans')).bans).toMatchObject([{ target: 'uid 1009', by: `user${owner}` }]);
  back.send({ type: 'join', room: '#dev' });
  expect((await back.until('room')).room).toMatchObject({ slow: 5000 });
});
