/** What a theme comes to on a terminal, whatever number of colours it has. */
import { BLACK, contrast, type Rgb, WHITE } from './color.ts';
import type { NamedRole } from './roles.ts';
import { isColourless, type Style, type Theme } from './theme.ts';

/** As a terminal is told; no colour is its own. */
export interface CellStyle {
  readonly fg?: number;
  readonly bg?: number;
  readonly bold?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
  /** Bold would make another colour of this one, which can't be read here. */
  readonly neverBold?: true;
}

export interface Reduced {
  readonly style: (role: NamedRole) => CellStyle;
  /** Of names, as many as there are. */
  readonly nicks: () => readonly CellStyle[];
}

/** What is written on, and what text is in that has no colour of its own. Undefined: the terminal's own. */
export interface Ground {
  readonly index: number | undefined;
  readonly text: number | undefined;
}

/** A theme that leaves the ground to a terminal of the other kind can't be read there, so there it has one. */
export const isMismatch = (theme: Theme, terminalDark: boolean): boolean =>
  theme.ground === undefined && theme.dark !== terminalDark && !isColourless(theme);

/** The terminal's own ground, as it is assumed to be. */
export const assumed = ({ dark }: Theme): Rgb => (dark ? BLACK : WHITE);

export const isBlackBetter = (on: Rgb): boolean => contrast(on, BLACK) > contrast(on, WHITE);

export const flagsOf = ({ bold, underline, inverse }: Style): CellStyle => ({
  ...(bold === true ? { bold } : {}),
  ...(underline === true ? { underline } : {}),
  ...(inverse === true ? { inverse } : {}),
});

export const colorsOf = (fg: number | undefined, bg: number | undefined): CellStyle => ({
  ...(fg === undefined ? {} : { fg }),
  ...(bg === undefined ? {} : { bg }),
});

/** Without any colours: what bold, underline and inverse say. */
export const reduceToNone = ({ roles }: Theme): Reduced => ({
  style: (role) => flagsOf(roles[role] ?? {}),
  nicks: () => [],
});
