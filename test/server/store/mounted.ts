import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system in memory. */
export interface Mounted {
  readonly path: string;
  remount(options: string): void;
  unmount(): void;
}

const run = (program: string, ...args: string[]): void => {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
};

export function mountMemory(size: string): Mounted {
  const path = mkdtempSync(join(tmpdir(), 'uchat-mount-'));
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'uchat-test', path);
  } catch (error) {
    rmdirSync(path);
    throw error;
  }
  return {
    path,
    remount: (options) => run('mount', '-o', `remount,${options}`, path),
    unmount: () => {
      // Lazily: a test that fails may still have files open.
      run('umount', '-l', path);
      rmdirSync(path);
    },
  };
}

/** Whether we may mount. Where not, this says so and the suite is skipped; with CI=true that is a failure. */
export function mayMount(): boolean {
  try {
    mountMemory('64k').unmount();
    return true;
  } catch {
    const why = 'a full disk and a read-only one are tests for a user who may mount (root)';
    if (!['', '0', 'false'].includes(process.env.CI ?? '')) throw new Error(`${why}: with CI=true that is a failure`);
    console.warn(`skipped: ${why}`);
    return false;
  }
}
