/** What the data folder takes on the disk. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DATABASE_FILE } from '../store/sqlite/folder.ts';

/** Bytes. */
export interface FolderBytes {
  /** Of all the folder's own files. */
  readonly all: number;
  /** Of the database, without its write-ahead log. */
  readonly database: number;
  readonly wal: number;
}

/** A file that goes meanwhile counts as none. */
export async function folderBytes(folder: string): Promise<FolderBytes> {
  const entries = await readdir(folder, { withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ name }) => ({ name, size: (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0 })),
  );
  const sum = (wanted: (name: string) => boolean): number =>
    sizes.reduce((all, { name, size }) => (wanted(name) ? all + size : all), 0);
  return {
    all: sum(() => true),
    database: sum((name) => name === DATABASE_FILE),
    wal: sum((name) => name === `${DATABASE_FILE}-wal`),
  };
}
