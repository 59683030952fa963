/** Accounts on a whole server: real hashes, a real store, real TLS. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { openDeviceKey } from '../../src/client/shell/device-key.ts';
import { openJson } from '../../src/server/console/json.ts';
import { COST, createPasswords } from '../../src/server/login/password.ts';
import { startServer } from '../../src/server/main.ts';
import { openSqliteStore } from '../../src/server/store/sqlite/open.ts';
import { WireClient } from './client.ts';
import { startTestServer, type TestServer, temporaryFolder } from './running.ts';

const PASSWORD = 'Tr0ub4dor und 3';
const HELLO = { type: 'hello', version: 1 };
const register = (name: string, password = PASSWORD) => ({ ...HELLO, name, auth: { method: 'register', password } });
const login = (name: string, password = PASSWORD) => ({ ...HELLO, name, auth: { method: 'password', password } });

async function said(server: TestServer, hello: object): Promise<WireClient> {
  const client = await server.connect();
  client.send(hello);
  return client;
}

async function overTls(port: number) {
  const opened = await WireClient.connectTls(port);
  onTestFinished(() => opened.client.close());
  const binding = opened.socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
  return { ...opened, binding };
}

test('an account is registered, outlives the server, and is known by its password', async () => {
  const folder = temporaryFolder();
  const first = await startTestServer({ dataFolder: folder, registration: 'open' });
  const erin = await said(first, register('erin'));
  expect((await erin.expect('welcome')).user).toBe('erin');
  erin.send({ type: 'join', room: '#dev' });
  await erin.expect('room');
  await first.stop();

  const second = await startTestServer({ dataFolder: folder, registration: 'closed' });
  const wrong = await said(second, login('erin', 'something else'));
  expect(await wrong.expect('error')).toMatchObject({ code: 'wrong_password', closes: true });
  const again = await said(second, login('Erin'));
  const welcome = await again.expect('welcome');
  expect(welcome.user).toBe('erin');
  expect(welcome.rooms.map(({ name }) => name)).toEqual(['#lobby', '#dev']);
  expect(await (await said(second, register('erin2'))).expect('error')).toMatchObject({ code: 'registration_closed' });
});

test('a lock-out outlasts a restart, and the right password does not open it', async () => {
  const folder = temporaryFolder();
  const options = { dataFolder: folder, registration: 'open' } as const;
  const first = await startTestServer(options);
  await (await said(first, register('erin'))).expect('welcome');
  for (let i = 0; i < 3; i++)
    expect(await (await said(first, login('erin', 'something else'))).expect('error')).toMatchObject({
      code: 'wrong_password',
    });
  expect(await (await said(first, login('erin'))).expect('error')).toMatchObject({ code: 'locked_out', closes: true });
  await first.stop();

  const second = await startTestServer(options);
  const error = await (await said(second, login('erin'))).expect('error');
  expect(error).toMatchObject({ code: 'locked_out' });
  expect(error.text).toMatch(/try again in (5\d|60) s$/);
});

test('a device key logs in over TLS, on the connection that it signed and no other', async () => {
  const server = await startTestServer({ registration: 'open' });
  const key = openDeviceKey(temporaryFolder());
  if (!key.ok) throw new Error(key.error);
  const { publicKey, fingerprint } = key.value;
  const sign = (binding: Uint8Array): string => key.value.sign(binding);
  const first = await overTls(server.port);
  first.client.send(register('erin'), { type: 'key_add', key: publicKey, label: 'laptop', id: 'k' });
  await first.client.expect('welcome');
  expect((await first.client.until('done')).text).toContain(fingerprint);
  const byKey = (signature: string) => ({ ...HELLO, name: 'erin', auth: { method: 'key', key: publicKey, signature } });

  const good = await overTls(server.port);
  good.client.send(byKey(sign(good.binding)));
  expect((await good.client.expect('welcome')).user).toBe('erin');

  const replayed = await overTls(server.port);
  replayed.client.send(byKey(sign(good.binding)));
  expect(await replayed.client.expect('error')).toMatchObject({ code: 'wrong_key', closes: true });

  const plain = await said(server, byKey(sign(good.binding)));
  expect(await plain.expect('error')).toMatchObject({ code: 'wrong_key', text: expect.stringContaining('plain') });

  first.client.send({ type: 'key_remove', fingerprint, id: 'r' });
  expect(await good.client.until('error')).toMatchObject({ code: 'wrong_key' });
  const removed = await overTls(server.port);
  removed.client.send(byKey(sign(removed.binding)));
  expect(await removed.client.expect('error')).toMatchObject({ code: 'wrong_key' });
});

test('a Unix login sets a password on the host, and nobody else can have the name', async () => {
  const host = {
    ownerOf: () => Promise.resolve(1004),
    nameOf: () => Promise.resolve('dave'),
    isUnixLogin: (name: string) => Promise.resolve(name.startsWith('dav')),
  };
  const server = await startTestServer({ registration: 'open' }, { host });
  expect(await (await said(server, register('dave'))).expect('error')).toMatchObject({ code: 'name_reserved' });
  const here = await said(server, { ...HELLO, auth: { method: 'host' } });
  await here.expect('welcome');
  here.send({ type: 'password', password: PASSWORD, id: 'p' });
  expect((await here.until('done')).id).toBe('p');
  expect((await (await said(server, login('dave'))).expect('welcome')).user).toBe('dave');
});

test('a hash of other cost is made anew by the next log-in, and by none that is wrong', async () => {
  const folder = temporaryFolder();
  const cheap = await createPasswords({ cost: { ...COST, memory: 1024 } }).hash(new Secret(PASSWORD), 'test');
  if (!cheap.ok) throw new Error(cheap.error);
  const before = await openSqliteStore({ folder, durability: 'process' });
  await before.register({ name: 'erin' as never, password: cheap.value, time: 1 as never });
  await before.close();
  const server = await startTestServer({ dataFolder: folder });
  await (await said(server, login('erin', 'something else'))).expect('error');
  await (await said(server, login('erin'))).expect('welcome');
  await server.stop();
  const after = await openSqliteStore({ folder, durability: 'process' });
  onTestFinished(() => after.close());
  const account = await after.accountByName('erin' as never);
  expect(account?.password).toContain(`m=${COST.memory}`);
  await after.close();
  expect(
    await (await said(await startTestServer({ dataFolder: folder }), login('erin'))).expect('welcome'),
  ).toBeDefined();
});

test('no password is in the log, in what the operator sees, or on the disk', async () => {
  const folder = temporaryFolder();
  let log = '';
  const output = { write: (text: string) => (log += text), close: () => undefined };
  const console = openJson(output);
  const started = await startServer(
    {
      host: '127.0.0.1',
      port: 0,
      dataFolder: folder,
      awayAfter: 10_000,
      logOffAfter: 0,
      guests: true,
      hostLogin: false,
      registration: 'open',
      lockoutAfter: 3,
      lockoutFor: 60_000,
      rateLimit: true,
      durability: 'process',
    },
    console,
  );
  if (!started.ok) throw new Error(started.error.text);
  const { port } = started.value.address;
  const secrets = [PASSWORD, 'a wrong password', 'the new password', 'one that is in bad JSON', 'one too many'];
  const talk = async (...frames: (object | string)[]): Promise<void> => {
    const client = await WireClient.connect(port);
    onTestFinished(() => client.close());
    client.send(...frames);
    await client.until((frame) => frame.type === 'pong' || frame.type === 'error');
    client.close();
  };
  await talk(
    register('erin'),
    { type: 'password', old: PASSWORD, password: 'the new password' },
    { type: 'password', old: 'a wrong password', password: 'the new password' },
    { type: 'ping' },
  );
  await talk(login('erin', 'a wrong password'));
  await talk(login('nobody-here', 'a wrong password'));
  await talk(
    `{"type":"hello","version":1,"name":"erin","auth":{"method":"password","password":"one that is in bad JSON"\n`,
  );
  await talk({ ...login('erin', 'one too many'), version: 99 });
  await talk({ ...login('erin', 'one too many'), name: 'no name at all' });
  await started.value.stop();
  expect(log).toContain('wrong_password');
  expect(log).toContain('registered');
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
  for (const text of [log, ...files]) for (const secret of secrets) expect(text).not.toContain(secret);
  expect(files.some((text) => text.includes('$argon2id$'))).toBe(true);
});
