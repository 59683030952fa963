/** Where a vault's files are, under the client's data folder. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addressText, isLan } from '../../link/address.ts';
import type { Address } from '../../link/link.ts';
import { privateFolder, syncFolder } from '../shell/files.ts';
import { makeFolder } from './files.ts';

export interface VaultPlace {
  /** The client's data folder: `clientFolder()`. */
  readonly folder: string;
  readonly server: Address;
}

export interface VaultFiles {
  /** Of all servers. */
  readonly logKey: string;
  /** Of this server, as the next three. */
  readonly folder: string;
  readonly lock: string;
  readonly database: string;
  readonly history: string;
  /** The server, in one way of writing it. */
  readonly server: string;
}

/** Characters of a host in a folder's name: for people, and short enough for every file system. */
const MAX_SHOWN = 64;
/** Hexadecimal digits behind it, which tell apart what looks the same. */
const HASH_CHARS = 16;

export function vaultFiles({ folder, server }: VaultPlace): VaultFiles {
  const name = addressText({ host: server.host.toLowerCase().replace(/\.$/, ''), port: server.port });
  const shown = name
    .replaceAll(/[^a-z0-9.-]+/g, '_')
    .replace(/^\.+/, '_')
    .slice(-MAX_SHOWN);
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_CHARS);
  const all = join(folder, 'private');
  // No server's folder is called so: each has its hash.
  const own = join(all, isLan(server) ? name : `${shown}-${hash}`);
  return {
    logKey: join(all, 'log-key.json'),
    folder: own,
    lock: join(own, 'lock'),
    database: join(own, 'sessions.db'),
    history: join(own, 'history'),
    server: name,
  };
}

export function makeFolders(place: VaultPlace): VaultFiles {
  const files = vaultFiles(place);
  const isNew = !existsSync(place.folder);
  const folder = privateFolder(place.folder);
  if (isNew) syncFolder(dirname(folder));
  makeFolder(join(folder, 'private'));
  makeFolder(files.folder);
  makeFolder(files.history);
  return files;
}
