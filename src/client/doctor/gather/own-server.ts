import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { addressText } from '../../../link/address.ts';
import { isErrno } from '../../shell/files.ts';
import type { OwnServerFacts } from '../judge/own-server.ts';
import { holderOf } from './locks.ts';

/** Of the files in a server's folder: see usage/files.ts. */
const LOCK = 'uchat.lock';
const LOG = 'server.log';
const RUNNING = 'running.json';
/** Bytes of the log's end that are looked at. */
const LOG_BYTES = 262_144;
/** Of /proc/PID/stat, behind the name: when it was started, in hundredths of a second since the host was. */
const START_FIELD = 19;
const TICKS_PER_SECOND = 100;
/** Columns of /proc/net/tcp. */
const [LOCAL, STATE, INODE] = [1, 3, 9] as const;
const LISTENS = '0A';

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

/** `0100007F:097C`, as the kernel of a little-endian machine writes it; IPv6 in four words. */
export function addressIn(text: string): string | undefined {
  const [, hex = '', port = ''] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(text) ?? [];
  if (hex === '') return undefined;
  const bytes = Buffer.from(hex, 'hex');
  bytes.swap32();
  const groups = Array.from({ length: 8 }, (_, i) =>
    bytes
      .subarray(i * 2, i * 2 + 2)
      .toString('hex')
      .replace(/^0{1,3}/, ''),
  );
  const host =
    bytes.length === 4
      ? [...bytes].join('.')
      : /^0(:0)*$/.test(groups.join(':'))
        ? '::'
        : groups
            .join(':')
            .replace(/^(0:){7}1$/, '::1')
            .replace(/^0:0:0:0:0:ffff:.*$/, `::ffff:${[...bytes.subarray(12)].join('.')}`);
  return addressText({ host, port: Number.parseInt(port, 16) });
}

/** The inode of a socket among the open files of a process; undefined: it is none, or was closed just now. */
function socketOf(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
  } catch {
    return undefined;
  }
}

/** Where the sockets of a process listen. */
function listensOn(pid: number): readonly string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    const sockets = new Set(readdirSync(folder).map((name) => socketOf(join(folder, name))));
    const rows = ['tcp', 'tcp6'].flatMap((table) => (textOf(`/proc/net/${table}`) ?? '').split('\n').slice(1));
    return rows
      .map((row) => row.trim().split(/\s+/))
      .filter((row) => row[STATE] === LISTENS && row[INODE] !== undefined && sockets.has(row[INODE]))
      .map((row) => addressIn(row[LOCAL] ?? ''))
      .filter((address) => address !== undefined);
  } catch {
    // Another user's, or gone by now.
    return [];
  }
}

function upFor(pid: number): number | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  const up = Number(textOf('/proc/uptime')?.split(' ')[0]);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const started = Number(fields[START_FIELD]) / TICKS_PER_SECOND;
  return Number.isFinite(up - started) ? Math.max(0, (up - started) * 1000) : undefined;
}

function holderFacts(pid: number): NonNullable<OwnServerFacts['holder']> {
  const memory = /^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`) ?? '')?.[1];
  const most = /^Max open files\s+(\d+)/m.exec(textOf(`/proc/${pid}/limits`) ?? '')?.[1];
  let open: number | undefined;
  try {
    open = readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    open = undefined;
  }
  return {
    pid,
    listens: listensOn(pid),
    upFor: upFor(pid),
    memory: memory === undefined ? undefined : Number(memory) * 1024,
    files: open === undefined || most === undefined ? undefined : { open, most: Number(most) },
  };
}

interface LogEntry {
  readonly event?: unknown;
  readonly level?: unknown;
  readonly text?: unknown;
  readonly msg?: unknown;
}

function entryOf(line: string): LogEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? entry : undefined;
  } catch {
    // What Node itself prints is no JSON; nor is the first line, which is cut.
    return undefined;
  }
}

/** What a log says of errors since the newest start in it. */
export function errorsIn(text: string): { readonly count: number; readonly last: string } | undefined {
  const entries = text.split('\n').map(entryOf);
  const start = entries.findLastIndex((entry) => entry?.event === 'started');
  const errors = entries.slice(start + 1).filter((entry) => entry?.level === 'error');
  const last = errors.at(-1);
  if (last === undefined) return undefined;
  const words = [last.text, last.msg, last.event].find((word) => typeof word === 'string');
  return { count: errors.length, last: typeof words === 'string' ? words : 'an error' };
}

/** What a server has said of itself: a word of its file, whatever else is in it. */
const saidIn = (text: string | undefined): OwnServerFacts['said'] =>
  text === undefined ? undefined : text.includes('"state":"draining"') ? 'draining' : 'up';

function logOf(path: string): { readonly size: number; readonly end: string } {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return { size: 0, end: '' };
    return { size: 0, end: '' };
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, LOG_BYTES));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return { size, end: bytes.toString() };
  } finally {
    closeSync(file);
  }
}

/** @param folder of a server's data. */
export function ownServerFacts(folder: string): OwnServerFacts {
  const lock = join(folder, LOCK);
  const log = join(folder, LOG);
  if (!existsSync(lock)) return { isThere: false, holder: undefined, said: undefined, errors: undefined, logSize: 0 };
  const pid = holderOf(lock);
  const { size, end } = logOf(log);
  const errors = errorsIn(end);
  return {
    isThere: true,
    holder: pid === undefined ? undefined : holderFacts(pid),
    said: saidIn(textOf(join(folder, RUNNING))),
    // Of one that has ended they are history.
    errors: errors === undefined || pid === undefined ? undefined : { ...errors, log },
    logSize: size,
  };
}
