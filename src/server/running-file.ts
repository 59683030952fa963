/**
 * Which server runs on a data folder: a file that it writes when it listens and removes when it ends. What it says counts
 * only while the folder's lock is held, so what a crash leaves behind says nothing.
 */
import { randomBytes } from 'node:crypto';
import {
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { LOCK_FILE } from './store/sqlite/folder.ts';

const RUNNING_FILE = 'running.json';
const PRIVATE_FILE = 0o600;
/** Bytes; a hundred are written. */
const MAX_BYTES = 4096;
/** An address as the kernel writes it: whatever else stands there, none of ours has written. */
const HOST = /^[\w.:%-]{1,255}$/;

export interface Running {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  /** Unix ms. */
  readonly since: number;
  /** `draining`: it finishes what is under way, and ends within seconds. */
  readonly state: 'up' | 'draining';
}

/** The old content or the new. What is wrong with the disk is the store's to tell. */
export function writeRunning(folder: string, running: Running): void {
  const path = join(folder, RUNNING_FILE);
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(fresh, `${JSON.stringify(running)}\n`, { flag: 'wx', mode: PRIVATE_FILE });
    renameSync(fresh, path);
  } catch {
    rmSync(fresh, { force: true });
  }
}

export function removeRunning(folder: string): void {
  try {
    rmSync(join(folder, RUNNING_FILE), { force: true });
  } catch {
    // It says nothing any more: the lock goes with the server.
  }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

function parse(text: string): Running | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const fields = new Map<string, unknown>(Object.entries(value));
    const [pid, host, port, since, state] = ['pid', 'host', 'port', 'since', 'state'].map((name) => fields.get(name));
    if (!isCount(pid) || typeof host !== 'string' || !HOST.test(host) || !isCount(port) || !isCount(since))
      return undefined;
    return state === 'up' || state === 'draining' ? { pid, host, port, since, state } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process is there and, as far as the kernel tells us, has the folder's lock file open. */
function holdsLock(pid: number, folder: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It is there, and is somebody else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const lock = join(realpathSync(folder), LOCK_FILE);
  try {
    const files = `/proc/${pid}/fd`;
    return readdirSync(files).some((name) => {
      try {
        return readlinkSync(join(files, name)) === lock;
      } catch {
        // Closed meanwhile.
        return false;
      }
    });
  } catch {
    // Another user's process, or one that lets nobody look into it, or no Linux.
    return process.platform !== 'linux' || isInLocks(pid, lock);
  }
}

/** Whether the process has a lock on the file, by the kernel's list of locks, which everybody may read: proc_locks(5). */
function isInLocks(pid: number, file: string): boolean {
  const { ino } = statSync(file);
  return readFileSync('/proc/locks', 'latin1')
    .split('\n')
    .some((line) => {
      const [, , , , holder, place] = line.trim().split(/\s+/);
      return holder === String(pid) && place?.endsWith(`:${ino}`) === true;
    });
}

/** @returns what the server on a folder has said of itself; undefined where it hasn't yet, or is gone. */
export function readRunning(folder: string): Running | undefined {
  try {
    const path = join(folder, RUNNING_FILE);
    // Of something else than a file the reading might never end.
    const file = statSync(path);
    const running = file.isFile() && file.size <= MAX_BYTES ? parse(readFileSync(path, 'utf8')) : undefined;
    return running !== undefined && holdsLock(running.pid, folder) ? running : undefined;
  } catch {
    return undefined;
  }
}
