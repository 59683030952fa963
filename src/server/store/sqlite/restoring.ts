/**
 * The last steps of a restore, and what is left of one that was cut off.
 *
 * What is restored is made ready in a folder inside the data folder. One rename of that folder (`PARTIAL` to `READY`) is
 * the moment from which the new data counts: before it, nothing of the old was touched; after it, whoever opens the data
 * folder first puts the new files into their places, and may be cut off at any point of that.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Infer, list, object, parse, pattern } from '../../../protocol/schema.ts';
import { StoreError } from '../store.ts';
import { DATABASE_FILE, isErrno, syncFolder } from './folder.ts';

/** In the data folder: what isn't whole yet, and may be removed. */
export const PARTIAL = 'restore-unfinished';
/** What is whole, and must be put into its place. */
export const READY = 'restore-ready';
/** In either of them: what is to be done. All other files there are those that are put into place. */
export const PLAN_FILE = 'plan.json';

/** Files of a data folder at most, so that a plan stays short. */
const MAX_FILES = 20;
export const fileName = pattern<string>(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "a file's name");

const plan = object({
  /** Which backup it is of. */
  backup: fileName,
  /** The folder in the data folder that gets the old files. */
  keptIn: fileName,
  /** The old files. Those that aren't there are passed over. */
  old: list(fileName, MAX_FILES),
});
export type RestorePlan = Infer<typeof plan>;

function readPlan(folder: string): RestorePlan {
  const path = join(folder, READY, PLAN_FILE);
  try {
    const read = parse(plan, JSON.parse(readFileSync(path, 'utf8')));
    if (read.ok) return read.value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new StoreError('damaged', `${path} is damaged: move the folder ${join(folder, READY)} away, and restore again`);
}

/** Whether a restore was cut off after the moment from which it counts. */
export const isRestoring = (folder: string): boolean => existsSync(join(folder, READY));

/**
 * Finishes what an earlier restore has left, or removes it. The lock of the folder is held.
 * @returns the plan that was carried out, if there was one.
 */
export function finishRestore(folder: string): RestorePlan | undefined {
  rmSync(join(folder, PARTIAL), { recursive: true, force: true });
  const ready = join(folder, READY);
  let todo: RestorePlan;
  try {
    if (!isRestoring(folder)) return undefined;
    todo = readPlan(folder);
  } catch (error) {
    // The plan goes last but for its folder.
    if (!isErrno(error, 'ENOENT') || readdirSync(ready).length > 0) throw error;
    rmSync(ready, { recursive: true });
    return undefined;
  }
  // The new database is the first to leave. While it is here, all that lies in the data folder is old.
  if (existsSync(join(ready, DATABASE_FILE))) {
    moveAway(folder, todo);
    renameSync(join(ready, DATABASE_FILE), join(folder, DATABASE_FILE));
  }
  for (const file of readdirSync(ready)) if (file !== PLAN_FILE) renameSync(join(ready, file), join(folder, file));
  syncFolder(ready);
  syncFolder(folder);
  rmSync(ready, { recursive: true });
  syncFolder(folder);
  return todo;
}

function moveAway(folder: string, { keptIn, old }: RestorePlan): void {
  const kept = join(folder, keptIn);
  for (const file of old) {
    if (!existsSync(join(folder, file))) continue;
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    renameSync(join(folder, file), join(kept, file));
  }
  if (existsSync(kept)) syncFolder(kept);
  // Or a power cut might leave the new ones beside some of the old.
  syncFolder(folder);
}
