import { readFile, stat } from 'node:fs/promises';
import { skeleton } from '../../base/text/confusables.ts';
import { askGetent, type Getent } from './getent.ts';
import { type Passwd, parsePasswd, parseSources, type Sources } from './passwd.ts';

export interface UnixNames {
  /** The login of a user id; undefined where the host knows none. Never rejects. */
  nameOf(uid: number): Promise<string | undefined>;
  /**
   * Whether a name is a login of this host, in upper or lower case, or looks like one in its file of users. A directory
   * (LDAP and the like) can't be asked for what looks alike; and where it doesn't answer, every name counts as a login:
   * better a guest refused than a guest taken for somebody.
   */
  isUnixLogin(name: string): Promise<boolean>;
}

export interface UnixNamesOptions {
  readonly passwdFile?: string;
  readonly nsswitchFile?: string;
  readonly getent?: Getent;
}

/** The version of a file that isn't there. */
const NONE = 'none';

/**
 * A file parsed again when it has changed. Asking costs a stat, 50 microseconds with all that is around it, which those
 * share who ask while one is under way: theirs begins when it has ended, so no answer is older than its question.
 */
class ParsedFile<T> {
  readonly #path: string;
  readonly #parse: (text: string) => T;
  #version = '';
  #parsed: Promise<T>;
  /** Under way; and the one after it, where somebody waits for it. */
  #looking: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  constructor(path: string, parse: (text: string) => T) {
    this.#path = path;
    this.#parse = parse;
    this.#parsed = Promise.resolve(parse(''));
  }

  /**
   * A file that isn't there is as an empty one. One that can't be read is as before, and read at the next call: were it
   * empty, where too many files are open for instance, everybody's name would be free for guests.
   */
  get(): Promise<T> {
    if (this.#looking === undefined) return this.#begin();
    const again = (): Promise<T> => {
      this.#next = undefined;
      return this.#begin();
    };
    this.#next ??= this.#looking.then(again, again);
    return this.#next;
  }

  #begin(): Promise<T> {
    const looking = this.#look().finally(() => {
      if (this.#looking === looking) this.#looking = undefined;
    });
    this.#looking = looking;
    return looking;
  }

  async #look(): Promise<T> {
    const version = await stat(this.#path, { bigint: true }).then(
      ({ ino, size, mtimeNs, ctimeNs }) => `${ino} ${size} ${mtimeNs} ${ctimeNs}`,
      () => NONE,
    );
    if (version !== this.#version) {
      this.#version = version;
      const before = this.#parsed;
      this.#parsed = version === NONE ? Promise.resolve(this.#parse('')) : this.#read(before);
    }
    return await this.#parsed;
  }

  async #read(before: Promise<T>): Promise<T> {
    try {
      return this.#parse(await readFile(this.#path, 'utf8'));
    } catch {
      this.#version = '';
      return await before;
    }
  }
}

class HostUnixNames implements UnixNames {
  readonly #passwd: ParsedFile<Passwd>;
  readonly #sources: ParsedFile<Sources>;
  readonly #getent: Getent;

  constructor(passwdFile: string, nsswitchFile: string, getent: Getent) {
    this.#passwd = new ParsedFile(passwdFile, parsePasswd);
    this.#sources = new ParsedFile(nsswitchFile, parseSources);
    this.#getent = getent;
  }

  async nameOf(uid: number): Promise<string | undefined> {
    const name = (await this.#passwd.get()).nameByUid.get(uid);
    if (name !== undefined || !(await this.#hasDirectory())) return name;
    const found = await this.#getent(`${uid}`);
    return found.kind === 'entry' && found.uid === uid ? found.name : undefined;
  }

  async isUnixLogin(name: string): Promise<boolean> {
    const lower = name.toLowerCase();
    if ((await this.#passwd.get()).skeletons.has(skeleton(name))) return true;
    if (!(await this.#hasDirectory())) return false;
    for (const key of new Set([name, lower])) {
      const found = await this.#getent(key);
      // getent takes a name of digits for a user id, and answers with somebody of another name.
      if (found.kind === 'failed' || (found.kind === 'entry' && found.name.toLowerCase() === lower)) return true;
    }
    return false;
  }

  async #hasDirectory(): Promise<boolean> {
    const { directory, compat } = await this.#sources.get();
    return directory || (compat && (await this.#passwd.get()).asksNis);
  }
}

/** The logins of this host: /etc/passwd, and where /etc/nsswitch.conf names a directory, what `getent` says. */
export function createUnixNames(options: UnixNamesOptions = {}): UnixNames {
  const { passwdFile = '/etc/passwd', nsswitchFile = '/etc/nsswitch.conf', getent = askGetent() } = options;
  return new HostUnixNames(passwdFile, nsswitchFile, getent);
}
