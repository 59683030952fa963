import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { ClientId, UnixMs, UserName } from '../../src/base/ids.ts';
import { openVault } from '../../src/client/vault/open.ts';
import type { Vault } from '../../src/peer/vault.ts';
import { afterwards, freePort, freshEnv, PATIENCE, serve, uchat } from './run.ts';

vi.setConfig(PATIENCE);

const BOB = 'bob' as UserName;
const ALICE = 'alice' as UserName;
const OPEN = ['--guests', '--rate-limit', 'off', '--durability', 'process'];

/** What the client of this environment keeps for the server on that port. */
function vaultOf(env: Record<string, string>, port: number): Vault {
  const opened = openVault({
    folder: join(env.XDG_DATA_HOME ?? '', 'uchat'),
    server: { host: '127.0.0.1', port },
  });
  if (!opened.ok) throw new Error(opened.error.text);
  afterwards(() => opened.value.close());
  return opened.value;
}

const at = (minute: number): UnixMs => Date.UTC(2026, 10, 20, 9, minute) as UnixMs;

function write(vault: Vault, count: number): void {
  for (let i = 1; i <= count; i += 1)
    vault.log.append(BOB, { id: `id-${i}` as ClientId, from: i % 2 ? ALICE : BOB, text: `m${i}`, time: at(i % 60) });
}

/** A log of one's own, and no server: none is asked. */
async function logged(count: number) {
  const env = freshEnv();
  const port = await freePort();
  const vault = vaultOf(env, port);
  write(vault, count);
  const history = (...args: readonly string[]) =>
    uchat(['history', '@bob', '--server', `127.0.0.1:${port}`, ...args], env);
  return { env, vault, history };
}

test('what one has said with a person comes from one’s own log, while a client of ours has it, too', async () => {
  const { vault, history } = await logged(3);
  const day = '--- 2026-11-20 ---\n';
  const lines = '09:01 alice: m1\n09:02 bob: m2\n09:03 alice: m3\n';
  expect(await history()).toEqual({ status: 0, stdout: day + lines, stderr: '' });
  expect((await history('--limit', '1')).stdout).toBe(day + '09:03 alice: m3\n');
  vault.close();
  expect(await history('--json', '--limit', '2')).toEqual({
    status: 0,
    stdout:
      '{"with":"bob","from":"bob","text":"m2","time":"2026-11-20T09:02:00.000Z"}\n' +
      '{"with":"bob","from":"alice","text":"m3","time":"2026-11-20T09:03:00.000Z"}\n',
    stderr: '',
  });
});

test('a long log is printed as far as it is asked for, in order', async () => {
  const { history } = await logged(450);
  const printed = async (...limit: readonly string[]) =>
    (await history(...limit)).stdout.split('\n').flatMap((line) => / (m\d+)$/.exec(line)?.[1] ?? []);
  const texts = Array.from({ length: 450 }, (_, i) => `m${i + 1}`);
  expect(await printed()).toEqual(texts.slice(-50));
  expect(await printed('--limit', '0')).toEqual([]);
  expect(await printed('--limit', '201')).toEqual(texts.slice(-201));
  expect(await printed('--limit', '999')).toEqual(texts);
});

test('a log under a passphrase opens with the one in a file, and never says what it is', async () => {
  const { env, vault, history } = await logged(1);
  await vault.log.setPassphrase('correct horse');
  const file = (name: string, text: string): string => {
    const path = join(env.HOME ?? '', name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const [right, wrong] = [file('right', 'correct horse\n'), file('wrong', 'battery staple\n')];
  expect(await history()).toEqual({
    status: 2,
    stdout: '',
    stderr: 'uchat: your log is under a passphrase: name a file with it by --passphrase-file FILE\n',
  });
  expect(await history('--passphrase-file', wrong)).toEqual({
    status: 2,
    stdout: '',
    stderr: 'uchat: the passphrase of your log is another one than in this file\n',
  });
  expect(await history('--passphrase-file', right)).toEqual({
    status: 0,
    stdout: '--- 2026-11-20 ---\n09:01 alice: m1\n',
    stderr: '',
  });
});

test('of somebody with whom one has said nothing, nothing is printed, and nothing is made', async () => {
  const { status, stdout, stderr } = await uchat(['history', '~nobody'], freshEnv());
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(await uchat(['history', '@'], freshEnv())).toMatchObject({ status: 2, stdout: '' });
});

test('to somebody who has no device yet nothing can be sent: status 1, and what to do', async () => {
  const env = freshEnv();
  const { port } = await serve(env, OPEN);
  const here = { ...env, UCHAT_SERVER: `127.0.0.1:${port}` };
  // An account that has never been in a client.
  expect(await uchat(['who'], here)).toMatchObject({ status: 0 });
  const own = (await uchat(['send', '~zoe', 'hello'], here)).stderr;
  expect(own).toMatch(/^uchat: the server refused: nobody here is called ~zoe[^\n]*\n$/i);
});
