/**
 * The single executable of the sources as they are now, for the tests that drive it. It is built once: what the same
 * files have made before is taken again, so that suites, and runs of them, share it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = dirname(dirname(import.meta.dirname));
const CACHE = join(ROOT, 'node_modules', '.cache', 'uchat-build');
/** What it is made of. The lock names all packages by their content. */
const INGREDIENTS = ['build', 'src', 'themes', 'LICENSE', 'package.json', 'package-lock.json'];
/** Milliseconds. Two CPUs that do something else as well. */
export const BUILD_WITHIN = 120_000;
/** Of other sources, the newest, which another run may be at. They have 120 MB each. */
const OTHERS_KEPT = 2;

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => filesOf(join(path, name)));
}

function contentHash(): string {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}`);
  for (const file of INGREDIENTS.flatMap((name) => filesOf(join(ROOT, name))))
    hash.update(`\0${file.slice(ROOT.length)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function dropOld(): void {
  const folders = readdirSync(CACHE).map((name) => join(CACHE, name));
  const byAge = folders
    .map((folder) => ({ folder, made: statSync(folder).mtimeMs }))
    .toSorted((a, b) => b.made - a.made);
  for (const { folder } of byAge.slice(OTHERS_KEPT)) rmSync(folder, { recursive: true, force: true });
}

/** @returns its path. @throws Error where it can't be built, with what was said. */
export function built(): string {
  const file = join(CACHE, contentHash(), 'uchat');
  if (existsSync(file)) return file;
  mkdirSync(CACHE, { recursive: true });
  dropOld();
  const make = join(ROOT, 'build', 'make.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [make, file], {
    encoding: 'utf8',
    cwd: '/',
    env: { PATH: process.env.PATH ?? '' },
  });
  if (status !== 0 || stderr !== '') throw new Error(`node build/make.ts: exit status ${status}\n${stdout}${stderr}`);
  return file;
}
