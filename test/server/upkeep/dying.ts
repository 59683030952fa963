/** A program that is killed while it changes what is on the disk, without a process of its own. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** What changes the disk, as far as the order of such calls matters. */
const STEPS = [
  'copyFileSync',
  'fsyncSync',
  'mkdirSync',
  'renameSync',
  'rmSync',
  'truncateSync',
  'writeFileSync',
  'chmodSync',
] as const;

/**
 * Runs `work`, which dies before its n-th step: from then on it can't change anything more, whatever it tries.
 * @returns the name of that step; undefined where it came to its end before.
 */
export function dieBefore(n: number, work: () => void): string | undefined {
  const real = STEPS.map((name) => [name, fs[name]] as const);
  let left = n;
  let died: string | undefined;
  for (const [name, call] of real)
    Object.assign(fs, {
      [name]: (...args: never[]): unknown => {
        left -= 1;
        if (left === 0) died = name;
        if (left <= 0) throw new Error('dead');
        return Reflect.apply(call, fs, args);
      },
    });
  syncBuiltinESMExports();
  try {
    work();
  } catch (error) {
    if (died === undefined) throw error;
  } finally {
    Object.assign(fs, Object.fromEntries(real));
    syncBuiltinESMExports();
  }
  return died;
}
