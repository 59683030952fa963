/**
 * The single executable where nothing else is: a root folder with it, the libraries that Node asks the system for, a list
 * of users and the kernel's own files. No Node, no packages, no terminfo, no shell; run by an ordinary user from a
 * folder that isn't theirs to write to, with nothing in its environment but TERM.
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
import { type Command, freePort, ONLINE, ROOT } from '../e2e/harness/stage.ts';
import { Typist } from '../e2e/harness/typist.ts';
import { until } from '../e2e/harness/wait.ts';
import { need } from '../need.ts';
import { BUILD_WITHIN, built } from './built.ts';

let UCHAT: string;

function run(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', env, cwd: '/' });
  return { status, stdout, stderr };
}

beforeAll(() => {
  UCHAT = built();
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

test('has the licences of all whose code is in it', () => {
  const { status, stdout, stderr } = run(UCHAT, ['licenses']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { dependencies }: { dependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const heads = stdout.split(/\n-{80}\n\n/).map((part) => part.slice(0, part.indexOf('\n')));
  expect(heads.slice(0, 2)).toEqual(['uchat', `Node.js ${dependencies.node}`]);
  // Of the others each by name, and what they bring along.
  for (const name of Object.keys(dependencies).filter((each) => each !== 'node'))
    expect(heads.filter((head) => head.replace('neo-blessed', 'blessed').startsWith(`${name} `))).toHaveLength(1);
  expect(heads).toContainEqual(expect.stringMatching(/^wrap-ansi \d/));
  expect(stdout).toContain('Copyright Node.js contributors');
  expect(stdout).toMatch(/James Halliday/);
});

const ALICE = 61_001;
/** In no list of users, and without a home. */
const NAMELESS = 61_099;
/** Its own view of the file system, in which nothing is but the folder; and of the environment only what a terminal says. */
const ALONE = `mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && who=$1 && shift &&
exec env -i \${TERM:+TERM="$TERM"} \${LC_ALL:+LC_ALL="$LC_ALL"} $(command -v chroot) --userspec="$who:$who" "$0" /uchat "$@"`;
/** What people have; for the chat there is one more, which nobody knows. */
const TERMINALS = ['xterm-256color', 'screen-256color', 'tmux-256color', 'linux'];

describe.runIf(needRoot() && need(['chroot', 'ldd']))('alone in the world', () => {
  let root: string;
  let server: Server;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'uchat-alone-'));
    chmodSync(root, 0o755);
    for (const folder of ['proc', 'dev', 'etc', 'home/alice', 'srv'])
      mkdirSync(join(root, folder), { recursive: true });
    chownSync(join(root, 'home/alice'), ALICE, ALICE);
    chownSync(join(root, 'srv'), NAMELESS, NAMELESS);
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

  const aloneAs = (uid: number, args: readonly string[]): [string, ...string[]] => [
    ...(['unshare', '--mount', 'sh', '-c', ALONE, root, String(uid)] as const),
    ...args,
  ];
  const alone = (...args: readonly string[]): [string, ...string[]] => aloneAs(ALICE, args);
  const path = { PATH: process.env.PATH ?? '' };

  const startServer = (data: string, uid = ALICE): Promise<Server> =>
    Server.start({ command: aloneAs(uid, ['--guests', '--away-after', '1h']), env: path, cwd: '/', data, port: 0 });

  function inTerminal(term: string, command: Command, env: Readonly<Record<string, string>> = {}): Typist {
    const typist = new Typist({ command, env: { ...path, TERM: term, ...env }, cwd: '/' });
    onTestFinished(() => typist.dispose());
    return typist;
  }
  const client = (term: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Typist =>
    inTerminal(term, alone(...args), env);

  function program(command: Command): Program {
    const started = new Program({ command, env: path, cwd: '/' });
    onTestFinished(() => started.dispose());
    return started;
  }
  const script = (...args: readonly string[]): Program => program(alone(...args));

  const finished = async (...args: readonly string[]): Promise<Finished> =>
    await script(...args)
      .endInput()
      .finished();
  const finishedNameless = async (...args: readonly string[]): Promise<Finished> =>
    await program(aloneAs(NAMELESS, args)).endInput().finished();

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

  test.for([...TERMINALS, 'never-heard-of'])('a chat on %s, and the terminal as before', async (term) => {
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
  });

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

  test.for(TERMINALS)('the dashboard on %s; Ctrl-C twice ends it', async (term) => {
    const args = ['--serve', '--port', '0', '--data', `/home/alice/dashboard-${term}`];
    const typist = client(term, args, { LC_ALL: 'C.UTF-8' });
    await typist.waitFor(/operator>/);
    expect(typist.modes.screen).toBe('alternate');
    // Its chart.
    if (term === 'xterm-256color') await typist.waitFor(/[⠀-⣿]{10}/);
    typist.press('ctrl-c');
    await typist.waitFor('Stop the server?');
    typist.press('ctrl-c');
    expect((await typist.ended()).status).toBe(0);
    expect(typist.modes.screen).toBe('normal');
    expect(typist.raw).not.toContain('Warning');
  });

  test('it explains itself to somebody who has nothing: no name, no home, no environment', async () => {
    const asked = [['--version'], ['--help'], ['man'], ['licenses'], ['completion', 'bash'], ['completion', 'fish']];
    const answers = await Promise.all(asked.map((args) => finishedNameless(...args)));
    expect(answers).toEqual(asked.map((args) => ({ ...run(UCHAT, args), status: 0, stderr: '' })));
    const { status, stdout, stderr } = await finishedNameless('doctor', server.address);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toContain(`user id ${NAMELESS} has no login name`);
    expect(stdout).toContain("can't be used");
    expect(await finishedNameless('--serve', '--no-dashboard')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^uchat: the data folder .* can't be made .*; choose one with --data\n$/),
    });
    expect(await finishedNameless('send', '--server', server.address, 'lobby', 'hi')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('come as a guest'),
    });
  });

  test('somebody without name and home runs a server, and talks as a guest', async () => {
    const own = await startServer('/srv/data', NAMELESS);
    onTestFinished(() => own.dispose());
    const as = (name: string): string[] => ['--guest', '--user', name];
    const typist = inTerminal('linux', aloneAs(NAMELESS, [own.address, ...as('zoe')]));
    await typist.waitFor(ONLINE);
    await typist.waitFor(/~zoe +you/);
    const at = ['--server', own.address, ...as('max')];
    expect(await finishedNameless('send', ...at, 'lobby', 'from nobody')).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    await typist.waitFor(/~max +from nobody/);
    typist.say('heard you');
    await typist.waitUntilGone('sending');
    const { stdout } = await finishedNameless('history', ...at, 'lobby');
    expect(stdout).toMatch(/~max: from nobody\n.*~zoe: heard you\n$/);
    typist.say('/quit');
    expect(await typist.ended()).toEqual({ status: 0, signal: undefined });
    expect(typist.modes.screen).toBe('normal');
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

  test('a backup of a running server is a data folder again, and is sound', async () => {
    const sent = await finished('send', '--server', server.address, 'lobby', 'worth keeping');
    expect(sent).toMatchObject({ status: 0 });
    const [backup, restored] = ['/home/alice/backup', '/home/alice/restored'];
    expect(await finished('backup', backup, '--data', server.data)).toMatchObject({ status: 0, stderr: '' });
    expect(await finished('restore', backup, '--data', restored)).toMatchObject({ status: 0, stderr: '' });
    expect(await finished('--serve', '--check', '--data', restored)).toMatchObject({ status: 0, stderr: '' });
    const again = await startServer(restored);
    onTestFinished(() => again.dispose());
    const { stdout } = await finished('history', '--server', again.address, 'lobby');
    expect(stdout).toContain('worth keeping');
  });

  test('offers to start a server, which is itself and outlives who started it', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const typist = client('xterm-256color', [address]);
    await typist.waitFor(`No server answers on ${address}. Start one here?`);
    typist.say('y');
    await typist.waitFor(ONLINE);
    const [, pid = ''] = /Started a server on \S+ \(process (\d+), log /.exec(typist.raw) ?? [];
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    expect(words.slice(0, 2)).toEqual(['/uchat', '--serve']);
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
