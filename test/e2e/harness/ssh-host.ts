/**
 * A host that one comes to over SSH: Debian's sshd on a loopback port, and users that `useradd` has made for it. Its
 * lists of users, its /usr/local/bin and what sshd writes to lie in the test's folder, and only those who are inside see
 * them there; nothing of the machine's own changes. Its processes have a namespace of their own, which the kernel ends
 * with us, also where a test run is killed.
 */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { need } from '../../need.ts';
import { needRoot } from './host.ts';
import { Program } from './program.ts';
import { freePort, type Stage } from './stage.ts';
import type { Typist } from './typist.ts';
import { until } from './wait.ts';

/** Apart from those of the other harnesses, whose tests may run at the same time. */
const FIRST_UID = 61_101;
const LISTS = ['passwd', 'group', 'shadow', 'gshadow'];
/** The folder is $0. What sshd notes down about log-ins, and the folder that it wants to have, are its own, too. */
const INSIDE = `
for list in ${LISTS.join(' ')}; do mount --bind "$0/etc/$list" "/etc/$list"; done
mount --bind "$0/bin" /usr/local/bin
mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd
mount -t tmpfs tmpfs /var/log
exec "$@"`;

type Command = readonly [file: string, ...args: string[]];

/** Whether all is here that it takes. */
export const needSsh = (): boolean =>
  needRoot() && need(['sshd', 'ssh', 'ssh-keygen', 'useradd', 'unshare', 'setpriv', 'mount']);

function run(file: string, ...args: readonly string[]): void {
  const { error, status, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr}`);
}

/** sshd starts itself again for each connection, by its whole path. */
function wherever(program: string): string {
  const files = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  const found = files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`no ${program} on PATH`);
  return found;
}

export interface SshOptions {
  readonly term?: string;
  /** Of the terminal from which one comes. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface SshPlan {
  readonly logins: readonly string[];
  /** Those of them who get the chat and no shell. */
  readonly onlyChat: readonly string[];
  /** Goes to /usr/local/bin, by the name of uchat. */
  readonly uchat: string;
  /** What sshd sets for everybody. */
  readonly env: Readonly<Record<string, string>>;
}

export class SshHost {
  readonly #stage: Stage;
  readonly #folder: string;
  readonly #logins: readonly string[];
  readonly #port: number;
  readonly #sshd: Program;

  private constructor(stage: Stage, { logins, onlyChat, uchat, env }: SshPlan, port: number) {
    this.#stage = stage;
    this.#logins = logins;
    this.#port = port;
    this.#folder = join(stage.folder, 'host');
    for (const folder of ['bin', 'etc', 'keys', 'home'])
      mkdirSync(join(this.#folder, folder), { recursive: true, mode: 0o755 });
    copyFileSync(uchat, join(this.#folder, 'bin', 'uchat'));
    chmodSync(join(this.#folder, 'bin', 'uchat'), 0o755);
    for (const list of LISTS) copyFileSync(`/etc/${list}`, join(this.#folder, 'etc', list));
    for (const login of logins) this.#addUser(login);
    this.#sshd = this.#start({ onlyChat, env });
  }

  static async open(stage: Stage, plan: SshPlan): Promise<SshHost> {
    const port = await freePort();
    const host = new SshHost(stage, plan, port);
    await host.#sshd.waitFor('that sshd listens', () => host.#sshd.stderr.includes(`port ${port}.`) || undefined);
    return host;
  }

  #uid(login: string): number {
    return FIRST_UID + this.#logins.indexOf(login);
  }

  home(login: string): string {
    return join(this.#folder, 'home', login);
  }

  /** With a home of their own, no password, and a key. */
  #addUser(login: string): void {
    const home = this.home(login);
    const uid = this.#uid(login);
    const account = ['--uid', String(uid), '--user-group', '--password', '*'];
    const place = ['--prefix', this.#folder, '--no-create-home', '--home-dir', home, '--shell', '/bin/sh'];
    run('useradd', ...place, ...account, login);
    mkdirSync(home, { mode: 0o700 });
    chownSync(home, uid, uid);
    this.#makeKey(login);
  }

  #makeKey(name: string): void {
    run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(this.#folder, 'keys', name));
  }

  #start({ onlyChat, env }: Pick<SshPlan, 'env' | 'onlyChat'>): Program {
    this.#makeKey('host-key');
    const keys = join(this.#folder, 'keys');
    const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const settings = [
      `ListenAddress 127.0.0.1:${this.#port}`,
      `HostKey ${join(keys, 'host-key')}`,
      `AuthorizedKeysFile ${join(keys, '%u.pub')}`,
      // The folder of temporary files is everybody's.
      'StrictModes no',
      'PidFile none',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      // As Debian has it.
      'AcceptEnv LANG LC_*',
      `SetEnv ${set.join(' ')}`,
      // Seconds, and how often: what README advises, so that a dead network is noticed, but quicker.
      'ClientAliveInterval 1',
      'ClientAliveCountMax 1',
      'PrintMotd no',
      'PrintLastLog no',
      ...onlyChat.flatMap((login) => [`Match User ${login}`, 'ForceCommand /usr/local/bin/uchat']),
    ];
    const config = join(this.#folder, 'sshd_config');
    writeFileSync(config, `${settings.join('\n')}\n`);
    const [, publicKey = ''] = readFileSync(join(keys, 'host-key.pub'), 'utf8').split(' ');
    writeFileSync(join(keys, 'known_hosts'), `[127.0.0.1]:${this.#port} ssh-ed25519 ${publicKey}\n`);
    const apart = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const inside = ['sh', '-e', '-c', INSIDE, this.#folder];
    const sshd = [wherever('sshd'), '-D', '-e', '-f', config];
    return new Program({
      command: ['setpriv', '--pdeathsig', 'KILL', ...apart, ...inside, ...sshd],
      env: this.#stage.environment(),
      cwd: '/',
    });
  }

  /** What one types elsewhere to log in. @param words run instead of a shell. */
  ssh(login: string, ...words: readonly string[]): Command {
    const keys = join(this.#folder, 'keys');
    const options = [
      `UserKnownHostsFile=${join(keys, 'known_hosts')}`,
      'StrictHostKeyChecking=yes',
      'IdentitiesOnly=yes',
      'IdentityAgent=none',
      'BatchMode=yes',
      'SendEnv=LANG LC_*',
    ].flatMap((option) => ['-o', option]);
    const whom = ['-i', join(keys, login), '-p', String(this.#port), '-l', login, '127.0.0.1'];
    return ['ssh', '-F', 'none', ...options, ...whom, ...words];
  }

  /** Logs in from a terminal of theirs. @param around what they start ssh by. */
  comeIn(login: string, { term, env = {} }: SshOptions = {}, around: readonly string[] = []): Typist {
    const [file = 'ssh', ...args] = [...around, ...this.ssh(login)];
    const terminal = { person: login, env, ...(term === undefined ? {} : { term }) };
    return this.#stage.terminal([file, ...args], terminal);
  }

  /** What runs there as this user: process ids, and what was typed to start them. */
  processes(login: string): { pid: number; words: string }[] {
    const uid = this.#uid(login);
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          if (statSync(`/proc/${name}`).uid !== uid) return [];
          const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
          // A process that has ended and waits for its parent has none.
          return words === '' ? [] : [{ pid: Number(name), words }];
        } catch {
          // It has ended meanwhile.
          return [];
        }
      });
  }

  /** Waits until nothing runs there as this user. */
  async isLeftBy(login: string): Promise<void> {
    await until(
      () => (this.processes(login).length === 0 ? true : undefined),
      () => `still running: ${JSON.stringify(this.processes(login))}`,
    );
  }

  async close(): Promise<void> {
    await this.#sshd.dispose();
  }
}
