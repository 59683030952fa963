import { statSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../store.ts';
import { DATABASE_FILE } from './folder.ts';

/** What stands in the folder under that name; undefined: nothing. */
function identity(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}

/**
 * Whether the files that are open are still those of the folder. SQLite in WAL mode doesn't look: into a database that
 * somebody has removed or replaced it would store on, and all of it would be gone with the process.
 */
export class InPlace {
  readonly #files: readonly { readonly path: string; was: string | undefined }[];
  #moved: StoreError | undefined;

  /** The database is open. */
  constructor(folder: string) {
    const path = join(folder, DATABASE_FILE);
    // SQLite makes the log when it needs it, so it may come later.
    this.#files = [path, `${path}-wal`].map((file) => ({ path: file, was: identity(file) }));
  }

  /**
   * After a commit, before anybody is told of it. Costs two questions to the kernel, a few microseconds.
   * @throws StoreError `moved` from the first time on that they are not: what was refused since may be in a file that is
   * put back, and whoever runs on has not shown it to anybody.
   */
  check(): void {
    for (const file of this.#files) {
      const is = identity(file.path);
      file.was ??= is;
      if (is !== file.was) this.#moved ??= moved(file.path);
    }
    if (this.#moved !== undefined) throw this.#moved;
  }
}

const moved = (path: string): StoreError =>
  new StoreError(
    'moved',
    `${path} was removed or replaced while the server runs, so nothing more is stored: stop the server, put the file back or restore a backup, and start it again`,
  );
