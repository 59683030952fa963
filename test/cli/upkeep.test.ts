/** `uchat backup`, `uchat restore` and `uchat --serve --check` as real processes. */
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { afterwards, freshEnv, PATIENCE, serve, start, uchat, until } from './run.ts';

vi.setConfig(PATIENCE);

/** A guest who writes without end, a handful at a time. @returns the ids that were acknowledged, as they come. */
function hammer(port: number): Set<string> {
  const stored = new Set<string>();
  const socket = connect(port, '127.0.0.1');
  let next = 0;
  const say = (): void => {
    next += 1;
    socket.write(`${JSON.stringify({ type: 'say', to: '#lobby', text: `text of m-${next}`, id: `m-${next}` })}\n`);
  };
  let rest = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, type, id] = /^\{"type":"(\w+)"(?:.*"id":"(m-\d+)")?/.exec(line) ?? [];
      if (type === 'welcome') for (let i = 0; i < 10; i++) say();
      if (type !== 'ack' || id === undefined) continue;
      stored.add(id);
      say();
    }
  });
  socket.on('error', () => undefined);
  socket.write(`${JSON.stringify({ type: 'hello', version: 1, name: 'hammer', auth: { method: 'guest' } })}\n`);
  afterwards(() => void socket.destroy());
  return stored;
}

test('a backup that is taken while the server is written to makes a server that has all that was acknowledged', async () => {
  const env = freshEnv();
  const home = env.HOME ?? '';
  const [data, again, file] = [join(home, 'one'), join(home, 'two'), join(home, 'it.backup')];
  const { server, port } = await serve(env, ['--data', data, '--guests', '--rate-limit', 'off']);
  const stored = hammer(port);
  await until('some messages', () => stored.size > 200);
  const before = [...stored];
  const made = await uchat(['backup', '--data', data, file], env);
  expect(made).toMatchObject({ status: 0, stderr: '' });
  expect(made.stdout).toMatch(
    /^\S+it\.backup: [\d,]+ messages, 1 room, \d accounts?, the server's key, \d+ kB, [\d.]+ m?s\n$/,
  );
  const running = await uchat(['--serve', '--check', '--data', data], env);
  expect(running).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(/one: sound; [\d,]+ messages/),
  });
  expect(await uchat(['restore', '--data', data, file, '--force'], env)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`another server uses the folder ${data}`),
  });

  const restored = await uchat(['restore', '--data', again, file], env);
  expect(restored).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^\S+two: [\d,]+ messages/) });
  const checked = await uchat(['--serve', '--check', '--json', '--data', again], env);
  expect(checked.status).toBe(0);
  expect(JSON.parse(checked.stdout)).toMatchObject({ code: 'summary', faults: 0, rooms: 1 });
  const { server: second, port: its } = await serve(env, ['--data', again, '--guests']);
  const key = (said: string): string | undefined => /"fingerprint":"([^"]+)"/.exec(said)?.[1];
  expect(key(second.stdout)).toBe(key(server.stdout));
  expect(key(second.stdout)).toBeDefined();
  const options = ['--guest', '--user', 'reader', '--server', `127.0.0.1:${its}`, '--limit', '100000', '--json'];
  const { stdout } = await uchat(['history', ...options, 'lobby'], env);
  const texts = new Set([...stdout.matchAll(/text of (m-\d+)/g)].map(([, id]) => id));
  expect(before.filter((id) => !texts.has(id))).toEqual([]);
});

test('Ctrl-C while a backup is made leaves nothing behind, and ends it as it ends any program', async () => {
  const env = freshEnv();
  const home = env.HOME ?? '';
  const data = join(home, 'one');
  const { server } = await serve(env, ['--data', data]);
  server.child.kill('SIGTERM');
  await server.ended;
  const target = join(home, 'target');
  mkdirSync(target);
  const running = start(['backup', '--data', data, join(target, 'it.backup')], env);
  // As soon as its own file is there, which is gone again in a moment.
  await until('the file that is being made', () => readdirSync(target).length > 0 || running.child.exitCode !== null);
  running.child.kill('SIGINT');
  expect([0, 130]).toContain(await running.ended);
  // It may have been faster.
  expect(readdirSync(target).filter((name) => name !== 'it.backup')).toEqual([]);
});

test.each([
  [['backup'], 2, 'a FILE is missing: name the file of the backup'],
  [['backup', '-'], 2, 'a backup goes into a file, not to standard output'],
  [['backup', 'x', 'y'], 2, '"y" is one word too many'],
  [['backup', 'x', '--data', 'nowhere'], 2, 'there is no folder'],
  [['backup', 'x', '--config', '/nowhere.toml'], 2, '--config /nowhere.toml: there is no such file'],
  [['restore'], 2, 'a FILE is missing: name the file of the backup'],
  [['restore', 'nowhere', '--data', 'x'], 2, 'there is no file'],
  [['--serve', '--check', '--data', 'nowhere'], 2, 'there is no folder'],
  [['--check'], 2, '--check is for a server: add --serve'],
  [['--serve', '--json'], 2, '--json goes with --check'],
])('%j: one line, status %i', async (args, wanted, words) => {
  const env = freshEnv();
  const { status, stdout, stderr } = await uchat(args, env);
  expect([status, stdout]).toEqual([wanted, '']);
  expect(stderr).toMatch(/^uchat: [^\n]+\n$/);
  expect(stderr).toContain(words);
  expect(existsSync(join(env.HOME ?? '', 'nowhere'))).toBe(false);
});

test("a folder with faults: a line for each, and status 1; the folder is the one of the server's file", async () => {
  const env = freshEnv();
  const data = join(env.HOME ?? '', 'one');
  mkdirSync(data, { mode: 0o700 });
  chmodSync(data, 0o755);
  mkdirSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat'), { recursive: true });
  writeFileSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat', 'server.toml'), `data = ${JSON.stringify(data)}\n`);
  const { status, stdout, stderr } = await uchat(['--serve', '--check'], env);
  expect([status, stderr]).toEqual([1, '']);
  expect(stdout.split('\n')).toEqual([
    `open_to_others: others can get into the folder ${data}; chmod 700 ${data}`,
    expect.stringMatching(/^note no_server_key: /),
    expect.stringMatching(/^no_database: /),
    expect.stringMatching(/: 2 faults; 0 messages/),
    '',
  ]);
  expect(readdirSync(data)).toEqual([]);
});

test('a server says what is wrong with its data in one line, whatever words stand in it', async () => {
  const env = freshEnv();
  const data = join(env.HOME ?? '', 'data');
  mkdirSync(data, { mode: 0o700 });
  const db = new DatabaseSync(join(data, 'uchat.db'), { defensive: false });
  db.exec(`
    CREATE TABLE bans (target);
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = 'CREATE TABLE bans (' || char(27) || ']0;mine' || char(7, 10) || 'x'`);
  db.close();
  const { status, stderr } = await uchat(['--serve', '--data', data, '--port', '0'], env);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^uchat: [^\x00-\x1f]*malformed database schema[^\x00-\x1f]*\n$/);
});
