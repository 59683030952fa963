import { accessSync, constants, lstatSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FILES } from '../../../usage/files.ts';
import { isErrno, systemWords } from '../../shell/files.ts';
import type { Entry, FolderFacts } from '../judge/files.ts';

/** Entries of one folder, with all in it, that are looked at: a person's private chats are some hundred files. */
const MAX_ENTRIES = 5000;
/** Folders in folders: the deepest of ours are three. */
const MAX_DEPTH = 6;

type Root = (typeof FILES)[number]['root'];

/** `*` stands for a part of a name, a final `/` for all that is below. */
function patternOf(path: string): RegExp {
  const [folder, ...rest] = path.endsWith('/') ? [path.slice(0, -1), '(/.*)?'] : [path];
  const parts = (folder ?? '').split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}${rest.join('')}$`);
}

/** Whether what lies there is a secret; SQLite keeps its journals beside a database. */
function secretIn(root: Root): (path: string) => boolean {
  const patterns = FILES.filter((file) => file.root === root && file.secret === true).map(({ path }) =>
    patternOf(path),
  );
  return (path) => patterns.some((pattern) => pattern.test(path.replace(/-(wal|shm|journal)$/, '')));
}

function entryOf(path: string, secret: boolean): Entry {
  const own = lstatSync(path);
  const about = (kind: Entry['kind'], of: typeof own) => ({
    path,
    kind,
    mode: of.mode & 0o7777,
    uid: of.uid,
    size: of.size,
    secret,
  });
  if (!own.isSymbolicLink()) return about(own.isDirectory() ? 'folder' : own.isFile() ? 'file' : 'other', own);
  try {
    return about('link', statSync(path));
  } catch {
    return { ...about('link', own), dangling: true };
  }
}

/** All below a folder, as far as it is ours to look at. */
function below(
  folder: string,
  inside: string,
  isSecret: (path: string) => boolean,
  depth: number,
  found: Entry[],
): void {
  if (depth > MAX_DEPTH) return;
  for (const name of readdirSync(folder)) {
    if (found.length >= MAX_ENTRIES) return;
    const path = join(folder, name);
    const relative = inside === '' ? name : `${inside}/${name}`;
    try {
      const entry = entryOf(path, isSecret(relative));
      found.push(entry);
      if (entry.kind === 'folder') below(path, relative, isSecret, depth + 1, found);
    } catch (error) {
      // It may have gone while we were looking: uchat puts new files in the place of old ones.
      if (!isErrno(error, 'ENOENT')) throw error;
    }
  }
}

/** Folders that lead to it, from its parent to the root; only those that are there. */
function foldersAbove(path: string): readonly Entry[] {
  const found: Entry[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      const { mode, uid } = statSync(folder);
      found.push({ path: folder, kind: 'folder', mode: mode & 0o7777, uid, size: 0, secret: false });
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
    }
    if (dirname(folder) === folder) return found;
  }
}

function spaceAt(path: string): FolderFacts['space'] {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(path);
    // Some file systems have no fixed number of files, and say 0 of 0.
    return { free: bavail * bsize, files: files === 0 || ffree > 0 };
  } catch {
    return undefined;
  }
}

function topOf(path: string): Entry | undefined {
  try {
    return entryOf(path, false);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** @param given as it is named; need not be there. */
export function folderFacts(what: FolderFacts['what'], root: Root, given: string): FolderFacts {
  const path = resolve(given);
  const nothing = { what, path, entries: [], above: [], space: undefined };
  try {
    const above = foldersAbove(path);
    const top = topOf(path);
    if (top === undefined) {
      const nearest = above[0]?.path ?? '/';
      if (what === 'data') accessSync(nearest, constants.W_OK | constants.X_OK);
      return { ...nothing, above, space: spaceAt(nearest) };
    }
    if (top.dangling !== true && !statSync(path).isDirectory()) return { ...nothing, fault: 'it is not a folder' };
    const entries = [top];
    if (top.dangling !== true) {
      if (what !== 'settings') accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
      below(path, '', secretIn(root), 1, entries);
    }
    return { what, path, entries, above, space: spaceAt(path) };
  } catch (error) {
    return { ...nothing, fault: systemWords(error) };
  }
}
