import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { afterwards, freePort, freshEnv, PATIENCE, serve, until } from './run.ts';
import { open, type Screen } from './terminal.ts';

vi.setConfig(PATIENCE);

const me = userInfo().username;
const OFFER = /No server answers on 127\.0\.0\.1:\d+\. Start one here\? \[Y\/n\]/;
const ONLINE = /online \d+ ms/;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The server that a client says it has started, which ends with the test. */
async function startedServer(screen: Screen, log: string): Promise<number> {
  // The full screen is gone, so the line that it hid is there again.
  const shown = await screen.shows(/Started a server on \S+ \(process \d+, log [^)]*\)/);
  expect(shown).toContain(log);
  const pid = Number(/process (\d+)/.exec(shown)?.[1]);
  afterwards(async () => {
    process.kill(pid, 'SIGTERM');
    await until('the end of the server', () => !isAlive(pid));
  });
  return pid;
}

test('where nothing listens on this host a server is offered, started, and outlives the client', async () => {
  const env = freshEnv();
  const port = await freePort();
  const log = join(env.XDG_DATA_HOME ?? '', 'uchat-server', 'server.log');
  const screen = open([`127.0.0.1:${port}`], env);
  await screen.shows(OFFER);
  expect(screen.isFull()).toBe(false);
  screen.type('\r');
  await screen.shows(ONLINE);
  expect(screen.isFull()).toBe(true);
  expect(screen.text()).toContain(me);
  screen.type('\u0003');
  const pid = await startedServer(screen, log);
  expect(await screen.ended).toMatchObject({ exitCode: 0 });
  expect(isAlive(pid)).toBe(true);
  // Field 6 of stat(5): its session, which is its own; and what it may leave behind is nobody else's to read.
  expect(Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[5])).toBe(pid);
  expect(statSync(log).mode & 0o777).toBe(0o600);

  const again = open([`127.0.0.1:${port}`], env);
  await again.shows(ONLINE);
  again.type('/quit\r');
  expect(await again.ended).toMatchObject({ exitCode: 0 });
});

test('a server that is not wanted leads to the form; leaving that is no connection', async () => {
  const env = freshEnv();
  const port = await freePort();
  const screen = open([`127.0.0.1:${port}`], env);
  await screen.shows(OFFER);
  screen.type('n\r');
  await screen.shows(`nothing listens on 127.0.0.1:${port}`);
  await screen.shows('Esc: leave');
  screen.type('\u001b');
  expect(await screen.ended).toMatchObject({ exitCode: 3 });
  expect(screen.isFull()).toBe(false);
  expect(await screen.shows('name another with uchat HOST:PORT')).toMatch(/^uchat: nothing listens on /m);
});

test('a server that can not start says why', async () => {
  const env = freshEnv();
  mkdirSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat'), { recursive: true });
  writeFileSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat/server.toml'), 'gests = true\n');
  const screen = open([`127.0.0.1:${await freePort()}`], env);
  await screen.shows(OFFER);
  screen.type('y\r');
  const shown = await screen.shows('Esc: leave');
  expect(shown.replaceAll(/\s+/g, ' ')).toMatch(
    /the server could not start: .*server\.toml:1:1: "gests" is no setting/,
  );
});

test('no answer at all ends the program, with no connection', async () => {
  const screen = open([`127.0.0.1:${await freePort()}`], freshEnv());
  await screen.shows(OFFER);
  screen.type('\u0004');
  expect(await screen.ended).toMatchObject({ exitCode: 3 });
});

test('the form asks for address, port and name, says what is wrong, and remembers what was right', async () => {
  const env = freshEnv();
  const { port } = await serve(env, ['--guests']);
  const screen = open(['--connect'], env);
  await screen.shows('IP address  127.0.0.1');
  screen.type('\u0015300.1.1.1\t\u00150\tbob\r');
  await screen.shows('this is no IP address');
  await screen.shows('a port is a number from 1 to 65535');
  screen.type(`\u0015127.0.0.1\t\u0015${port}\r`);
  await screen.shows(ONLINE);
  expect(screen.text()).toContain('~bob');
  screen.type('\u0003');
  expect(await screen.ended).toMatchObject({ exitCode: 0 });
  const file = join(env.XDG_DATA_HOME ?? '', 'uchat', 'client.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    version: 1,
    server: { host: '127.0.0.1', port },
    name: 'bob',
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const next = open(['--guest'], env);
  await next.shows(/Name {2}bob/);
  next.type('\r');
  await next.shows(ONLINE);
  expect(next.text()).toContain(`~bob@127.0.0.1:${port}`);
});

test('a guest whose name can not be had is asked for another', async () => {
  const env = freshEnv();
  const { port } = await serve(env, ['--guests']);
  const screen = open([`127.0.0.1:${port}`, '--guest', '--user', me], env);
  await screen.shows(/the server refused: [^]*choose another name/);
  screen.type('\u0015bob\r');
  await screen.shows(ONLINE);
  expect(screen.text()).toContain('~bob');
});

test('who is refused for another reason reads it on a plain line, status 1', async () => {
  const env = freshEnv();
  const { port } = await serve(env, []);
  const screen = open([`127.0.0.1:${port}`, '--guest', '--user', 'bob'], env);
  expect(await screen.ended).toMatchObject({ exitCode: 1 });
  expect(await screen.shows('leave --guest out')).toMatch(/^uchat: the server refused: .*$/m);
});

test('a slip in the own file is told in the chat, which goes on', async () => {
  const env = freshEnv();
  const { port } = await serve(env);
  mkdirSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat'), { recursive: true });
  writeFileSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat/config.toml'), `server = "127.0.0.1:${port}"\nthme = "x"\n`);
  const screen = open([], env, 160);
  await screen.shows(/config\.toml:2:1: "thme" is no setting/);
  await screen.shows(ONLINE);
});

test.each([
  ['SIGTERM', 15],
  ['SIGHUP', 1],
  ['SIGINT', 2],
])('%s ends the client as it ends any program, and the terminal is as before', async (name, signal) => {
  const env = freshEnv();
  const { port } = await serve(env);
  const screen = open([`127.0.0.1:${port}`], env);
  await screen.shows(ONLINE);
  screen.kill(name);
  expect(await screen.ended).toMatchObject({ signal });
  await until('the normal screen', () => !screen.isFull());
});

test('a fault of the program leaves the terminal as before, and is one line', async () => {
  const env = freshEnv();
  const { port } = await serve(env);
  const fault = Buffer.from('process.on("SIGUSR2", () => { throw new Error("on\\npurpose"); })').toString('base64');
  const screen = open([`127.0.0.1:${port}`], { ...env, NODE_OPTIONS: `--import=data:text/javascript;base64,${fault}` });
  await screen.shows(ONLINE);
  screen.kill('SIGUSR2');
  expect(await screen.ended).toMatchObject({ exitCode: 70 });
  await until('the normal screen', () => !screen.isFull());
  expect(screen.text().trim()).toMatch(/^uchat: this is a fault of uchat itself: Error: on; please report it$/);
});
