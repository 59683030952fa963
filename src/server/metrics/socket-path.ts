/** Listening on a path of the file system, for its owner only. */
import { lstatSync, statSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';

/** For nobody but the owner, like all of the server's files. */
const PRIVATE = 0o177;

/** The socket is made with its mode: between making it and changing that, others could have come. */
export function listenPrivately(server: Server, path: string): void {
  const before = process.umask(PRIVATE);
  try {
    server.listen({ path });
  } finally {
    process.umask(before);
  }
}

/** Whether the folder of a path is missing, for which libuv says EACCES. @param path begins with /. */
export function lacksFolder(path: string): boolean {
  try {
    statSync(path.slice(0, path.lastIndexOf('/') + 1));
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

/** Removes the socket of a server that was killed: one that nobody listens on. Never any other file. */
export async function removeStale(path: string): Promise<void> {
  try {
    if (!lstatSync(path).isSocket()) return;
  } catch {
    return;
  }
  const nobodyListens = await new Promise<boolean>((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error) => resolve('code' in error && error.code === 'ECONNREFUSED'));
  });
  if (nobodyListens) unlinkSync(path);
}
