import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { afterwards, freshEnv, PATIENCE, serve, start, uchat, until } from './run.ts';

vi.setConfig(PATIENCE);

const OPEN = ['--guests', '--rate-limit', 'off', '--durability', 'process'];
const as = (name: string): string[] => ['--guest', '--user', name];

async function setUp() {
  const env = freshEnv();
  const { server, port } = await serve(env, OPEN);
  const at = { ...env, UCHAT_SERVER: `127.0.0.1:${port}` };
  return { env, at, server, port };
}

/** Every field that any of the commands prints. */
interface Printed {
  readonly seq: number;
  readonly from: string;
  readonly text: string;
  readonly name: string;
  readonly state: string;
  readonly since: string;
}

const jsonLines = (text: string): readonly Printed[] =>
  text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Printed);

test('what is sent is in the history, word for word, whatever it looks like', async () => {
  const { at } = await setUp();
  expect(await uchat(['send', 'lobby', '007', '1e3', 'a=b', 'true', '--', '-x', '--user', ':-)'], at)).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect((await uchat(['send', '--', 'lobby', '--', '-1'], at)).status).toBe(0);
  // Options may stand before the word as well.
  const { stdout, status } = await uchat(['--json', '--limit', '9', 'history', '#lobby'], at);
  expect(status).toBe(0);
  expect(jsonLines(stdout)).toMatchObject([
    { room: '#lobby', seq: 1, from: userInfo().username, text: '007 1e3 a=b true -x --user :-)' },
    { room: '#lobby', seq: 2, text: '-- -1' },
  ]);
});

test('each line of standard input is a message, in order; empty ones are none', async () => {
  const { at } = await setUp();
  const lines = Array.from({ length: 40 }, (_, i) => `line ${i}`);
  expect((await uchat(['send', 'lobby', ...as('bob')], at, `${lines.join('\r\n\n')}`)).status).toBe(0);
  const { stdout } = await uchat(['history', 'lobby', '--json'], at);
  expect(jsonLines(stdout).map(({ text }) => text)).toEqual(lines);
  expect(jsonLines(stdout)[0]?.from).toBe('~bob');
});

test('sending to a room enters it first', async () => {
  const { at } = await setUp();
  expect((await uchat(['send', '#dev', '--create', 'hi', ...as('bob')], at)).status).toBe(0);
  expect((await uchat(['send', '#dev', 'hi'], at)).status).toBe(0);
  const { stdout } = await uchat(['history', 'dev', '--limit', '1'], at);
  expect(stdout).toMatch(new RegExp(`^\\d\\d:\\d\\d ${userInfo().username}: hi\\n$`));
});

test('a room that is not there is made by nobody’s slip: status 1, and what makes it', async () => {
  const { at } = await setUp();
  const wrong = { status: 1, stdout: '', stderr: 'uchat: there is no room #norm; --create makes it\n' };
  expect(await uchat(['send', '#norm', 'hi'], at)).toEqual(wrong);
  expect(await uchat(['send', '#norm', 'hi'], at)).toEqual(wrong);
  expect((await uchat(['send', '--create', '#norm', 'hi'], at)).status).toBe(0);
  expect((await uchat(['send', '#norm', 'once more'], at)).status).toBe(0);
});

test('a line too long stops the sending there, and the line says how far it came', async () => {
  const { at } = await setUp();
  const { status, stderr } = await uchat(['send', 'lobby'], at, `one\ntwo\n${'x'.repeat(8193)}\nfour\n`);
  expect(status).toBe(2);
  expect(stderr).toBe('uchat: line 3 is longer than 8192 bytes; split it (messages sent before: 2)\n');
  expect((await uchat(['history', 'lobby'], at)).stdout.match(/\n/g)).toHaveLength(2);
});

test('history gives the last ones, over as many pages as it takes', async () => {
  const { at } = await setUp();
  const lines = Array.from({ length: 460 }, (_, i) => `m${i + 1}`);
  expect((await uchat(['send', 'lobby'], at, lines.join('\n'))).status).toBe(0);
  const texts = async (...limit: string[]) =>
    jsonLines((await uchat(['history', 'lobby', '--json', ...limit], at)).stdout).map(({ text }) => text);
  expect(await texts()).toEqual(lines.slice(-50));
  expect(await texts('--limit', '0')).toEqual([]);
  expect(await texts('--limit', '3')).toEqual(lines.slice(-3));
  expect(await texts('--limit', '450')).toEqual(lines.slice(-450));
  expect(await texts('--limit', '9999')).toEqual(lines);
});

test('a room that one is not in is refused: status 1, one line', async () => {
  const { at } = await setUp();
  const refused = async () => {
    const { status, stderr } = await uchat(['history', 'dev'], at);
    return [status, stderr];
  };
  expect(await refused()).toEqual([
    1,
    'uchat: there is no room #dev; see which there are with /rooms in uchat; what you have said with dev: uchat history @dev\n',
  ]);
  await uchat(['send', '#dev', '--create', 'hi', ...as('bob')], at);
  expect(await refused()).toEqual([1, 'uchat: you are not in #dev; enter it with /join #dev in uchat\n']);
});

test('a guest is refused where no guests are let in: status 1, and what to do', async () => {
  const env = freshEnv();
  const { port } = await serve(env);
  const { status, stderr } = await uchat(['who', '--server', `127.0.0.1:${port}`, ...as('bob')], env);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^uchat: the server refused: [^\n]+; leave --guest out [^\n]+\n$/);
});

test('host log-in that is off is refused with what to do', async () => {
  const env = freshEnv();
  const { port } = await serve(env, ['--guests', '--no-host-login']);
  const { status, stderr } = await uchat(['who', '--server', `127.0.0.1:${port}`], env);
  expect(status).toBe(1);
  expect(stderr).toContain('come as a guest with --guest --user NAME');
});

test('what is no server of ours is no connection', async () => {
  const other = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve);
  });
  afterwards(() => void other.close());
  const address = other.address();
  const at = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  expect(await uchat(['who', '--server', at], freshEnv())).toEqual({
    status: 3,
    stdout: '',
    stderr: `uchat: ${at} does not speak this protocol\n`,
  });
});

test('a slip in the own file is a warning, and the command goes on', async () => {
  const { env, port } = await setUp();
  mkdirSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat'), { recursive: true });
  writeFileSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat/config.toml'), `server = "127.0.0.1:${port}"\nusr = 1\n`);
  const { status, stderr } = await uchat(['who'], env);
  expect(status).toBe(0);
  expect(stderr).toMatch(/^uchat: [^\n]*config\.toml:2:1: "usr" is no setting[^\n]*\n$/);
});

test('a script is not seen as being here; who is, is listed, and with a time also who was', async () => {
  const { at, port } = await setUp();
  expect(await uchat(['who'], at)).toEqual({ status: 0, stdout: '', stderr: '' });
  const { connectTcp } = await import('../../src/link/tcp.ts');
  const link = await connectTcp({ host: '127.0.0.1', port, timeoutMs: 5000 });
  if (!link.ok) throw new Error(link.error.text);
  const frames: string[] = [];
  link.value.listen({
    frame: (line) => frames.push(line),
    fault: () => undefined,
    drained: () => undefined,
    closed: () => frames.push('closed'),
  });
  link.value.write('{"type":"hello","version":1,"name":"bob","auth":{"method":"guest"}}\n');
  await until('welcome', () => frames.some((line) => line.includes('"welcome"')));
  expect((await uchat(['who'], at)).stdout).toMatch(/^~bob {2}online {3}\d+s\n$/);
  link.value.end();
  await until('the end', () => frames.includes('closed'));
  expect((await uchat(['who'], at)).stdout).toBe('');
  const { stdout } = await uchat(['who', '--since', '1h', '--json'], at);
  expect(jsonLines(stdout)).toEqual([{ name: '~bob', state: 'offline', since: expect.stringMatching(/^\d{4}-.*Z$/) }]);
});

test('tail follows a room, and escape sequences in it stay text', async () => {
  const { at } = await setUp();
  await uchat(['send', '--create', '#dev', 'before'], at);
  const json = start(['tail', 'dev', '--json', '--limit', '1'], at);
  const plain = start(['tail', 'dev', '--limit', '1'], at);
  await until('the older message', () => json.stdout.includes('before') && plain.stdout.includes('before'));
  await uchat(['send', '#dev', 'red \u001b[31m\u009b31m'], at);
  await until('the new message', () => json.stdout.includes('red') && plain.stdout.includes('red'));
  expect(jsonLines(json.stdout).map(({ seq, text }) => [seq, text])).toEqual([
    [1, 'before'],
    [2, 'red \u001b[31m\u009b31m'],
  ]);
  expect(json.stdout + plain.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  json.child.kill('SIGTERM');
  plain.child.kill('SIGINT');
  expect([await json.ended, await plain.ended]).toEqual([143, 130]);
  expect(json.stderr + plain.stderr).toBe('');
});

test('tail ends quietly when nobody reads it any more', async () => {
  const { at } = await setUp();
  await uchat(['send', 'lobby', 'zero'], at);
  const tail = start(['tail', '--limit', '1'], at);
  await until('the tail', () => tail.stdout.includes('zero'));
  tail.child.stdout?.destroy();
  await uchat(['send', 'lobby', 'one'], at);
  expect(await tail.ended).toBe(0);
  expect(tail.stderr).toBe('');
});

test('a server killed in the middle: tail shows every message once, and send loses and doubles none', async () => {
  const env = freshEnv();
  const { server, port } = await serve(env, OPEN);
  const at = { ...env, UCHAT_SERVER: `127.0.0.1:${port}` };
  const lines = Array.from({ length: 300 }, (_, i) => `m${i + 1}`);
  const tail = start(['tail', '--json', '--limit', '1000'], at);
  const sending = start(['send', 'lobby', ...as('bob')], at, lines.join('\n'));
  await until('some messages on both sides', () => tail.stdout.includes('"m50"'));
  server.child.kill('SIGKILL');
  await server.ended;
  await serve(env, OPEN, port);
  expect(await sending.ended).toBe(0);
  const { stdout } = await uchat(['history', 'lobby', '--limit', '1000', '--json'], at);
  expect(jsonLines(stdout).map(({ text }) => text)).toEqual(lines);
  await until('the last message', () => tail.stdout.includes('"m300"'));
  expect(jsonLines(tail.stdout).map(({ text }) => text)).toEqual(lines);
  expect(tail.stderr).toMatch(
    /^uchat: the connection [^\n]*; trying again\nuchat: connected again; nothing was missed\n$/,
  );
});
