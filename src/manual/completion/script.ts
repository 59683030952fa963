/**
 * What makes a shell complete uchat's words. The script is whole: no uchat runs at a press of Tab, which would take a
 * quarter of a second each.
 */
import { SHELLS } from '../../usage/modes.ts';
import { bash } from './bash.ts';
import { fish } from './fish.ts';
import { zsh } from './zsh.ts';

type Shell = (typeof SHELLS)[number];

const SCRIPTS = { bash, zsh, fish } as const satisfies Readonly<Record<Shell, () => string>>;

/** @returns undefined for a shell that there is no script for. */
export function completionScript(shell: string): string | undefined {
  const found = SHELLS.find((one) => one === shell);
  return found === undefined ? undefined : SCRIPTS[found]();
}
