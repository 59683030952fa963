import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { ownName } from '../../shell/own-name.ts';
import type { HostFacts } from '../judge/host.ts';

/** Milliseconds for a connection to ourselves. */
const WITHIN_MS = 1000;
/** Columns of /proc/net/tcp: proc(5). */
const [LOCAL, STATE, UID] = [1, 3, 7] as const;
const ESTABLISHED = '01';

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

/** The value of `hidepid` with which /proc is mounted; of several mounts the last counts. */
export function hidepidIn(mounts: string): string | undefined {
  const proc = mounts.split('\n').findLast((line) => line.split(' ')[1] === '/proc');
  return /[\s,]hidepid=(\w+)/.exec(proc ?? '')?.[1];
}

/** Whose a connection from this port is by the kernel's table. */
export function ownerIn(table: string, port: number): number | undefined {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of table.split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (columns[LOCAL]?.endsWith(end) === true && columns[STATE] === ESTABLISHED) return Number(columns[UID]);
  }
  return undefined;
}

/** Whether the table shows a connection that we make to ourselves as ours; undefined where none can be made. */
async function showsOwn(uid: number): Promise<boolean | undefined> {
  const { promise, resolve } = Promise.withResolvers<boolean | undefined>();
  const server = createServer();
  const timer = setTimeout(() => resolve(undefined), WITHIN_MS);
  server.on('error', () => resolve(undefined));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const socket = connect({ host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 });
    socket.on('error', () => resolve(undefined));
    socket.on('connect', () => {
      const table = read('/proc/net/tcp');
      resolve(table === undefined ? undefined : ownerIn(table, socket.localPort ?? 0) === uid);
      socket.destroy();
    });
  });
  const shows = await promise;
  clearTimeout(timer);
  server.close();
  return shows;
}

export async function hostFacts(): Promise<HostFacts> {
  const linux = process.platform === 'linux';
  const uid = process.getuid?.() ?? -1;
  const table = linux && read('/proc/net/tcp') !== undefined;
  return {
    linux,
    table,
    own: table ? await showsOwn(uid) : undefined,
    hidepid: hidepidIn(read('/proc/mounts') ?? ''),
    login: ownName(),
    uid,
  };
}
