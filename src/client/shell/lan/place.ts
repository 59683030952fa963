/** Where what this user's programs have of the local network is, under the client's data folder. */

import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '../../vault/files.ts';
import { privateFolder, syncFolder } from '../files.ts';

export interface LanFiles {
  readonly folder: string;
  /** Held by the one program that is on the network for all. */
  readonly lock: string;
  /** Where the others join it. */
  readonly socket: string;
  readonly store: string;
}

/** @param folder the client's data folder. */
export function lanFiles(folder: string): LanFiles {
  const own = join(resolve(folder), 'lan');
  return { folder: own, lock: join(own, 'lock'), socket: join(own, 'socket'), store: join(own, 'lan.db') };
}

/** Its folder is there, and its owner's only, whatever it was. Throws. */
export function makeLanFolder(folder: string): LanFiles {
  const isNew = !existsSync(folder);
  const whole = privateFolder(folder);
  if (isNew) syncFolder(dirname(whole));
  const files = lanFiles(whole);
  makeFolder(files.folder);
  return files;
}
