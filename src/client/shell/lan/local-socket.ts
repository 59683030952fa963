/** A Unix socket in a folder of ours, for our own programs: who may enter the folder is who may join. */
import { chmodSync, closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { basename, dirname } from 'node:path';
import { err, ok, type Result } from '../../../base/result.ts';
import { systemCode } from '../../../link/address.ts';
import type { Link } from '../../../link/link.ts';
import { SocketLink } from '../../../link/socket-link.ts';
import { PRIVATE_FILE, systemWords } from '../files.ts';

/** Bytes of a socket's path: unix(7) has room for 108 with the zero behind it, BSD for 104. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103;
/** Connections that the kernel holds until they are accepted: programs of one person. */
const BACKLOG = 32;

/** A way to name the socket in a call, good until `release`. */
interface Named {
  readonly path: string;
  release(): void;
}

/** A folder may lie deeper than a socket's path can tell; the kernel knows an open folder by a short name, too. */
function nameOf(path: string): Named {
  const bytes = Buffer.byteLength(path);
  if (bytes <= MAX_PATH_BYTES) return { path, release: () => undefined };
  const folder = openSync(dirname(path), 'r');
  const short = `/proc/self/fd/${folder}`;
  const release = (): void => closeSync(folder);
  if (existsSync(short)) return { path: `${short}/${basename(path)}`, release };
  release();
  throw new Error(`the path ${path} has ${bytes} bytes, and a socket's ${MAX_PATH_BYTES} at most`);
}

export interface LocalListener {
  /** Takes nobody any more, and the socket is gone when this returns; links that stand stay. Safe to call twice. */
  close(): void;
}

/**
 * Replaces what lies there: only whoever has the lock beside it may call this.
 * @param onLink gets each new connection; it must call `listen` on it in the end, or `destroy`.
 * @returns or the system's words. Never rejects.
 */
export async function listenLocal(path: string, onLink: (link: Link) => void): Promise<Result<LocalListener, string>> {
  try {
    // One that a program has left that was killed.
    rmSync(path, { force: true });
    const named = nameOf(path);
    return await new Promise((resolve) => {
      const server = createServer((socket) => onLink(new SocketLink(socket)));
      let isOpen = true;
      const close = (): void => {
        if (!isOpen) return;
        isOpen = false;
        // The socket's file goes with this.
        server.close();
        named.release();
      };
      server.once('error', (error) => {
        close();
        resolve(err(systemWords(error)));
      });
      server.listen({ path: named.path, backlog: BACKLOG }, () => {
        // What fails later (too many files open) fails for whoever wanted to come, and they try again.
        server.on('error', () => undefined);
        chmodSync(path, PRIVATE_FILE);
        resolve(ok({ close }));
      });
    });
  } catch (error) {
    return err(systemWords(error));
  }
}

/** @returns a link that isn't listened to yet; or the system's code, such as `ECONNREFUSED`. Never rejects. */
export async function connectLocal(path: string): Promise<Result<Link, string>> {
  let named: Named;
  try {
    named = nameOf(path);
  } catch (error) {
    return err(systemWords(error));
  }
  return await new Promise((resolve) => {
    const socket = connect({ path: named.path });
    const settle = (result: Result<Link, string>): void => {
      socket.off('connect', ready);
      socket.off('error', failed);
      named.release();
      resolve(result);
    };
    const ready = (): void => settle(ok(new SocketLink(socket)));
    const failed = (error: Error): void => settle(err(systemCode(error)));
    socket.once('connect', ready);
    socket.once('error', failed);
  });
}
