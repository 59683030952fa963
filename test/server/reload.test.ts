import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { err, ok } from '../../src/base/result.ts';
import type { ConsoleEvent } from '../../src/server/core/notice.ts';
import { newTlsKey } from '../link/tls-pair.ts';
import { WireClient } from './client.ts';
import { startTestServer, type TestServer, temporaryFolder } from './running.ts';

const told = ({ notices }: TestServer): ConsoleEvent[] =>
  notices.filter(({ kind }) => kind === 'reloaded' || kind === 'warning');

test('what can change while people are here changes, and each change is told once', async () => {
  const server = await startTestServer();
  const bob = await server.guest('bob');
  const next = { ...server.options, guests: false, awayAfter: 120_000, registration: 'open' } as const;
  await server.reload(ok(next));
  expect(told(server)).toEqual([
    { kind: 'reloaded', setting: { name: 'away-after', from: '10 s', to: '2 min', applies: 'now' } },
    { kind: 'reloaded', setting: { name: 'guests', from: 'on', to: 'off', applies: 'now' } },
    { kind: 'reloaded', setting: { name: 'registration', from: 'invite', to: 'open', applies: 'now' } },
  ]);
  // Nobody who is here goes; nobody else comes.
  bob.send({ type: 'ping' });
  await bob.expect('pong');
  const eve = await server.connect();
  eve.send({ type: 'hello', version: 1, name: 'eve', auth: { method: 'guest' } });
  expect(await eve.expect('error')).toMatchObject({ code: 'guests_refused' });
  await server.reload(ok(next));
  expect(told(server).slice(3)).toEqual([{ kind: 'reloaded' }]);
});

test('what needs a restart stays as it is, and is told at each reading until there was one', async () => {
  const server = await startTestServer();
  const next = { ...server.options, port: 4000, dataFolder: '/elsewhere', durability: 'full' } as const;
  const needed = [
    { kind: 'reloaded', setting: { name: 'port', from: '0', to: '4000', applies: 'restart' } },
    { kind: 'reloaded', setting: { name: 'data', from: server.folder, to: '/elsewhere', applies: 'restart' } },
    { kind: 'reloaded', setting: { name: 'durability', from: 'process', to: 'full', applies: 'restart' } },
  ];
  await server.reload(ok(next));
  expect(told(server)).toEqual(needed);
  await server.reload(ok(next));
  expect(told(server)).toEqual([...needed, ...needed]);
  await server.guest('bob');
});

test('an address of the figures is told as it is typed', async () => {
  const server = await startTestServer();
  const at = { kind: 'port', host: '::1', port: 9100 } as const;
  await server.reload(ok({ ...server.options, metrics: at }));
  await server.reload(ok({ ...server.options, metrics: { kind: 'path', path: '/run/uchat.sock' } }));
  expect(told(server)).toMatchObject([
    { setting: { name: 'metrics', from: 'off', to: '[::1]:9100' } },
    { setting: { name: 'metrics', from: 'off', to: 'unix:/run/uchat.sock' } },
  ]);
});

test('settings that are wrong change nothing, and one line says where', async () => {
  const server = await startTestServer();
  await server.reload(err('server.toml:3:8: guests: "yes" is not true or false'));
  expect(told(server)).toEqual([
    {
      kind: 'warning',
      code: 'bad_settings',
      text: 'the settings were not read again, and nothing has changed: server.toml:3:8: guests: "yes" is not true or false',
    },
  ]);
  await server.guest('bob');
});

test('a certificate that was renewed is shown to those who come from then on; one that is broken is not', async () => {
  const folder = temporaryFolder();
  const files = { keyFile: join(folder, 'key.pem'), certFile: join(folder, 'cert.pem') };
  const write = ({ key, cert }: { key: string; cert: string }): void => {
    writeFileSync(files.keyFile, key);
    writeFileSync(files.certFile, cert);
  };
  write(newTlsKey());
  const server = await startTestServer({ tls: files });
  const shownNow = async (): Promise<string> => {
    const { client, socket } = await WireClient.connectTls(server.port);
    const { fingerprint256 } = socket.getPeerCertificate();
    client.close();
    return fingerprint256;
  };
  const first = await shownNow();
  write(newTlsKey());
  expect(await shownNow()).toBe(first);
  await server.reload(ok(server.options));
  const second = await shownNow();
  expect(second).not.toBe(first);
  expect(told(server)).toMatchObject([{ kind: 'reloaded', setting: { name: 'tls-cert', applies: 'now' } }]);
  writeFileSync(files.certFile, 'half of i');
  await server.reload(ok(server.options));
  expect(told(server)[1]).toMatchObject({ kind: 'warning', code: 'tls_bad_certificate' });
  expect(await shownNow()).toBe(second);
});
