/**
 * The single executable where nothing else is: a root folder with it, the libraries that Node asks the system for, a list
 * of users and the kernel's own files. No Node, no packages, no terminfo, no shell; run by an ordinary user, with
 * nothing in its environment but TERM.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { needRoot } from '../e2e/harness/host.ts';
import { type Finished, Program } from '../e2e/harness/program.ts';
import { Server } from '../e2e/harness/server.ts';
import { freePort, ONLINE, ROOT } from '../e2e/harness/stage.ts';
import { Typist } from '../e2e/harness/typist.ts';
import { until } from '../e2e/harness/wait.ts';
import { need } from '../need.ts';

const UCHAT = join(ROOT, 'dist', 'uchat');
/** Milliseconds. Two CPUs that do something else as well. */
const BUILD_WITHIN = 60_000;

function run(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', env, cwd: '/' });
  return { status, stdout, stderr };
}

beforeAll(() => {
  const made = run(process.execPath, [join(ROOT, 'build', 'make.ts')], { PATH: process.env.PATH ?? '' });
  expect(made).toMatchObject({ status: 0, stderr: '' });
}, BUILD_WITHIN);

test('says its version', () => {
  const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(run(UCHAT, ['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('explains itself, and complains, in the words of the program that runs from source', () => {
  for (const args of [
    ['--help'],
    ['-h'],
    ['send', '--help'],
    ['--version', '--serve'],
    ['--nope'],
    ['send'],
    ['a', 'b'],
  ])
    expect(run(UCHAT, args)).toEqual(run(process.execPath, [join(ROOT, 'src', 'cli.ts'), ...args]));
});

test('takes no orders that are meant for Node', () => {
  const env = { NODE_OPTIONS: '--require /nowhere.js' };
  expect(run(UCHAT, ['--version'], env)).toMatchObject({ status: 0, stderr: '' });
  expect(run(UCHAT, ['--eval', '1'])).toMatchObject({ status: 2 });
});

const ALICE = 61_001;
/** Its own view of the file system, in which nothing is but the folder; and of the environment only what a terminal says. */
const ALONE = `mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
exec env -i \${TERM:+TERM="$TERM"} \${LC_ALL:+LC_ALL="$LC_ALL"} $(command -v chroot) --userspec=${ALICE}:${ALICE} "$0" /uchat "$@"`;

describe.runIf(needRoot() && need(['chroot', 'ldd']))('alone in the world', () => {
  let root: string;
  let server: Server;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'uchat-alone-'));
    chmodSync(root, 0o755);
    for (const folder of ['proc', 'dev', 'etc', 'home/alice']) mkdirSync(join(root, folder), { recursive: true });
    chownSync(join(root, 'home/alice'), ALICE, ALICE);
    writeFileSync(join(root, 'etc/passwd'), `alice:x:${ALICE}:${ALICE}::/home/alice:/bin/sh\n`);
    copyFileSync(UCHAT, join(root, 'uchat'));
    for (const [, library = ''] of run('/usr/bin/env', ['ldd', UCHAT]).stdout.matchAll(/(\/\S+) \(0x/g)) {
      mkdirSync(dirname(join(root, library)), { recursive: true });
      copyFileSync(library, join(root, library));
    }
    server = await startServer('/home/alice/server');
  }, BUILD_WITHIN);

  afterAll(async () => {
    await server.dispose();
    for (const pid of inhabitants()) process.kill(pid, 'SIGKILL');
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });

  const alone = (...args: readonly string[]): [string, ...string[]] => [
    ...(['unshare', '--mount', 'sh', '-c', ALONE, root] as const),
    ...args,
  ];
  const path = { PATH: process.env.PATH ?? '' };

  const startServer = (data: string): Promise<Server> =>
    Server.start({ command: alone('--guests', '--away-after', '1h'), env: path, cwd: '/', data, port: 0 });

  function client(term: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Typist {
    const typist = new Typist({ command: alone(...args), env: { ...path, TERM: term, ...env }, cwd: '/' });
    onTestFinished(() => typist.dispose());
    return typist;
  }

  function script(...args: readonly string[]): Program {
    const program = new Program({ command: alone(...args), env: path, cwd: '/' });
    onTestFinished(() => program.dispose());
    return program;
  }

  const finished = async (...args: readonly string[]): Promise<Finished> =>
    await script(...args)
      .endInput()
      .finished();

  /** Processes whose world the folder is. */
  function inhabitants(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          return readlinkSync(`/proc/${pid}/root`) === root;
        } catch {
          // It has ended meanwhile.
          return false;
        }
      })
      .map(Number);
  }

  test.for(['xterm-256color', 'screen-256color', 'tmux-256color', 'linux', 'never-heard-of'])(
    'a chat on %s, and the terminal as before',
    async (term) => {
      const typist = client(term, [server.address]);
      await typist.waitFor(ONLINE);
      // The host's kernel says who this is.
      await typist.waitFor(/alice +you/);
      typist.say(`I sit at ${term}`);
      await typist.waitFor(new RegExp(`^ .*I sit at ${term}`, 'm'));
      await typist.waitUntilGone('sending');
      typist.say('/quit');
      expect(await typist.ended()).toEqual({ status: 0, signal: undefined });
      expect(typist.modes.screen).toBe('normal');
      expect(typist.raw).not.toContain('Warning');
    },
  );

  test('256 colours and lines of Unicode, with nobody to ask what the terminal can do', async () => {
    const typist = client('tmux-256color', [server.address], { LC_ALL: 'C.UTF-8' });
    await typist.waitFor(ONLINE);
    await typist.waitFor(/● alice +you/);
    expect(typist.raw).toMatch(/38;5;\d\d/);
    typist.say('你好 👋');
    await typist.waitFor(/^ .*你好 👋/m);
  });

  test('its themes are in it', async () => {
    const typist = client('tmux-256color', [server.address, '--theme', 'gruvbox-light'], { LC_ALL: 'C.UTF-8' });
    await typist.waitFor(ONLINE);
    expect(typist.raw).toContain('48;5;230');
    typist.say('/theme');
    await typist.waitFor('▸ gruvbox-light');
    typist.type('n');
    await typist.waitFor('▸ nord');
    await typist.waitFor(() => typist.raw.includes('48;5;236'));
  });

  test('scripts: what one says, others read', async () => {
    const at = ['--server', server.address];
    const tail = script('tail', ...at, '--limit', '20', '--json');
    expect(await finished('send', ...at, 'lobby', 'from a script')).toEqual({ status: 0, stdout: '', stderr: '' });
    const history = await finished('history', ...at, 'lobby');
    expect(history).toMatchObject({ status: 0, stderr: '' });
    expect(history.stdout).toContain('from a script');
    expect(await finished('who', ...at, '--json')).toMatchObject({ status: 0, stderr: '' });
    await finished('send', ...at, 'lobby', 'once more');
    await tail.waitFor('the message', () => tail.stdout.includes('once more') || undefined);
    expect(tail.stderr).toBe('');
  });

  test('the dashboard, with its chart; Ctrl-C twice ends it', async () => {
    const args = ['--serve', '--port', '0', '--data', '/home/alice/dashboard'];
    const typist = client('xterm-256color', args, { LC_ALL: 'C.UTF-8' });
    const screen = await typist.waitFor(/operator>/);
    expect(screen.join('\n')).toMatch(/messages\/s/);
    await typist.waitFor(/[⠀-⣿]{10}/);
    typist.press('ctrl-c');
    await typist.waitFor('Stop the server?');
    typist.press('ctrl-c');
    expect((await typist.ended()).status).toBe(0);
    expect(typist.modes.screen).toBe('normal');
    expect(typist.raw).not.toContain('Warning');
  });

  test('Ctrl-C lets a server finish, and what was said is there at its next start', async () => {
    const own = await startServer('/home/alice/drained');
    onTestFinished(() => own.dispose());
    const typist = client('xterm-256color', [own.address]);
    await typist.waitFor(ONLINE);
    expect(await finished('send', '--server', own.address, 'lobby', 'before the end')).toMatchObject({ status: 0 });
    own.program.kill('SIGINT');
    expect(await own.program.finished()).toMatchObject({ status: 0, stderr: '' });
    expect(own.log().map(({ event }) => event)).toContain('stopped');
    await own.startAgain();
    await typist.waitFor(ONLINE);
    const { stdout } = await finished('history', '--server', own.address, 'lobby');
    expect(stdout).toContain('before the end');
  });

  test('offers to start a server, which is itself and outlives who started it', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const typist = client('xterm-256color', [address]);
    await typist.waitFor(`No server answers on ${address}. Start one here?`);
    typist.say('y');
    await typist.waitFor(ONLINE);
    const [, pid = ''] = /Started a server on \S+ \(process (\d+), log /.exec(typist.raw) ?? [];
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    expect(words.slice(0, 3)).toEqual(['/uchat', '--serve', '--no-dashboard']);
    typist.hangUp();
    await typist.ended();
    expect(await finished('who', '--server', address)).toMatchObject({ status: 0, stderr: '' });
    process.kill(Number(pid), 'SIGTERM');
    await until(
      () => (inhabitants().includes(Number(pid)) ? undefined : true),
      () => 'the server did not stop',
    );
  });
});
