/** The figures over HTTP, from a real server in this process. */
import { lstatSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ConsoleEvent } from '../../../src/server/core/notice.ts';
import type { MetricsAddress } from '../../../src/server/metrics/address.ts';
import { openMetrics } from '../../../src/server/metrics/server.ts';
import { snapshotOf } from '../console/dashboard/scene.ts';
import { startTestServer, temporaryFolder } from '../running.ts';
import { readExposition } from './parser.ts';

const FREE: MetricsAddress = { kind: 'port', host: '127.0.0.1', port: 0 };

/** An answer as it came. */
interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function ask(at: { port?: number; socketPath?: string }, path = '/metrics', method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', ...at, path, method, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

const portOf = (notices: readonly ConsoleEvent[]): number => {
  const told = notices.find((event) => event.kind === 'metrics');
  return Number(new URL(told?.kind === 'metrics' ? told.where : 'none:').port);
};

async function serving(): Promise<{ port: number; looks: () => number; tick: (ms: number) => void }> {
  let now = 0;
  let looks = 0;
  const read = () => {
    looks += 1;
    return snapshotOf([], []);
  };
  const opened = await openMetrics(FREE, { read, monotonic: () => now });
  if (!opened.ok) throw new Error(opened.error.text);
  onTestFinished(() => opened.value.close());
  return { port: Number(new URL(opened.value.where).port), looks: () => looks, tick: (ms) => (now += ms) };
}

/** What comes on a connection of its own until it is closed. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let came = '';
    socket.on('data', (bytes) => (came += bytes.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(came));
  });
}

test('a server’s own figures are counted as it works', async () => {
  const server = await startTestServer({ metrics: FREE });
  const port = portOf(server.notices);
  const samples = async (): Promise<Map<string, number>> => {
    const { body } = await ask({ port });
    const all = readExposition(body).flatMap((family) => family.samples);
    return new Map(all.map(({ name, labels, value }) => [[name, ...labels.values()].join(' '), value]));
  };
  const [alice] = await Promise.all([server.guest('alice'), server.guest('bob')]);
  alice.send({ type: 'say', to: '#lobby', text: 'hi', id: 'one' });
  await alice.until('ack');
  alice.send({ type: 'say', to: '#nowhere', text: 'hi' });
  await alice.until('error');
  const now = await samples();
  const figures = Object.fromEntries(
    [
      'uchat_messages_total',
      'uchat_connections',
      'uchat_connections_opened_total',
      'uchat_sessions online',
      'uchat_users online',
      'uchat_logins_total guest ok',
      'uchat_refused_total no_such_room',
      'uchat_commit_seconds_count',
      'uchat_rooms',
    ].map((name) => [name, now.get(name)]),
  );
  expect(figures).toEqual({
    uchat_messages_total: 1,
    uchat_connections: 2,
    uchat_connections_opened_total: 2,
    'uchat_sessions online': 2,
    'uchat_users online': 2,
    'uchat_logins_total guest ok': 2,
    'uchat_refused_total no_such_room': 1,
    uchat_commit_seconds_count: 1,
    uchat_rooms: 1,
  });
  expect(now.get('uchat_commit_batch_calls_count')).toBeGreaterThan(0);
  expect(now.get('process_cpu_seconds_total')).toBeGreaterThan(0);
});

test('only /metrics is there, and only to be read', async () => {
  const { port } = await serving();
  const good = await ask({ port }, '/metrics?x=1');
  expect(good.status).toBe(200);
  expect(good.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const head = await ask({ port }, '/metrics', 'HEAD');
  expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', String(good.body.length)]);
  expect((await ask({ port }, '/')).status).toBe(404);
  expect((await ask({ port }, '/metrics/..')).status).toBe(404);
  const posted = await ask({ port }, '/metrics', 'POST');
  expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD']);
});

test('one reading is good for a second, however often it is asked for', async () => {
  const { port, looks, tick } = await serving();
  for (let i = 0; i < 5; i += 1) await ask({ port });
  expect(looks()).toBe(1);
  tick(1000);
  await ask({ port });
  expect(looks()).toBe(2);
});

test('who asks too often is told so, and is let in again later', async () => {
  const { port, tick } = await serving();
  const answers = await Promise.all(Array.from({ length: 12 }, () => ask({ port })));
  for (let i = 0; i < 40; i += 1) answers.push(await ask({ port }));
  expect(answers.at(-1)?.status).toBe(429);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(40);
  tick(1000);
  expect((await ask({ port })).status).toBe(200);
});

test('what is no request, and headers without end, end the connection', async () => {
  const { port } = await serving();
  expect(await raw(port, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await raw(port, `GET /metrics HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}`)).toMatch(/^HTTP\/1\.1 431 /);
});

test('a body is not waited for', async () => {
  const { port } = await serving();
  const came = await raw(port, 'POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n');
  expect(came).toMatch(/^HTTP\/1\.1 405 /);
  expect(came).toMatch(/connection: close/i);
});

test('connections beyond the limit are cut off, and those who hold theirs without asking shut nobody out', async () => {
  const { port } = await serving();
  const held: Socket[] = [];
  onTestFinished(() => {
    for (const socket of held) socket.destroy();
  });
  let closed = 0;
  for (let i = 0; i < 20; i += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('close', () => (closed += 1));
    socket.resume();
    held.push(socket);
  }
  await expect.poll(() => closed).toBeGreaterThanOrEqual(4);
  await expect
    .poll(() =>
      ask({ port }).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
});

test('an address that is taken ends the start with one line, before the server says that it runs', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const starting = startTestServer({ metrics: { ...FREE, port } });
  await expect(starting).rejects.toThrow(
    `metrics_in_use: --metrics 127.0.0.1:${port}: something else listens there; choose another address`,
  );
});

test('an address of another host is none', async () => {
  const opened = await openMetrics(
    { ...FREE, host: '203.0.113.9' },
    { read: () => snapshotOf([], []), monotonic: () => 0 },
  );
  expect(opened).toMatchObject({ ok: false, error: { code: 'metrics_bad_address' } });
});

test('where others than this host may come, the operator is warned', async () => {
  const server = await startTestServer({ metrics: { ...FREE, host: '0.0.0.0' } });
  const kinds = server.notices.map((event) => (event.kind === 'warning' ? event.code : event.kind));
  expect(kinds.slice(0, kinds.indexOf('started') + 1)).toEqual(expect.arrayContaining(['metrics', 'metrics_exposed']));
  const own = await startTestServer({ metrics: FREE });
  expect(own.notices.some((event) => event.kind === 'warning' && event.code === 'metrics_exposed')).toBe(false);
});

test('with a stopped server its figures are gone', async () => {
  const server = await startTestServer({ metrics: FREE });
  const port = portOf(server.notices);
  await server.stop();
  await expect(ask({ port })).rejects.toThrow('ECONNREFUSED');
});

test('a path is the owner’s alone, is taken over from a server that was killed, and goes with the server', async () => {
  const path = join(temporaryFolder(), 'figures.sock');
  const open = () => openMetrics({ kind: 'path', path }, { read: () => snapshotOf([], []), monotonic: () => 0 });
  const first = await open();
  expect(first).toMatchObject({ ok: true, value: { where: `unix:${path}`, isExposed: false } });
  expect(lstatSync(path).mode & 0o777).toBe(0o600);
  expect((await ask({ socketPath: path })).status).toBe(200);
  // While somebody listens, it is theirs.
  expect(await open()).toMatchObject({ ok: false, error: { code: 'metrics_in_use' } });
  if (first.ok) first.value.close();
  await expect.poll(() => lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
});

test('a path in a folder that is not there says so', async () => {
  const path = join(temporaryFolder(), 'none', 'figures.sock');
  const opened = await openMetrics({ kind: 'path', path }, { read: () => snapshotOf([], []), monotonic: () => 0 });
  expect(opened).toMatchObject({
    ok: false,
    error: { code: 'metrics_bad_address', text: `--metrics unix:${path}: its folder is not there; make that first` },
  });
});

test('a file that is no socket is left alone', async () => {
  const path = join(temporaryFolder(), 'notes');
  writeFileSync(path, 'mine');
  const opened = await openMetrics({ kind: 'path', path }, { read: () => snapshotOf([], []), monotonic: () => 0 });
  expect(opened).toMatchObject({ ok: false, error: { code: 'metrics_in_use' } });
  expect(lstatSync(path).isFile()).toBe(true);
});
