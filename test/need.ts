import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Surroundings {
  readonly path: string;
  /** Where nobody may skip: there a missing program is a failure. */
  readonly ci: boolean;
  readonly say: (line: string) => void;
}

const here = (): Surroundings => ({
  path: process.env.PATH ?? '',
  ci: !['', '0', 'false'].includes(process.env.CI ?? ''),
  say: (line) => console.warn(line),
});

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    if (folder === '') return false;
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Whether the programs that a suite drives are here: `describe.runIf(need('tmux'))('in tmux', …)`. Where one is missing
 * the suite says so and is skipped; with CI=true it fails as it is collected, so that no skip goes unseen.
 */
export function need(programs: string | readonly string[], { path, ci, say }: Surroundings = here()): boolean {
  const missing = [programs].flat().filter((program) => !isOnPath(program, path));
  if (missing.length === 0) return true;
  if (ci) throw new Error(`needs ${missing.join(', ')} on PATH: with CI=true that is a failure`);
  say(`skipped: needs ${missing.join(', ')} on PATH`);
  return false;
}
