/** Who listens on a port of this host, as far as the kernel tells it to us: /proc/net/tcp and tcp6, proc_net_tcp(5). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** tcp_states.h */
const LISTEN = '0A';
/** Local address and port, state, and after four other fields the user id and the inode of the socket. */
const ROW = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) \S+ \S+ \S+\s+(\d+)\s+\d+ (\d+)/;
/** Processes that are looked at. */
const MAX_PROCESSES = 10_000;

export interface PortHolder {
  readonly uid: number;
  /** Of whoever's processes we may look at: our own, or all as root. */
  readonly pid?: number;
  /** Its words, such as `node src/cli.ts --serve`. */
  readonly words?: string;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function holdsSocket(pid: string, inode: string): boolean {
  const files = `/proc/${pid}/fd`;
  try {
    return readdirSync(files).some((name) => {
      try {
        return readlinkSync(`${files}/${name}`) === `socket:[${inode}]`;
      } catch {
        return false;
      }
    });
  } catch {
    // Somebody else's, or gone.
    return false;
  }
}

/** Sockets that listen on a port, on whichever addresses. @param tables what the kernel says. */
export function listeningRows(tables: string, port: number): { readonly uid: number; readonly inode: string }[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return tables.split('\n').flatMap((line) => {
    const [, local, state, uid, inode] = ROW.exec(line) ?? [];
    return local === wanted && state === LISTEN && inode !== undefined ? [{ uid: Number(uid), inode }] : [];
  });
}

/**
 * What a process was started with, the telling words first: without the folder of its program, and without Node's options.
 * @param line its words, each with a NUL behind it: proc_pid_cmdline(5).
 */
export function startedAs(line: string): string {
  const [program = '', ...rest] = line.split('\0').filter((word) => word !== '');
  const name = basename(program);
  const own = name === 'node' ? rest.findIndex((word) => !word.startsWith('-')) : 0;
  return [name, ...rest.slice(Math.max(0, own))].join(' ');
}

function processOf(inode: string): number | undefined {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.slice(0, MAX_PROCESSES).find((each) => holdsSocket(each, inode));
  return found === undefined ? undefined : Number(found);
}

/**
 * @param tables what the kernel says, and `find` the process that holds a socket: for tests.
 * @returns undefined where that can't be told: several may listen there, each on its own address.
 */
export function portHolder(
  port: number,
  tables: string = read('/proc/net/tcp') + read('/proc/net/tcp6'),
  find: (inode: string) => number | undefined = processOf,
): PortHolder | undefined {
  const [first, ...more] = listeningRows(tables, port);
  if (first === undefined) return undefined;
  const { uid } = first;
  const pid = find(first.inode);
  if (more.some(({ inode }) => pid === undefined || find(inode) !== pid)) return undefined;
  return pid === undefined ? { uid } : { uid, pid, words: startedAs(read(`/proc/${pid}/cmdline`)) };
}
