/** The program against servers elsewhere: their keys, and somebody in between. */
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { pinOf } from '../../src/link/pin.ts';
import type { TlsKey } from '../../src/link/tls-door.ts';
import { authority, newTlsKey } from '../link/tls-pair.ts';
import { Middle } from '../middle.ts';
import { need } from '../need.ts';
import { needName, needOutside, OUTSIDE } from '../outside.ts';
import { afterwards, freePort, freshEnv, PATIENCE, serve, start, uchat, until } from './run.ts';

vi.setConfig(PATIENCE);

const ADDRESS = OUTSIDE ?? '';

async function server(options: readonly string[] = []) {
  const { server: running, port } = await serve(freshEnv(), ['--host', ADDRESS, '--guests', ...options]);
  const { fingerprint } = JSON.parse(/^.*"event":"started".*$/m.exec(running.stdout)?.[0] ?? '{}');
  return { port, fingerprint: String(fingerprint), address: `${ADDRESS}:${port}` };
}

async function middle(port: number, manner: 'honest' | 'reading'): Promise<Middle> {
  const made = await Middle.before(ADDRESS, port, manner);
  afterwards(() => made.close());
  return made;
}

const knownServers = (env: Record<string, string>): string => join(env.XDG_DATA_HOME ?? '', 'uchat', 'known_servers');
const guest = (address: string, name = 'ann') => ['--server', address, '--guest', '--user', name];
const say = (address: string, env: Record<string, string>, text = 'a secret') =>
  uchat(['send', 'lobby', ...guest(address), text], env);

describe.runIf(needOutside())('a server elsewhere', () => {
  test('is told with its key the first time, and after that no more', async () => {
    const { address, fingerprint } = await server();
    const env = freshEnv();
    expect(await say(address, env)).toEqual({
      status: 0,
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(`^uchat: first connection to ${address}: its key is SHA256:[^\\n]*\\n$`),
      ),
    });
    expect(readFileSync(knownServers(env), 'utf8')).toBe(`${address} ${fingerprint}\n`);
    expect(await say(address, env)).toEqual({ status: 0, stdout: '', stderr: '' });
    const { stdout } = await uchat(['history', 'lobby', ...guest(address)], env);
    expect(stdout.match(/a secret/g)).toHaveLength(2);
  });

  test('takes no plain text: one line says so, and nothing else happens', async () => {
    const { port } = await server();
    const socket = connect({ host: ADDRESS, port });
    afterwards(() => void socket.destroy());
    let told = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      told += text;
    });
    const closed = new Promise((resolve) => {
      socket.once('close', resolve);
    });
    socket.write('{"type":"hello","version":1,"name":"b1","auth":{"method":"guest"}}\n');
    await closed;
    expect(told).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(told)).toMatchObject({ type: 'error', code: 'tls_required', closes: true });
  });

  test('vouches for nobody, though the client is on the same host', async () => {
    const { address } = await server();
    const { status, stderr } = await uchat(['who', '--server', address], freshEnv());
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/^uchat: [^\n]+\n/);
  });

  test('can have the administrator’s key, and does not start with half of one', async () => {
    const { key, cert } = newTlsKey();
    const env = freshEnv();
    const [keyFile, certFile] = [join(env.HOME ?? '', 'key'), join(env.HOME ?? '', 'cert')];
    writeFileSync(keyFile, key);
    writeFileSync(certFile, cert);
    const { fingerprint, address } = await server(['--tls-key', keyFile, '--tls-cert', certFile]);
    expect(fingerprint).toBe(pinOf(new X509Certificate(cert).publicKey));
    await say(address, env);
    expect(readFileSync(knownServers(env), 'utf8')).toBe(`${address} ${fingerprint}\n`);

    const half = await uchat(['--serve', '--port', '0', '--tls-key', keyFile], env);
    expect(half).toMatchObject({ status: 2, stderr: expect.stringContaining('--tls-cert and --tls-key go together') });
    const bad = await uchat(['--serve', '--port', '0', '--tls-key', certFile, '--tls-cert', certFile], env);
    expect(bad).toMatchObject({ status: 1, stderr: expect.stringMatching(/^uchat: [^\n]*\(tls_bad_key\)\n$/) });
  });
});

describe.runIf(needOutside())('somebody in the middle', () => {
  test('who comes later is found out: nothing is said to them, and what is known stays', async () => {
    const { port } = await server();
    const between = await middle(port, 'honest');
    const env = freshEnv();
    expect((await say(between.address, env, 'first')).status).toBe(0);
    const known = readFileSync(knownServers(env), 'utf8');

    between.manner = 'reading';
    for (const args of [
      ['send', 'lobby', ...guest(between.address), 'a secret'],
      ['tail', 'lobby', ...guest(between.address)],
      ['who', ...guest(between.address)],
      ['history', 'lobby', ...guest(between.address)],
    ]) {
      const { status, stdout, stderr } = await uchat(args, env);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/^uchat: The key of [^\n]+\n$/);
      expect(stderr).toContain(`uchat forget-server ${between.address}`);
      expect(stderr).toContain(known.trim().split(' ')[1]);
    }
    // One attempt each: no other way is tried.
    expect(between.connections).toBe(5);
    expect(between.heard).toBe('');
    expect(readFileSync(knownServers(env), 'utf8')).toBe(known);

    between.manner = 'honest';
    expect(await say(between.address, env, 'third')).toEqual({ status: 0, stdout: '', stderr: '' });
    const { stdout } = await uchat(['history', 'lobby', ...guest(between.address)], env);
    expect(stdout).not.toContain('a secret');
  });

  test('who was there first is found out when the server itself answers; only a person gets on from there', async () => {
    const { port, fingerprint } = await server();
    const between = await middle(port, 'reading');
    const env = freshEnv();
    expect((await say(between.address, env, 'too trusting')).status).toBe(0);
    expect(between.heard).toContain('too trusting');

    between.manner = 'honest';
    const stopped = await say(between.address, env);
    expect(stopped).toMatchObject({ status: 1, stderr: expect.stringContaining(`now it is ${fingerprint}.`) });
    const forgotten = await uchat(['forget-server', between.address], env);
    expect(forgotten).toMatchObject({ status: 0, stderr: '' });
    expect(forgotten.stdout).toMatch(/^\S+ is forgotten; its key was SHA256:\S+\n$/);
    expect((await say(between.address, env)).status).toBe(0);
    expect(readFileSync(knownServers(env), 'utf8')).toBe(`${between.address} ${fingerprint}\n`);
  });

  test('who comes while somebody follows ends that, instead of being followed', async () => {
    const { port } = await server();
    const between = await middle(port, 'honest');
    const env = freshEnv();
    expect((await say(between.address, env, 'before')).status).toBe(0);
    const tail = start(['tail', 'lobby', '--limit', '1', ...guest(between.address)], env);
    await until('the message', () => tail.stdout.includes('before'));
    between.manner = 'reading';
    between.cut();
    expect(await tail.ended).toBe(1);
    expect(tail.stderr).toContain('uchat: The key of');
    expect(between.heard).toBe('');
  });
});

/** A name of this machine, which is looked up as any other is. */
const NAME = hostname();

describe.runIf(need('openssl') && (await needName(NAME)))('a certificate of an authority that this host trusts', () => {
  async function certifiedServer() {
    const env = freshEnv();
    const home = env.HOME ?? '';
    const { file, issue } = authority(home);
    const [keyFile, certFile] = [join(home, 'server.key'), join(home, 'server.crt')];
    const port = await freePort();
    /** Instead of the one before. */
    const serveWith = async ({ key, cert }: TlsKey) => {
      writeFileSync(keyFile, key);
      writeFileSync(certFile, cert);
      const files = ['--tls-key', keyFile, '--tls-cert', certFile];
      const { server: running } = await serve(freshEnv(), ['--host', NAME, '--guests', ...files], port);
      return async () => {
        running.child.kill('SIGTERM');
        await running.ended;
      };
    };
    return { env: { ...env, SSL_CERT_FILE: file }, address: `${NAME}:${port}`, issue, serveWith };
  }

  test('makes the first connection verified, and a new key for the same name no alarm', async () => {
    const { env, address, issue, serveWith } = await certifiedServer();
    let stop = await serveWith(issue(NAME));
    const first = await say(address, env);
    expect(first).toMatchObject({ status: 0, stderr: expect.stringContaining('verified by certificate') });
    const kept = readFileSync(knownServers(env), 'utf8');
    expect(kept).toMatch(/^\S+ SHA256:\S+ certificate\n$/);
    expect(await say(address, env)).toEqual({ status: 0, stdout: '', stderr: '' });

    await stop();
    stop = await serveWith(issue(NAME));
    const renewed = await say(address, env);
    expect(renewed).toMatchObject({ status: 0, stderr: expect.stringContaining('a new key, verified by certificate') });
    const after = readFileSync(knownServers(env), 'utf8');
    expect(after).toMatch(/^\S+ SHA256:\S+ certificate\n$/);
    expect(after).not.toBe(kept);

    // One for another name, and one by nobody, are.
    for (const other of [issue('elsewhere.example'), newTlsKey()]) {
      await stop();
      stop = await serveWith(other);
      expect((await say(address, env)).status).toBe(1);
      expect(readFileSync(knownServers(env), 'utf8')).toBe(after);
    }
  });

  test('never takes the place of a key that was taken on trust', async () => {
    const { env, address, issue, serveWith } = await certifiedServer();
    const stop = await serveWith(newTlsKey());
    expect((await say(address, env)).status).toBe(0);
    const kept = readFileSync(knownServers(env), 'utf8');
    await stop();
    await serveWith(issue(NAME));
    expect((await say(address, env)).status).toBe(1);
    expect(readFileSync(knownServers(env), 'utf8')).toBe(kept);
  });
});

test('a list of keys that cannot be read lets nobody through, and one broken line not its server', async () => {
  const env = freshEnv();
  const data = ['--data', join(env.HOME ?? '', 'd')];
  mkdirSync(join(env.HOME ?? '', 'd'));
  writeFileSync(join(env.HOME ?? '', 'd', 'known_servers'), '192.0.2.9:2428 what?\n');
  const broken = await uchat(['who', ...guest('192.0.2.9'), ...data], env);
  expect(broken).toMatchObject({ status: 1, stderr: expect.stringContaining('uchat forget-server 192.0.2.9:2428') });
  expect(await uchat(['forget-server', '192.0.2.9', ...data], env)).toEqual({
    status: 0,
    stdout: '192.0.2.9:2428 is forgotten\n',
    stderr: '',
  });
});

test.each([
  [['forget-server'], 'a HOST is missing: name the server to forget'],
  [['forget-server', 'box'], 'no key of box:2428 is kept in '],
  [['forget-server', 'a:b:c'], 'HOST "a:b:c": more than one colon'],
])('%j: one line, status 2', async (args, words) => {
  const { status, stdout, stderr } = await uchat(args, freshEnv());
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^uchat: [^\n]+\n$/);
  expect(stderr).toContain(words);
});
