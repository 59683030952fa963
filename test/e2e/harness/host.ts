/** A host with more users than one: the kernel sees each of them, and so does whoever asks for their names. */
import { chownSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { need } from '../../need.ts';

/** Above all that systems give to people and to services, and below what they give to containers. */
const FIRST_UID = 61_001;
/** Of the logins of a stage, in their order; more than any has. */
export const LOGIN_UIDS: readonly number[] = [0, 1, 2, 3, 4, 5].map((index) => FIRST_UID + index);

/** What the host calls itself. */
const NAME = 'box';

type Command = readonly [file: string, ...args: string[]];

/** Only root can be several users, and show them a list of users with their names in it. */
export function needRoot(): boolean {
  if (process.getuid?.() === 0) return need(['unshare', 'mount', 'setpriv']);
  const ci = !['', '0', 'false'].includes(process.env.CI ?? '');
  if (ci) throw new Error('needs root: with CI=true that is a failure');
  console.warn('skipped: needs root, to be several users of the host');
  return false;
}

export class Host {
  readonly #logins: readonly string[];
  readonly #passwd: string;

  /** @param folder where the list of users is kept: the machine's own, and these. */
  constructor(folder: string, logins: readonly string[]) {
    this.#logins = logins;
    this.#passwd = join(folder, 'passwd');
    const added = logins.map((login) => `${login}:x:${this.#uid(login)}:${this.#uid(login)}::/:/bin/sh\n`);
    writeFileSync(this.#passwd, readFileSync('/etc/passwd', 'utf8') + added.join(''), { mode: 0o644 });
  }

  #uid(login: string): number {
    const uid = LOGIN_UIDS[this.#logins.indexOf(login)];
    if (uid === undefined) throw new Error(`this host has no ${login}`);
    return uid;
  }

  own(path: string, login: string): void {
    chownSync(path, this.#uid(login), this.#uid(login));
  }

  /** @param login as whom; undefined: as oneself. */
  command(command: Command, login: string | undefined): Command {
    const asUser = login === undefined ? [] : this.#asUser(login);
    const inside = `mount --bind "$0" /etc/passwd && echo ${NAME} >/proc/sys/kernel/hostname && exec "$@"`;
    return ['unshare', '--mount', '--uts', 'sh', '-c', inside, this.#passwd, ...asUser, ...command];
  }

  #asUser(login: string): string[] {
    const uid = this.#uid(login);
    // May read the sources wherever they lie, a folder of root's included.
    const reads = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
    return ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', ...reads];
  }
}
