/** The ways in which uchat is run: from source, and as one file where that was built. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../e2e/harness/stage.ts';
import type { How } from './benchmark.ts';

type Command = readonly [file: string, ...args: string[]];

const BUILT = join(ROOT, 'dist', 'uchat');

export const uchats: readonly (readonly [name: string, command: Command])[] = [
  ['from source', [join(ROOT, 'src', 'uchat')]],
  ...(existsSync(BUILT) ? [['dist/uchat', [BUILT]] as const] : []),
];

/** For people who wonder where the other one is. */
export const noteUchats = (how: How): void => {
  if (uchats.length === 1) how.note('dist/uchat is not built (npm run build), so it is not measured');
};
