/** What is private, over real sockets: devices, claims, sealed mail, parts of private chats. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { UnixMs } from '../../src/base/ids.ts';
import { LOW_PACKAGES, MAX_DEVICES } from '../../src/protocol/limits.ts';
import { openJson } from '../../src/server/console/json.ts';
import type { Host } from '../../src/server/identify.ts';
import type { ServerOptions } from '../../src/server/main.ts';
import type { WireClient } from './client.ts';
import { startTestServer } from './running.ts';
import { deviceOf, groupOf, mailTo, packagesOf, sayDevice } from './sealed.ts';

const UIDS = new Map([
  ['alice', 1001],
  ['bob', 1002],
  ['carol', 1003],
]);
/** A host on which the next connection is somebody's. */
class FakeHost implements Host {
  next = 0;
  ownerOf = (): Promise<number> => Promise.resolve(this.next);
  nameOf = (uid: number): Promise<string | undefined> => Promise.resolve([...UIDS].find(([, of]) => of === uid)?.[0]);
  isUnixLogin = (name: string): Promise<boolean> => Promise.resolve(UIDS.has(name));
}

async function start(options: Partial<ServerOptions> = {}) {
  const host = new FakeHost();
  const server = await startTestServer(options, { host });
  const login = async (name: string, more: object = {}): Promise<WireClient> => {
    host.next = UIDS.get(name) ?? -1;
    const client = await server.connect();
    client.send({ type: 'hello', version: 1, auth: { method: 'host' }, ...more });
    await client.expect('welcome');
    return client;
  };
  /** Somebody who is in as a device, with so many key packages. */
  const device = async (name: string, of: string, packages = 0): Promise<WireClient> => {
    const client = await login(name);
    client.send(sayDevice(of, packagesOf(of, packages)));
    await client.expect('device');
    return client;
  };
  return { server, login, device };
}

const ask = (to: string, chat: string) => ({
  type: 'private',
  to,
  frame: { kind: 'ask', chat: groupOf(chat), from: deviceOf('alice1') },
});

test('key packages and sealed mail wait for their device over a restart, and come once', async () => {
  const first = await start();
  (await first.device('bob', 'bob1', 3)).close();
  const alice = await first.login('alice', { visible: false });
  alice.send({ type: 'devices', id: 'd', user: 'bob', claim: [deviceOf('bob1')] }, mailTo('bob', 'bob1', 'm1'));
  expect(await alice.expect('devices')).toEqual({
    type: 'devices',
    id: 'd',
    user: 'bob',
    devices: [{ device: deviceOf('bob1'), package: 'bob1-package-0' }],
  });
  expect(await alice.expect('mailed')).toMatchObject({ id: 'm1', to: 'bob', kept: true });
  await first.server.stop();

  const second = await start({ dataFolder: first.server.folder });
  const bob = await second.login('bob');
  expect(await bob.drain()).toEqual([]);
  bob.send(sayDevice('bob1'));
  expect(await bob.expect('device')).toEqual({ type: 'device', device: deviceOf('bob1'), packages: 2 });
  expect(await bob.expect('mail')).toMatchObject({ n: 1, kind: 'sealed', id: 'm1', sealed: { message: 'sealed-m1' } });
  bob.send({ type: 'received', n: 1 });
  await bob.drain();
  bob.close();
  const again = await second.device('bob', 'bob1');
  expect(await again.drain()).toEqual([]);
});

test('of many who claim at once, nobody gets the package of another', async () => {
  const { login, device } = await start();
  const bob = await device('bob', 'bob1', LOW_PACKAGES + 3);
  const claimers = await Promise.all(
    ['alice', 'carol', 'alice', 'carol', 'bob'].map((name) => login(name, { visible: false })),
  );
  const claim = { type: 'devices', user: 'bob', claim: [deviceOf('bob1')] };
  for (let i = 0; i < 7; i++) for (const one of claimers) one.send(claim);
  const answers = (await Promise.all(claimers.map((one) => one.take(7)))).flat();
  const claimed = answers
    .flatMap((frame) => (frame.type === 'devices' ? frame.devices : []))
    .flatMap(({ package: got }) => (got === undefined ? [] : [got]));
  expect(claimed.toSorted()).toEqual(packagesOf('bob1', LOW_PACKAGES + 3).toSorted());
  expect(await bob.drain()).toEqual([{ type: 'device', device: deviceOf('bob1'), packages: LOW_PACKAGES - 1 }]);
});

test('two people talk through the server, each frame as it was sent, in order', async () => {
  const { device } = await start();
  const [alice, bob, other] = [
    await device('alice', 'alice1'),
    await device('bob', 'bob1'),
    await device('bob', 'bob2'),
  ];
  alice.send(ask('bob', 'chat'));
  for (const one of [bob, other])
    expect(await one.expect('private')).toMatchObject({
      from: 'alice',
      device: deviceOf('alice1'),
      frame: { kind: 'ask' },
    });
  bob.send({
    type: 'private',
    to: 'alice',
    device: deviceOf('alice1'),
    frame: { kind: 'accept', chat: groupOf('chat'), from: deviceOf('bob1'), welcome: 'w' },
  });
  expect(await alice.expect('private')).toMatchObject({
    device: deviceOf('bob1'),
    frame: { kind: 'accept', welcome: 'w' },
  });
  const frames = Array.from({ length: 100 }, (_, i) => ({
    kind: 'sealed',
    chat: groupOf('chat'),
    seq: i + 1,
    message: `m${i}`,
  }));
  for (const frame of frames) alice.send({ type: 'private', to: 'bob', device: deviceOf('bob1'), frame });
  const got = await bob.take(100);
  expect(got.map((frame) => (frame.type === 'private' ? frame.frame : undefined))).toEqual(frames);
  expect(await other.drain()).toEqual([]);
  bob.close();
  await other.drain();
  const late = { type: 'private', id: 'p', to: 'bob', device: deviceOf('bob1'), frame: frames[0] };
  alice.send(late);
  expect(await alice.until('error')).toMatchObject({ code: 'not_here', id: 'p', closes: false });
});

test('a sixth device takes the place of the one unused for the longest, with its mail', async () => {
  const { login, device } = await start();
  for (let i = 1; i <= MAX_DEVICES; i++) (await device('bob', `bob${i}`, 1)).close();
  const alice = await login('alice');
  for (let i = 1; i <= 2; i++) alice.send(mailTo('bob', `bob${i}`, `m${i}`));
  await alice.take(2);
  const sixth = await device('bob', 'bob6', 1);
  expect(await sixth.drain()).toEqual([]);
  alice.send({ type: 'devices', user: 'bob' }, mailTo('bob', 'bob1', 'm3'));
  const listed = (await alice.expect('devices')).devices.map((one) => one.device);
  expect(listed).toEqual([2, 3, 4, 5, 6].map((i) => deviceOf(`bob${i}`)));
  expect(await alice.expect('error')).toMatchObject({ code: 'no_such_device', id: 'm3' });
  const second = await device('bob', 'bob2');
  expect(await second.expect('mail')).toMatchObject({ id: 'm2' });
});

test('nothing of a private chat is in the database, its log, or what the operator is shown', async () => {
  const secret = 'the-secret-of-this-chat';
  const { server, device } = await start();
  const [alice, bob] = [await device('alice', 'alice1', 2), await device('bob', 'bob1', 2)];
  const plain = (item: string, more: object = {}) => ({
    type: 'private',
    id: `id-${secret}`.slice(0, 36),
    to: 'bob',
    device: deviceOf('bob1'),
    frame: { kind: 'plain', chat: groupOf(secret.slice(0, 20)), seq: 1, item },
    ...more,
  });
  alice.send(ask('bob', secret.slice(0, 20)), plain(secret));
  expect((await bob.take(2)).at(-1)).toMatchObject({ type: 'private', frame: { kind: 'plain', item: secret } });
  // Also where it is refused: nobody there, nobody of that name, not well formed, no JSON.
  alice.send(plain(secret, { device: deviceOf(secret) }), plain(secret, { to: 'nobody' }), plain(secret, { to: 7 }));
  alice.send(plain(''), plain(secret, { frame: { kind: secret } }), `{"type":"private","item":"${secret}"\n`);
  expect((await alice.take(6)).map((frame) => (frame.type === 'error' ? frame.code : frame.type))).toEqual([
    'not_here',
    'no_such_user',
    'bad_message',
    'bad_message',
    'bad_message',
    'bad_json',
  ]);
  alice.send(mailTo('bob', 'bob1', 'm1'));
  await alice.expect('mailed');
  const files = readdirSync(server.folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  expect(files.map(({ name }) => name)).toContain('uchat.db-wal');
  const onDisk = () => files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join();
  expect(onDisk()).toContain('sealed-m1');
  expect(onDisk()).not.toContain(secret);
  await server.stop();
  const remaining = readdirSync(server.folder).map((name) => readFileSync(join(server.folder, name), 'latin1'));
  expect(remaining.join()).not.toContain(secret);
  const lines: string[] = [];
  const log = openJson({ write: (line) => void lines.push(line), close: () => undefined });
  for (const notice of server.notices) log.show(notice, 0 as UnixMs);
  const shown = `${lines.join('')}${JSON.stringify(server.notices)}`;
  expect(shown).toContain('not_here');
  expect(shown).not.toContain(secret);
});
