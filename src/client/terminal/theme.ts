/** Roles -> blessed's attributes, in a theme and with the colours that the terminal has. */
import { BUILT_IN_DARK, BUILT_IN_MONOCHROME } from '../theme/built-in.ts';
import { reduceTo16 } from '../theme/reduce-16.ts';
import { reduceTo256 } from '../theme/reduce-256.ts';
import { type CellStyle, type Reduced, reduceToNone } from '../theme/reduced.ts';
import { isNamedRole, NICK_ROLES } from '../theme/roles.ts';
import { isColourless, type Theme } from '../theme/theme.ts';
import type { Role, Run } from '../view/cells.ts';

export type { Theme } from '../theme/theme.ts';

/** How many colours there are to choose from; 0: none, only bold, underline and inverse. */
export type ColorLevel = 256 | 16 | 8 | 0;

/** What is shown before anything was chosen. */
export const DARK: Theme = BUILT_IN_DARK;

/** blessed's cell attribute: flags from bit 18, foreground from bit 9, background from bit 0. */
const DEFAULT_COLOR = 0x1ff;
const BOLD = 1;
const UNDERLINE = 2;
const INVERSE = 8;
export const DEFAULT_ATTRIBUTE = (DEFAULT_COLOR << 9) | DEFAULT_COLOR;

interface Emphasis {
  readonly bold: boolean;
  readonly underline: boolean;
}

function attribute(style: CellStyle, { bold, underline }: Emphasis): number {
  const { fg = DEFAULT_COLOR, bg = DEFAULT_COLOR, neverBold = false } = style;
  const flags =
    ((bold || style.bold) && !neverBold ? BOLD : 0) |
    (underline || style.underline ? UNDERLINE : 0) |
    (style.inverse ? INVERSE : 0);
  return (flags << 18) | (fg << 9) | bg;
}

/** A theme at one level, as attributes; `blank` is a cell that nothing is written in. */
export type Palette = (run: Pick<Run, 'bold' | 'underline'> & { readonly role: Role | 'blank' }) => number;

function reduce(theme: Theme, level: ColorLevel, terminalDark: boolean): Reduced {
  switch (level) {
    case 256:
      return reduceTo256(theme, terminalDark);
    case 16:
    case 8:
      return reduceTo16(theme, level, terminalDark);
    case 0:
      // Without colours each theme looks like the one that has none, and what calls still does.
      return reduceToNone(isColourless(theme) ? theme : BUILT_IN_MONOCHROME);
  }
}

/** @param terminalDark whether the terminal's own ground is dark, as far as is known. */
export function paletteOf(theme: Theme, level: ColorLevel, terminalDark = true): Palette {
  const reduced = reduce(theme, level, terminalDark);
  let nicks: readonly CellStyle[] | undefined;
  const styleOf = (role: Role | 'blank'): CellStyle => {
    // What is bold or underlined where there is text is not where there is none.
    if (role === 'blank') return { ...reduced.style('text'), bold: false, underline: false };
    if (isNamedRole(role)) return reduced.style(role);
    nicks ??= reduced.nicks();
    return nicks[NICK_ROLES.indexOf(role) % nicks.length] ?? reduced.style('text');
  };
  const known = new Map<string, number>();
  return ({ role, bold = false, underline = false }) => {
    const key = `${role}${bold ? '!' : ''}${underline ? '_' : ''}`;
    const value = known.get(key) ?? attribute(styleOf(role), { bold, underline });
    known.set(key, value);
    return value;
  };
}
