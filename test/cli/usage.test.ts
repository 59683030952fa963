import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { SERVER } from '../../src/usage/options.ts';
import { afterwards, CLI, freePort, freshEnv, PATIENCE, uchat } from './run.ts';

vi.setConfig(PATIENCE);

test('with an empty $HOME nothing is written into the working folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-cwd-'));
  afterwards(() => rmSync(folder, { recursive: true, force: true }));
  const { PATH = '' } = freshEnv();
  const { status } = spawnSync(process.execPath, [CLI, '--version'], { cwd: folder, env: { PATH, HOME: '' } });
  expect(status).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

test('--version is the version', async () => {
  expect(await uchat(['--version'], freshEnv())).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: '' });
});

test('--help fits 80 columns, in English whatever the locale, and offers only what there is', async () => {
  const env = { ...freshEnv(), LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' };
  const { status, stdout } = await uchat(['--help'], env);
  expect(status).toBe(0);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  for (const word of [
    'send',
    'announce',
    'tail',
    'who',
    'history',
    'forget-server',
    'doctor',
    'completion',
    'man',
    '--tls-cert',
    '--serve',
    '--guest',
    '--connect',
    '--relay-only',
    '--direct-port',
    '--mouse',
    '--no-dashboard',
    'Options:',
  ])
    expect(stdout).toContain(word);
  expect(stdout).not.toMatch(/--(redis|dashboard)\b/);
});

test('--serve --help is about a server alone, and has all of its options', async () => {
  const { status, stdout } = await uchat(['--serve', '--help'], freshEnv());
  expect(status).toBe(0);
  const told = [...stdout.matchAll(/^ +(?:-h, )?--([a-z-]+)/gm)].map(([, name = '']) => name);
  const own = Object.keys(SERVER).filter((name) => name !== 'serve');
  expect(told).toEqual(['data', 'config', ...own, 'help', 'version']);
  expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
});

test('--help behind a word is about that word', async () => {
  const { stdout } = await uchat(['send', '--help'], freshEnv());
  expect(stdout).toContain('uchat send <TARGET> [TEXT..]');
  expect(stdout).not.toContain('--durability');
});

test.each([
  [['-x'], 'there is no option -x'],
  [['--noDashboard', '--serve'], 'there is no option --noDashboard'],
  [['box', 'words'], '"words" is one word too many'],
  [['send'], 'a TARGET is missing'],
  [['send', 'lobby', '-x'], 'text that begins with - goes after --'],
  [['send', 'lobby', ''], 'TEXT is empty'],
  [['send', 'a b', 'x'], 'TARGET "a b": a person like bob, or a room like "#dev"'],
  [['send', '#a b', 'x'], 'TARGET "#a b": a room'],
  [['announce'], 'TEXT is missing'],
  [['announce', ' '], 'TEXT is empty'],
  [['who', '--user='], '--user: is empty'],
  [['who', '--user'], '--user needs a value'],
  [['who', '--since', '3x'], '--since: "3x" is not a duration'],
  [['who', '--guest'], 'a guest needs a name: add --user NAME'],
  [['who', '--server', 'a:b:c'], '--server "a:b:c": more than one colon'],
  [['history', 'lobby', '--limit', 'x'], '--limit: "x" is not a whole number'],
  [['box:99999'], 'HOST "box:99999": a port is a number from 1 to 65535'],
  [['--guests'], '--guests is for a server: add --serve'],
  [['--serve', '--user', 'x'], '--user is for the client'],
  [['--serve', '--relay-only'], '--relay-only is for the client'],
  [['--direct-port', '70000'], '--direct-port: "70000" is not a port from 1024 to 65535'],
  [['who', '--mouse'], 'there is no option --mouse'],
  [['--serve', '--guests=yes'], '--guests takes no value'],
  [['--serve', '--port', '70000'], '--port: "70000" is not a port'],
  [['--serve', '--rate-limit', 'maybe'], '--rate-limit: "maybe" is not on or off'],
  [['--serve', '--host-login', '--no-host-login'], 'exclude each other'],
  [['--serve', '--stop', '--status'], '--stop and --status exclude each other'],
  [['--serve', 'backup', 'x'], 'there is no option --serve'],
  [['--serve', '--config', '/nowhere.toml'], '--config /nowhere.toml: there is no such file'],
  [['127.0.0.1'], 'as lines it runs with uchat --plain; in scripts use uchat send, tail, who or history'],
])('%j is wrong usage: one line, status 2', async (args, words) => {
  const { status, stdout, stderr } = await uchat(args, freshEnv());
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^uchat: [^\n]+\n$/);
  expect(stderr).toContain(words);
  expect(status).toBe(2);
});

test('a server whose file has a slip does not start, and the line says where it is', async () => {
  const env = freshEnv();
  mkdirSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat'), { recursive: true });
  writeFileSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat/server.toml'), 'guests = true\n\nprot = 1\n');
  const { status, stderr } = await uchat(['--serve'], env);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^uchat: [^\n]*uchat\/server\.toml:3:1: "prot" is no setting; known are [^\n]+\n$/);
  // A server that runs can be stopped all the same.
  const stop = await uchat(['--serve', '--stop'], env);
  expect(stop).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/; mend it, or name the folder with --data\n$/),
  });
  expect(await uchat(['--serve', '--stop', '--data', env.HOME ?? ''], env)).toMatchObject({ status: 3 });
});

test('where nothing listens the status is 3, and the line says what to do', async () => {
  const port = await freePort();
  const { status, stdout, stderr } = await uchat(['who', '--server', `127.0.0.1:${port}`], freshEnv());
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toBe(
    `uchat: nothing listens on 127.0.0.1:${port}; start one with uchat --serve, or name another with --server\n`,
  );
});
