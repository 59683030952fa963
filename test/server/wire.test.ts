import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { unixMs } from '../../src/base/ids.ts';
import { MAX_FRAME_BYTES } from '../../src/protocol/limits.ts';
import type { ServerMessage, ServerMessages } from '../../src/protocol/server-messages.ts';
import { startServer } from '../../src/server/main.ts';
import { openSqliteStore } from '../../src/server/store/sqlite/open.ts';
import { type Store, StoreError } from '../../src/server/store/store.ts';
import type { WireClient } from './client.ts';
import { startTestServer, temporaryFolder } from './running.ts';

const say = (text: string, id?: string, to = '#lobby') => ({
  type: 'say',
  to,
  text,
  ...(id === undefined ? {} : { id }),
});
const HOST = { type: 'hello', version: 1, auth: { method: 'host' } };

const texts = (frames: readonly ServerMessage[]): string[] =>
  frames.flatMap((frame) => (frame.type === 'message' ? [frame.text] : []));

async function history(client: WireClient, question: object): Promise<ServerMessages['history']> {
  client.send({ type: 'history', room: '#lobby', ...question });
  return await client.until('history');
}

test('two people talk, and what they said is there for the next one', async () => {
  const server = await startTestServer();
  const alice = await server.guest('alice');
  const bob = await server.guest('bob');
  alice.send(say('hello bob', 'a1'));
  const ack = await alice.expect('ack');
  expect(ack).toMatchObject({ id: 'a1', to: '#lobby', seq: 1 });
  expect(await bob.expect('message')).toEqual({
    type: 'message',
    to: '#lobby',
    seq: 1,
    from: '~alice',
    text: 'hello bob',
    time: ack.time,
    id: 'a1',
  });
  bob.send(say('hello alice \u{1f44b}\n日本'));
  expect(await alice.expect('message')).toMatchObject({ seq: 2, from: '~bob', text: 'hello alice \u{1f44b}\n日本' });
  const carol = await server.guest('carol');
  const page = await history(carol, { id: 'h' });
  expect(page).toMatchObject({ id: 'h', room: '#lobby', more: false });
  expect(page.messages.map(({ seq, from }) => [seq, from])).toEqual([
    [1, '~alice'],
    [2, '~bob'],
  ]);
});

test('the line that load generators send is enough', async () => {
  const server = await startTestServer();
  const listener = await server.guest('listener');
  const b1 = await server.connect();
  b1.send('{"type":"hello","version":1,"name":"b1","auth":{"method":"guest"}}\n');
  await b1.expect('welcome');
  b1.send('{"type":"say","to":"#lobby","text":"hi"}\n');
  expect(await listener.expect('message')).toMatchObject({ from: '~b1', text: 'hi' });
  expect(await b1.drain()).toEqual([]);
});

test('a whole conversation in one packet is answered in order', async () => {
  const server = await startTestServer();
  const nc = await server.connect();
  const lines = [
    { type: 'hello', version: 1, name: 'nc', auth: { method: 'guest' } },
    { type: 'join', room: '#dev', id: 'j' },
    say('first', 'm', '#dev'),
    { type: 'history', room: '#dev', id: 'h' },
    { type: 'bye' },
  ];
  nc.send(lines.map((line) => `${JSON.stringify(line)}\r\n`).join(''));
  const got = await nc.take(5);
  expect(got.map(({ type }) => type)).toEqual(['welcome', 'room', 'ack', 'history', 'bye']);
  expect(got[3]).toMatchObject({ messages: [{ seq: 1, text: 'first', id: 'm' }] });
  await nc.closed();
});

test('away after a while, back at a key, logged off after longer, live in every list that follows', async () => {
  const server = await startTestServer({ awayAfter: 150, logOffAfter: 300 });
  const watcher = await server.guest('watcher', { visible: false });
  watcher.send({ type: 'who', follow: true });
  expect((await watcher.expect('users')).users).toEqual([]);
  const bob = await server.guest('bob');
  expect(await watcher.expect('presence')).toMatchObject({ user: '~bob', state: 'online' });
  expect(await watcher.expect('presence')).toMatchObject({ user: '~bob', state: 'away' });
  bob.send({ type: 'activity' });
  expect(await watcher.expect('presence')).toMatchObject({ user: '~bob', state: 'online' });
  expect(await watcher.expect('presence')).toMatchObject({ user: '~bob', state: 'away' });
  expect(await bob.expect('bye')).toMatchObject({ reason: 'idle' });
  await bob.closed();
  const gone = await watcher.expect('presence');
  expect(gone).toMatchObject({ user: '~bob', state: 'offline' });
  expect(gone.reason).toContain('logged off');
  expect(await watcher.drain()).toEqual([]);
});

test('history comes by page, older ones before a place, missed ones since a place', async () => {
  const server = await startTestServer();
  const alice = await server.guest('alice');
  for (let i = 1; i <= 25; i++) alice.send(say(`m${i}`, `i${i}`));
  await alice.take(25);
  const seqs = async (question: object) => {
    const { messages, more } = await history(alice, question);
    return [messages[0]?.seq, messages.at(-1)?.seq, messages.length, more];
  };
  expect(await seqs({ limit: 10 })).toEqual([16, 25, 10, true]);
  expect(await seqs({ limit: 10, before: 16 })).toEqual([6, 15, 10, true]);
  expect(await seqs({ limit: 10, before: 6 })).toEqual([1, 5, 5, false]);
  expect(await seqs({ limit: 10, since: 0 })).toEqual([1, 10, 10, true]);
  expect(await seqs({ limit: 10, since: 20 })).toEqual([21, 25, 5, false]);
  expect(await seqs({ since: 25 })).toEqual([undefined, undefined, 0, false]);
});

test('a page of the longest messages fits a frame', async () => {
  const server = await startTestServer();
  const alice = await server.guest('alice');
  for (let i = 0; i < 12; i++) alice.send(say('\u0001'.repeat(8192), `i${i}`));
  await alice.take(12);
  alice.send(`{"type":"history","room":"#lobby","id":"${'h'.repeat(36)}"}\n`);
  const page = await alice.until('history');
  expect(page.messages.length).toBeGreaterThan(0);
  expect(Buffer.byteLength(`${JSON.stringify(page)}\n`)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  expect(page.more).toBe(true);
});

test('whoever comes back fetches what was missed, and nothing twice', async () => {
  const server = await startTestServer();
  const [alice, bob] = [await server.guest('alice'), await server.guest('bob')];
  alice.send(say('one', 'a1'));
  const { seq } = await bob.expect('message');
  bob.close();
  for (let i = 2; i <= 4; i++) alice.send(say(`m${i}`, `a${i}`));
  await alice.take(4);
  const again = await server.connect();
  again.send({ type: 'hello', version: 1, name: 'bob', auth: { method: 'guest' } });
  const { rooms } = await again.expect('welcome');
  expect(rooms[0]).toMatchObject({ name: '#lobby', last: 4 });
  const missed = await history(again, { since: seq });
  expect(missed.messages.map(({ text }) => text)).toEqual(['m2', 'm3', 'm4']);
  alice.send(say('m5'));
  expect((await again.expect('message')).seq).toBe(5);
});

test('a message that is sent again is there once, and acknowledged each time', async () => {
  const server = await startTestServer();
  const [alice, bob] = [await server.guest('alice'), await server.guest('bob')];
  // The second is on its way while the first is.
  alice.send(say('once', 'same'), say('once', 'same'));
  expect((await alice.expect('ack')).seq).toBe(1);
  expect((await alice.expect('ack')).seq).toBe(1);
  alice.close();
  const again = await server.guest('alice');
  again.send(say('once', 'same'));
  expect((await again.expect('ack')).seq).toBe(1);
  again.send(say('two', 'other'));
  expect((await again.expect('ack')).seq).toBe(2);
  expect(texts(await bob.drain())).toEqual(['once', 'two']);
});

test('everybody sees one order, and each their acknowledgements in it', async () => {
  const server = await startTestServer();
  const names = ['a', 'b', 'c', 'd'];
  const people = await Promise.all(names.map((name) => server.guest(name)));
  const each = 200;
  for (let i = 0; i < each; i++) for (const [n, person] of people.entries()) person.send(say(`${n}-${i}`, `${n}-${i}`));
  const total = each * people.length;
  const streams = await Promise.all(people.map((person) => person.take(total)));
  const order = (frames: ServerMessage[]) =>
    frames.map((frame) => (frame.type === 'message' || frame.type === 'ack' ? [frame.seq, frame.id] : frame));
  expect(order(streams[0]!).map((entry) => (Array.isArray(entry) ? entry[0] : entry))).toEqual(
    Array.from({ length: total }, (_, i) => i + 1),
  );
  for (const stream of streams) expect(order(stream)).toEqual(order(streams[0]!));
  for (const [n, stream] of streams.entries())
    expect(stream.filter(({ type }) => type === 'ack').map((frame) => ('id' in frame ? frame.id : ''))).toEqual(
      Array.from({ length: each }, (_, i) => `${n}-${i}`),
    );
});

test('the kernel’s word is enough on loopback, and a second session is the same person', async () => {
  const host = {
    ownerOf: () => Promise.resolve(1004),
    nameOf: (uid: number) => Promise.resolve(uid === 1004 ? 'dave' : undefined),
    isUnixLogin: (name: string) => Promise.resolve(name === 'dave'),
  };
  const server = await startTestServer({}, { host });
  const [one, two, guest] = [await server.connect(), await server.connect(), await server.connect()];
  one.send(HOST);
  expect((await one.expect('welcome')).user).toBe('dave');
  two.send({ ...HOST, name: 'dave' });
  await two.expect('welcome');
  one.send({ type: 'who', id: 'w' });
  expect((await one.expect('users')).users).toMatchObject([{ name: 'dave', state: 'online' }]);
  guest.send({ type: 'hello', version: 1, name: 'dave', auth: { method: 'guest' } });
  expect(await guest.expect('error')).toMatchObject({ code: 'name_reserved', closes: true });
  await guest.closed();
});

test('on this host the kernel really says who connects', async () => {
  const server = await startTestServer();
  const me = await server.connect();
  me.send(HOST);
  const { username } = userInfo();
  if (process.platform === 'linux') expect((await me.expect('welcome')).user).toBe(username);
  else expect((await me.expect('error')).code).toBe('host_login_off');
});

test('on one host, two Unix users can’t be one guest, though their address is the same', async () => {
  const uids = [1001, 1002, 1001];
  const host = {
    ownerOf: () => Promise.resolve(uids.shift()),
    nameOf: () => Promise.resolve(undefined),
    isUnixLogin: () => Promise.resolve(false),
  };
  const server = await startTestServer({}, { host });
  await server.guest('bob');
  const other = await server.connect();
  other.send({ type: 'hello', version: 1, name: 'Bob', auth: { method: 'guest' } });
  expect(await other.expect('error')).toMatchObject({ code: 'name_taken', closes: true });
  await server.guest('bob');
});

test('rooms, topics and memberships of accounts outlive the server; a guest’s do not', async () => {
  const host = {
    ownerOf: () => Promise.resolve(1004),
    nameOf: () => Promise.resolve('dave'),
    isUnixLogin: () => Promise.resolve(false),
  };
  const first = await startTestServer({}, { host });
  const dave = await first.connect();
  dave.send(
    HOST,
    { type: 'join', room: '#dev' },
    { type: 'topic', room: '#dev', text: 'releases' },
    say('hi', 'm', '#dev'),
  );
  expect((await dave.take(4)).map(({ type }) => type)).toEqual(['welcome', 'room', 'topic', 'ack']);
  const guest = await first.guest('guest');
  guest.send({ type: 'join', room: '#dev' });
  await guest.expect('room');
  await first.stop();

  const second = await startTestServer({ dataFolder: first.folder }, { host });
  const back = await second.connect();
  back.send(HOST);
  expect((await back.expect('welcome')).rooms).toEqual([
    { name: '#lobby', topic: '', last: 0 },
    { name: '#dev', topic: 'releases', last: 1 },
  ]);
  back.send({ type: 'members', room: '#dev' });
  expect((await back.expect('members')).members).toEqual(['dave']);
  back.send(say('hi', 'm', '#dev'));
  expect(await back.expect('ack')).toMatchObject({ seq: 1 });
});

test('a reader that stands still is cut off, and the others lose nothing', async () => {
  const server = await startTestServer();
  const [writer, reader, stalled] = [
    await server.guest('writer'),
    await server.guest('reader'),
    await server.guest('stalled'),
  ];
  stalled.socket.pause();
  const text = 'x'.repeat(8000);
  let sent = 0;
  const isCut = (): boolean => server.notices.some((event) => event.kind === 'refused' && event.code === 'too_slow');
  while (!isCut()) {
    for (let i = 0; i < 50; i++) writer.send(say(text, `i${sent++}`));
    await writer.take(50);
    // The kernel takes some megabytes; then our own limit counts.
    expect(sent).toBeLessThan(5000);
  }
  const got = await reader.take(sent);
  expect(got.map((frame) => (frame.type === 'message' ? frame.seq : 0))).toEqual(
    Array.from({ length: sent }, (_, i) => i + 1),
  );
  stalled.socket.resume();
  expect(await stalled.until('error')).toMatchObject({ code: 'too_slow', closes: true });
  await stalled.closed();
});

test('who writes without end is slowed down, and nothing is lost', async () => {
  const server = await startTestServer();
  const [writer, reader] = [await server.guest('writer'), await server.guest('reader')];
  const count = 10_000;
  writer.send(Array.from({ length: count }, (_, i) => `${JSON.stringify(say(`${i}`))}\n`).join(''));
  const got = await reader.take(count);
  expect(texts(got)).toEqual(Array.from({ length: count }, (_, i) => `${i}`));
});

test.each([
  ['a line over 64 KiB', `${'x'.repeat(MAX_FRAME_BYTES)}\n`, ['frame_too_long'], true],
  ['64 KiB without an end', 'x'.repeat(MAX_FRAME_BYTES + 1), ['frame_too_long'], true],
  ['no UTF-8', new Uint8Array([0xff, 0x0a]), ['bad_utf8'], false],
  ['no JSON', 'hello\n', ['bad_json'], false],
  ['no message', '{"type":"say"}\n[]\n', ['bad_message', 'bad_message'], false],
  ['an unknown type', '{"type":"dance"}\n', ['unknown_type'], false],
])('%s is answered with its code', async (_, bytes, codes, closes) => {
  const server = await startTestServer();
  const bob = await server.guest('bob');
  bob.send(bytes);
  for (const code of codes) expect(await bob.expect('error')).toMatchObject({ code, closes });
  if (closes) await bob.closed();
  else expect(await bob.drain()).toEqual([]);
});

test('what another program was made to send, such as a browser by a web page, speaks for nobody', async () => {
  const server = await startTestServer();
  const hello =
    '{"type":"hello","version":1,"auth":{"method":"host"}}\n{"type":"say","to":"#lobby","text":"x","id":"1"}\n';
  for (const head of ['POST / HTTP/1.1\r\nHost: 127.0.0.1:2428\r\n\r\n', 'EHLO x\r\n', '\u{feff}', '\xff\n']) {
    const client = await server.connect();
    client.send(Buffer.concat([Buffer.from(head, head === '\xff\n' ? 'latin1' : 'utf8'), Buffer.from(hello)]));
    await client.closed();
    expect(client.inbox).toEqual([
      { type: 'error', code: 'hello_expected', text: 'The first message must be hello.', closes: true },
    ]);
  }
  expect(server.notices.some(({ kind }) => kind === 'online' || kind === 'message')).toBe(false);
});

test('noise ends its own connection, and nobody else’s', async () => {
  const server = await startTestServer();
  const alice = await server.guest('alice');
  for (let i = 0; i < 20; i++) {
    const noise = await server.connect();
    noise.send(randomBytes(20_000), '\n'.repeat(5), randomBytes(70_000), '\n');
    await noise.closed();
    expect(noise.inbox.every((frame) => frame.type === 'error')).toBe(true);
  }
  alice.send(say('still here', 'a'));
  await alice.expect('ack');
  alice.send({ type: 'who' });
  expect((await alice.expect('users')).users.map(({ name }) => name)).toEqual(['~alice']);
});

test('bytes that come one by one are as good', async () => {
  const server = await startTestServer();
  const bob = await server.connect();
  for (const byte of Buffer.from('{"type":"hello","version":1,"name":"bob","auth":{"method":"guest"}}\n'))
    bob.send(new Uint8Array([byte]));
  expect((await bob.expect('welcome')).user).toBe('~bob');
});

test('a store that fails costs the messages, not the server', async () => {
  const folder = temporaryFolder();
  const real = await openSqliteStore({ folder, durability: 'process' });
  let isFull = false;
  const append: Store['append'] = (message) =>
    isFull ? Promise.reject(new StoreError('disk_full', 'no space is left on the disk')) : real.append(message);
  const store = new Proxy(real, {
    get(target, name: keyof Store) {
      return name === 'append' ? append : target[name].bind(target);
    },
  });
  const server = await startTestServer({}, { store });
  const [alice, bob] = [await server.guest('alice'), await server.guest('bob')];
  isFull = true;
  alice.send(say('lost', 'a1'));
  expect(await alice.expect('error')).toMatchObject({ code: 'not_stored', id: 'a1', closes: false });
  expect(server.notices).toContainEqual(expect.objectContaining({ kind: 'store-failed', code: 'disk_full' }));
  isFull = false;
  alice.send(say('found', 'a1'));
  expect(await alice.expect('ack')).toMatchObject({ id: 'a1', seq: 1 });
  expect(texts(await bob.drain())).toEqual(['found']);
});

test('a server that stops finishes what was asked of it, and takes leave', async () => {
  const server = await startTestServer();
  const [alice, bob] = [await server.guest('alice'), await server.guest('bob')];
  alice.send(say('last words', 'a1'));
  // It has been read: what comes after this may or may not be.
  await alice.until((frame) => frame.type === 'ack');
  alice.send(say('more', 'a2'));
  await server.stop();
  expect(await bob.until('bye')).toMatchObject({ reason: 'shutdown' });
  await bob.closed();
  await alice.closed();
  expect(server.notices.at(-1)).toEqual({ kind: 'stopped' });
});

test.each([
  ['another server on the port', 'listen_in_use'],
  ['another server on the data', 'store_in_use'],
  ['an address of somebody else', 'listen_no_such_address'],
  ['no address at all', 'listen_bad_address'],
])('a server says why it can’t start: %s', async (_, code) => {
  const running = await startTestServer();
  const started = await startServer({
    host: code === 'listen_no_such_address' ? '192.0.2.1' : code === 'listen_bad_address' ? '' : '127.0.0.1',
    port: code === 'listen_in_use' ? running.port : 0,
    dataFolder: code === 'store_in_use' ? running.folder : temporaryFolder(),
    awayAfter: 0,
    logOffAfter: 0,
    guests: false,
    hostLogin: true,
    registration: 'invite',
    lockoutAfter: 3,
    lockoutFor: 60_000,
    rateLimit: true,
    durability: 'process',
  });
  expect(started).toMatchObject({ ok: false, error: { code } });
  if (!started.ok) expect(started.error.text).not.toContain('\n');
});

test('time is the server’s: the clock that it was given', async () => {
  const now = unixMs(Date.UTC(2026, 10, 20));
  const server = await startTestServer({}, { clock: { now: () => now, monotonic: () => performance.now() } });
  const alice = await server.guest('alice');
  alice.send(say('now', 'a'));
  expect((await alice.expect('ack')).time).toBe(now);
});
