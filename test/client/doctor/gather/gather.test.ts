/** What is gathered, from files and processes of our own. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answerOf } from '../../../../src/client/doctor/gather/command.ts';
import { editorFacts } from '../../../../src/client/doctor/gather/editor.ts';
import { folderFacts } from '../../../../src/client/doctor/gather/files.ts';
import { hidepidIn, hostFacts, ownerIn } from '../../../../src/client/doctor/gather/host.ts';
import { commandOf, holderOf, holdersIn } from '../../../../src/client/doctor/gather/locks.ts';
import { screenFacts, tmuxFacts } from '../../../../src/client/doctor/gather/multiplexer.ts';
import { addressIn, errorsIn, ownServerFacts } from '../../../../src/client/doctor/gather/own-server.ts';
import { gatherSettings } from '../../../../src/client/doctor/gather/settings.ts';
import { terminalFacts } from '../../../../src/client/doctor/gather/terminal.ts';
import { timeZoneFacts } from '../../../../src/client/doctor/gather/time-zone.ts';
import { isInFront, widthFacts } from '../../../../src/client/doctor/gather/widths.ts';
import { takeLock } from '../../../../src/client/vault/lock.ts';
import { removeRunning, writeRunning } from '../../../../src/server/running-file.ts';
import { CLIENT, CLIENT_FILE, SCREEN, SERVER } from '../../../../src/usage/options.ts';
import { need } from '../../../need.ts';

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'uchat-doctor-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A program that ends with the test, whose PATH finds it. */
function program(name: string, script: string): Record<string, string> {
  const folder = scratch();
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${folder}:${before ?? ''}`;
  onTestFinished(() => {
    process.env.PATH = before;
  });
  return { HOME: folder };
}

describe('another program', () => {
  test('is heard, also where it ends with a status', async () => {
    expect(await answerOf('sh', ['-c', 'echo here; exit 1'])).toBe('here\n');
    expect(await answerOf('sh', ['-c', 'exit 1'])).toBeUndefined();
    expect(await answerOf('no-such-program', [])).toBeUndefined();
  });

  test('that hangs is not waited for', async () => {
    expect(await answerOf('sh', ['-c', 'exec sleep 60'], 50)).toBeUndefined();
  });
});

describe('multiplexers', () => {
  test('tmux is asked once, for our own pane; an option that it does not know is missing', async () => {
    program('tmux', `case "$*" in 'display-message -p -t %3 '*) echo '3.4|1||external|0|500|screen' ;; esac`);
    const facts = await tmuxFacts({ TMUX_PANE: '%3' });
    expect(facts).toEqual({
      version: '3.4',
      clientUtf8: true,
      options: new Map([
        ['set-clipboard', 'external'],
        ['focus-events', '0'],
        ['escape-time', '500'],
        ['default-terminal', 'screen'],
      ]),
    });
  });

  test.runIf(need('tmux'))('a real tmux answers with what holds for our pane', async () => {
    const socket = join(scratch(), 'tmux');
    const tmux = (...args: string[]) =>
      spawnSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
        encoding: 'utf8',
        env: { ...process.env, TMUX: '' },
      });
    onTestFinished(() => void tmux('kill-server'));
    const made = tmux('new-session', '-d', '-P', '-F', '#{pid},#{pane_id},#{version}', 'exec sleep 60');
    const [pid, TMUX_PANE = '', version] = made.stdout.trim().split(',');
    tmux('set', '-s', 'escape-time', '77');
    process.env.TMUX = `${socket},${pid},0`;
    onTestFinished(() => void delete process.env.TMUX);
    const facts = await tmuxFacts({ TMUX_PANE });
    expect(facts?.version).toBe(version);
    expect(facts?.options.get('escape-time')).toBe('77');
    expect([...(facts?.options.keys() ?? [])]).toEqual(
      expect.arrayContaining(['set-clipboard', 'focus-events', 'escape-time', 'default-terminal']),
    );
  });

  test('a tmux that has ended does not answer', async () => {
    program('tmux', 'echo "no server running" >&2; exit 1');
    expect(await tmuxFacts({})).toBeUndefined();
  });

  test('screen says its version with a status, and its settings say whether it keeps another screen', async () => {
    const env = program(
      'screen',
      'case $1 in -v) echo "Screen version 4.09.00 (GNU)"; exit 1;; *) echo "(1,2)/(80,24)+100 +flow UTF-8 0(sh)";; esac',
    );
    const rc = join(env.HOME ?? '', 'rc');
    writeFileSync(rc, 'altscreen off\n# altscreen off\n  altscreen on\n');
    const none = { SYSSCREENRC: '/nowhere', SCREENRC: '/nowhere' };
    expect(await screenFacts({ ...none, SCREENRC: rc })).toEqual({ version: '4.09.00', utf8: true, altScreen: true });
    expect((await screenFacts(none)).altScreen).toBe(false);
  });
});

describe('locks', () => {
  const TABLE = [
    '1: POSIX  ADVISORY  WRITE 1234 fe:01:131090 1073741824 1073742335',
    '2: FLOCK  ADVISORY  WRITE 77 fe:01:131090 0 EOF',
    '3: POSIX  ADVISORY  READ  0 fe:01:131090 128 128',
    '4: POSIX  ADVISORY  READ  88 00:2b:131090 128 128',
    '5: -> POSIX  ADVISORY  WRITE 99 fe:01:131090 0 EOF',
  ].join('\n');

  test('are told by device and number; those of flock, of other containers, and who waits do not count', () => {
    expect(holdersIn(TABLE, { device: 0xfe01, inode: 131_090 })).toEqual({ sure: [1234], perhaps: [88] });
    expect(holdersIn(TABLE, { device: 0xfe01, inode: 131_091 })).toEqual({ sure: [], perhaps: [] });
  });

  test.runIf(process.platform === 'linux')('of this very process are found, and looking does not break them', () => {
    const path = join(scratch(), 'lock');
    expect(holderOf(path)).toBeUndefined();
    const lock = takeLock(path);
    expect(holderOf(path)).toBe(process.pid);
    expect(holderOf(path)).toBe(process.pid);
    lock.close();
    expect(holderOf(path)).toBeUndefined();
  });

  test('a process is named by what it does, not by its arguments', async () => {
    const sleeper = spawn('sh', ['-c', 'exec sleep 60', '/x/uchat', '--serve'], { stdio: 'ignore' });
    onTestFinished(() => void sleeper.kill('SIGKILL'));
    expect(['another program', 'uchat --serve']).toContain(commandOf(sleeper.pid ?? 0));
    expect(commandOf(999_999_999)).toBe('somebody else');
  });
});

describe('the host', () => {
  test('says how /proc is mounted', () => {
    const mounts = 'proc /proc proc rw,nosuid,hidepid=invisible,gid=4 0 0\nsysfs /sys sysfs rw,hidepid=9 0 0\n';
    expect(hidepidIn(mounts)).toBe('invisible');
    expect(hidepidIn('proc /proc proc rw 0 0\n')).toBeUndefined();
  });

  test('a connection has its owner in the table of the kernel, once it stands', () => {
    const row = (port: string, state: string) =>
      `   1: 0100007F:${port} 0100007F:097C ${state} 00000000:00000000 00:00000000 00000000  1001        0 22222 1 0 20 4 30 10 -1`;
    expect(ownerIn(`heading\n${row('C350', '06')}\n${row('C350', '01')}`, 0xc350)).toBe(1001);
    expect(ownerIn(row('C350', '06'), 0xc350)).toBeUndefined();
  });

  test.runIf(process.platform === 'linux')('shows our own as ours', async () => {
    expect(await hostFacts()).toMatchObject({ linux: true, table: true, own: true, uid: process.getuid?.() });
  });
});

describe('a server of our own', () => {
  test.each([
    ['0100007F:097C', '127.0.0.1:2428'],
    ['00000000:0050', '0.0.0.0:80'],
    ['00000000000000000000000000000000:097C', '[::]:2428'],
    ['00000000000000000000000001000000:097C', '[::1]:2428'],
    ['0000000000000000FFFF00000100007F:097C', '[::ffff:127.0.0.1]:2428'],
    ['B80D0120000000000000000001000000:097C', '[2001:db8:0:0:0:0:0:1]:2428'],
    ['nonsense', undefined],
  ])('%s is %s', (text, address) => {
    expect(addressIn(text)).toBe(address);
  });

  test('has errors since its newest start only', () => {
    const log = [
      '{"level":"error","event":"fault","text":"of before"}',
      '{"level":"info","event":"started"}',
      '(node:1) Warning: no JSON',
      '{"level":"warn","event":"refused"}',
    ];
    expect(errorsIn(log.join('\n'))).toBeUndefined();
    log.push('{"level":"error","event":"store-failed","what":"x","text":"the disk is full"}');
    expect(errorsIn(log.join('\n'))).toEqual({ count: 1, last: 'the disk is full' });
  });

  test.runIf(process.platform === 'linux')('is the process that holds the lock, with where it listens', async () => {
    const folder = scratch();
    expect(ownServerFacts(folder)).toMatchObject({ isThere: false });
    const lock = takeLock(join(folder, 'uchat.lock'));
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    expect(ownServerFacts(folder).holder).toMatchObject({
      pid: process.pid,
      listens: expect.arrayContaining([`127.0.0.1:${port}`]),
      memory: expect.any(Number),
      files: { open: expect.any(Number), most: expect.any(Number) },
    });
    server.close();
    writeRunning(folder, { pid: process.pid, host: '127.0.0.1', port: 1, since: 1, state: 'draining' });
    expect(ownServerFacts(folder).said).toBe('draining');
    lock.close();
    writeRunning(folder, { pid: process.pid, host: '127.0.0.1', port: 1, since: 1, state: 'up' });
    expect(ownServerFacts(folder)).toMatchObject({ isThere: true, holder: undefined, said: 'up' });
    removeRunning(folder);
    expect(ownServerFacts(folder)).toMatchObject({ isThere: true, holder: undefined, said: undefined });
  });
});

describe('files', () => {
  test('are told with mode, owner and whether they are secret, and what is above them', () => {
    const home = scratch();
    const data = join(home, 'uchat');
    mkdirSync(join(data, 'private', 'box-1'), { recursive: true, mode: 0o700 });
    chmodSync(data, 0o750);
    writeFileSync(join(data, 'device-key.pem'), 'x', { mode: 0o644 });
    writeFileSync(join(data, 'private', 'box-1', 'sessions.db-journal'), '', { mode: 0o600 });
    symlinkSync('/nowhere', join(data, 'client.json'));
    symlinkSync(join(data, 'device-key.pem'), join(data, 'known_servers'));
    const { entries, above, space } = folderFacts('data', 'client', data);
    const brief = entries.map(({ path, kind, mode, secret, dangling }) => [
      path.slice(home.length),
      kind,
      mode,
      secret,
      dangling,
    ]);
    expect(brief.toSorted(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
      ['/uchat', 'folder', 0o750, false, undefined],
      ['/uchat/client.json', 'link', 0o777, false, true],
      ['/uchat/device-key.pem', 'file', 0o644, true, undefined],
      ['/uchat/known_servers', 'link', 0o644, false, undefined],
      ['/uchat/private', 'folder', 0o700, true, undefined],
      ['/uchat/private/box-1', 'folder', 0o700, true, undefined],
      ['/uchat/private/box-1/sessions.db-journal', 'file', 0o600, true, undefined],
    ]);
    expect(above.map(({ path }) => path)).toEqual([home, tmpdir(), ...above.slice(2).map(({ path }) => path)]);
    expect(above.at(-1)?.path).toBe('/');
    expect(space?.free).toBeGreaterThan(0);
  });

  test('that are not there yet have a place to be, and what is in their way is told', () => {
    const home = scratch();
    expect(folderFacts('data', 'client', join(home, 'a', 'b'))).toMatchObject({
      entries: [],
      above: [{ path: home }, {}, {}],
    });
    writeFileSync(join(home, 'file'), '');
    expect(folderFacts('data', 'client', join(home, 'file'))).toMatchObject({ fault: 'it is not a folder' });
    expect(folderFacts('data', 'client', join(home, 'file', 'b')).fault).toMatch(/ENOTDIR/);
    expect(statSync(home).isDirectory()).toBe(true);
  });
});

describe('settings', () => {
  const tables = { client: { ...CLIENT_FILE, ...CLIENT, ...SCREEN }, server: { data: CLIENT.data, ...SERVER } };
  const gather = (env: Record<string, string>, argv: Record<string, unknown> = {}) => {
    const gathered = gatherSettings(tables, argv, env);
    if (!gathered.ok) throw new Error(gathered.error.line);
    return gathered.value;
  };

  test('are read as a start reads them, and each mistake of both files has its place', () => {
    const home = scratch();
    const env = { HOME: home, XDG_CONFIG_HOME: join(home, 'c'), XDG_DATA_HOME: join(home, 'd') };
    mkdirSync(join(home, 'c', 'uchat'), { recursive: true });
    const [client, server] = ['config', 'server'].map((name) => join(home, 'c', 'uchat', `${name}.toml`));
    writeFileSync(client ?? '', 'mouse = "yes"\nserver = "box:99"\n[keys]\n"ctrl-g" = "no-such-action"\n');
    writeFileSync(server ?? '', 'port = 70000\nregistration = "maybe"\n');
    const { facts, settings } = gather(env);
    const found = Object.fromEntries(facts.files.map(({ path, faults }) => [path, faults]));
    expect(found[client ?? '']).toEqual([
      expect.stringContaining('config.toml:1:9: mouse: "yes" is not true or false'),
      expect.stringContaining('config.toml:4:'),
    ]);
    expect(found[server ?? '']).toEqual([
      expect.stringContaining('server.toml:1:8: port: 70000 is not a port'),
      expect.stringContaining('server.toml:2:16: registration: "maybe" is not open, invite or closed'),
    ]);
    expect(settings?.address).toEqual({ host: 'box', port: 99 });
  });

  test('with a broken variable are those without it', () => {
    const home = scratch();
    const env = { HOME: home, XDG_DATA_HOME: join(home, 'd'), XDG_CACHE_HOME: 'relative', UCHAT_SERVER: 'a:b:c' };
    const { facts, settings } = gather(env);
    expect(facts.others).toEqual([
      expect.stringContaining('XDG_CACHE_HOME=relative'),
      expect.stringContaining('$UCHAT_SERVER "a:b:c"'),
    ]);
    expect(settings?.addressFrom).toBe('default');
  });

  test('that were typed wrong are wrong usage', () => {
    const gathered = gatherSettings(tables, { HOST: 'a:b:c' }, { HOME: scratch(), UCHAT_SERVER: 'x:y:z' });
    expect(gathered).toMatchObject({ ok: false, error: { status: 2, line: expect.stringContaining('HOST "a:b:c"') } });
  });
});

describe('the terminal', () => {
  test('is known by its description', () => {
    const facts = terminalFacts(
      { TERM: 'xterm-256color', COLORTERM: 'truecolor' },
      { isTTY: true },
      { isTTY: true, columns: 80, rows: 24 },
    );
    expect(facts).toMatchObject({ colors: 256, input: true, output: true, size: { columns: 80, rows: 24 } });
    expect(terminalFacts({ TERM: 'no-such-terminal' }, {}, {})).toMatchObject({ entry: undefined, size: undefined });
    expect(terminalFacts({ TERM: 'vt100' }, {}, {})).toMatchObject({ colors: 0, entry: { colors: 0 } });
  });

  test('is ours to ask where we are in front of it', () => {
    expect(isInFront('77 (a (b) c) S 1 77 70 34816 77 4194304')).toBe(true);
    expect(isInFront('77 (node) S 1 77 70 34816 70 4194304')).toBe(false);
    expect(isInFront('')).toBe(true);
  });

  /** Asks a terminal that answers as xterm.js does. */
  async function ask(env: Record<string, string>, answers = true) {
    const terminal = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
    onTestFinished(() => terminal.dispose());
    const raw: boolean[] = [];
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => void raw.push(on) });
    if (answers) terminal.onData((data) => input.write(data));
    terminal.write('what stood there');
    const output = { isTTY: true, columns: 80, write: (text: string) => terminal.write(text) };
    const facts = await widthFacts({ TERM: 'xterm-256color', ...env }, input, output, answers ? undefined : 50);
    await new Promise<void>((resolve) => {
      terminal.write('', resolve);
    });
    const { active } = terminal.buffer;
    return { facts, raw, screen: active.getLine(0)?.translateToString(true), kind: active.type };
  }

  test('answers how wide things are, and stands as it stood afterwards', async () => {
    const { facts, raw, screen, kind } = await ask({ LC_ALL: 'C.UTF-8' });
    expect(facts?.answers?.cells.get('accent')).toBe(1);
    expect(facts?.answers?.cells.get('wide')).toBe(2);
    expect(facts?.answers?.joined.concat(facts.answers.apart).toSorted()).toEqual([
      'families',
      'flags',
      'hearts',
      'keycaps',
      'skin tones',
    ]);
    expect({ raw, screen, kind }).toEqual({ raw: [true, false], screen: 'what stood there', kind: 'normal' });
  });

  test('gets nothing that could be a command to it where its locale is not UTF-8', async () => {
    const { facts } = await ask({ LC_ALL: 'C' });
    expect([...(facts?.answers?.cells.keys() ?? [])]).toEqual(['accent', 'wide']);
  });

  test('that does not answer is not waited for, and one that is none is not asked', async () => {
    expect((await ask({ LC_ALL: 'C.UTF-8' }, false)).facts).toEqual({ utf8: true, answers: undefined });
    expect((await ask({ TERM: 'dumb' })).facts).toBeUndefined();
  });
});

test('the time zone is known or not', () => {
  expect(timeZoneFacts('Europe/Berlin')).toMatchObject({ isKnown: true });
  expect(timeZoneFacts('Nowhere/Land')).toMatchObject({ isKnown: false });
  expect(timeZoneFacts(undefined)).toMatchObject({ isKnown: true, now: expect.stringMatching(/^\d\d:\d\d$/) });
});

test('an editor is looked for where a shell would', () => {
  const PATH = process.env.PATH ?? '';
  expect(editorFacts({ PATH, EDITOR: 'sh -c true' })).toEqual({ command: 'sh -c true', isFound: true });
  expect(editorFacts({ PATH, VISUAL: 'no-such-editor', EDITOR: 'sh' })).toMatchObject({ isFound: false });
  expect(editorFacts({ PATH, EDITOR: '"a b"' })).toMatchObject({ isFound: undefined });
  expect(editorFacts({ PATH })).toMatchObject({ command: undefined });
});
