/** Where files are, after the XDG Base Directory Specification 0.8; what others may not read, they can't. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';

const PRIVATE_FOLDER = 0o700;
export const PRIVATE_FILE = 0o600;
/** Read, write or execute, of the group or of all. */
export const OTHERS = 0o077;

type Environment = Readonly<Record<string, string | undefined>>;

/** What Debian gives to users who have none. */
const NO_HOME = '/nonexistent';

/** Where there is neither `$HOME` nor an entry in the host's list of users, files are looked for in vain. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return NO_HOME;
  }
}

/** "All paths … must be absolute. If an implementation encounters a relative path … it should … ignore it." */
const base = (given: string | undefined, otherwise: string): string =>
  given !== undefined && isAbsolute(given) ? given : join(homeFolder(), otherwise);

export const configFile = (name: string, env: Environment = process.env): string =>
  join(base(env.XDG_CONFIG_HOME, '.config'), 'uchat', name);
export const clientFolder = (env: Environment = process.env): string =>
  join(base(env.XDG_DATA_HOME, '.local/share'), 'uchat');
export const serverFolder = (env: Environment = process.env): string =>
  join(base(env.XDG_DATA_HOME, '.local/share'), 'uchat-server');

/** Makes a folder that only its owner may enter; one that exists keeps its mode, since it may not be ours alone. */
export function privateFolder(path: string): string {
  const whole = resolve(path);
  makeFolders(whole);
  return whole;
}

/** Level by level: where nobody can make folders, as in /proc, Node's own `recursive` tries for ever. */
function makeFolders(path: string): void {
  try {
    mkdirSync(path, { mode: PRIVATE_FOLDER });
  } catch (error) {
    if (isErrno(error, 'EEXIST') && statSync(path).isDirectory()) return;
    const parent = dirname(path);
    if (!isErrno(error, 'ENOENT') || parent === path || existsSync(parent)) throw error;
    makeFolders(parent);
    makeFolders(path);
  }
}

export const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** @returns undefined where there is no such file; throws what else is wrong. */
export function openIfThere(path: string, flags: 'r' | 'r+' = 'r'): number | undefined {
  try {
    return openSync(path, flags);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** What a folder lists must survive a power cut as surely as what is in the files. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

interface Writing {
  /** Not before it is on the disk, so that a power cut leaves one of both; without, a crash of the program does. */
  readonly sync: boolean;
}

/** The old content or the new, whatever happens meanwhile; makes the folder where it is missing. */
export function writePrivate(path: string, text: string, { sync }: Writing = { sync: true }): void {
  privateFolder(dirname(path));
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = openSync(fresh, 'wx', PRIVATE_FILE);
    try {
      writeFileSync(file, text);
      if (sync) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/**
 * A new file that only its owner may read. `~/` is the home folder, and what isn't absolute is in the working folder.
 * @returns its whole path, or one line that says why there is none.
 */
export function writeNew(path: string, text: string): Result<string, string> {
  const whole = resolve(path.replace(/^~(?=\/|$)/, homeFolder()));
  try {
    const file = openSync(whole, 'wx', PRIVATE_FILE);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } catch (error) {
      rmSync(whole, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    return ok(whole);
  } catch (error) {
    return err(`${whole} can't be written: ${systemWords(error)}`);
  }
}

/** `ENOSPC: no space left on device`, without the call and the path. */
export const systemWords = (error: unknown): string =>
  error instanceof Error ? (error.message.split(/, (?=[a-z]+(?: '|$))/)[0] ?? error.message) : String(error);
