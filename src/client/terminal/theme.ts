/**
 * Roles -> colours. Data: another theme is another table. Colour carries nothing alone, so every role may also have no
 * colour at all.
 */
import type { Role, Run } from '../view/cells.ts';

/** How many colours there are to choose from; 0: none, only bold, underline and inverse. */
export type ColorLevel = 256 | 16 | 8 | 0;

interface Style {
  /** Of xterm's 256; none: the terminal's own. */
  readonly fg?: number;
  readonly bg?: number;
  /** Of the 16 that the user's terminal defines. */
  readonly fg16?: number;
  readonly bg16?: number;
  readonly bold?: true;
  readonly underline?: true;
  /** Only where there are no colours. */
  readonly plainInverse?: true;
  readonly plainBold?: true;
  readonly plainUnderline?: true;
}

export type Theme = Readonly<Record<Role, Style>>;

const BAR = { bg: 236, fg16: 15, bg16: 4, plainInverse: true } as const;

/** For dark backgrounds: the text in the terminal's own colour, everything else quieter than it, but what calls. */
export const DARK: Theme = {
  text: {},
  dim: { fg: 246, fg16: 8 },
  accent: { fg: 75, fg16: 12 },
  self: { fg: 254, fg16: 15 },
  time: { fg: 243, fg16: 8 },
  day: { fg: 244, fg16: 8 },
  unread: { fg: 209, fg16: 11, plainBold: true },
  event: { fg: 244, fg16: 8 },
  notice: { fg: 109, fg16: 6 },
  error: { fg: 203, fg16: 9, plainBold: true },
  pending: { fg: 245, fg16: 8 },
  mention: { fg: 222, fg16: 11, plainBold: true, plainUnderline: true },
  border: { fg: 238, fg16: 8 },
  tab: { ...BAR, fg: 248 },
  tabActive: { fg: 231, bg: 24, fg16: 0, bg16: 7, bold: true, plainBold: true },
  tabActivity: { ...BAR, fg: 222, fg16: 11, plainBold: true },
  status: { ...BAR, fg: 248 },
  statusWarn: { fg: 234, bg: 214, fg16: 0, bg16: 3, plainInverse: true, plainBold: true },
  online: { fg: 77, fg16: 10 },
  away: { fg: 179, fg16: 3 },
  offline: { fg: 241, fg16: 8 },
  input: {},
  prompt: { fg: 75, fg16: 12 },
  selection: { fg: 231, bg: 60, fg16: 0, bg16: 7, plainInverse: true },
  secure: { fg: 77, fg16: 10 },
  alarm: { fg: 231, bg: 160, fg16: 15, bg16: 1, bold: true, plainInverse: true, plainBold: true },
  nick0: { fg: 110, fg16: 12 },
  nick1: { fg: 173, fg16: 3 },
  nick2: { fg: 108, fg16: 2 },
  nick3: { fg: 140, fg16: 13 },
  nick4: { fg: 80, fg16: 14 },
  nick5: { fg: 185, fg16: 11 },
  nick6: { fg: 175, fg16: 5 },
  nick7: { fg: 150, fg16: 10 },
};

/** blessed's cell attribute: flags from bit 18, foreground from bit 9, background from bit 0. */
const DEFAULT_COLOR = 0x1ff;
const BOLD = 1;
const UNDERLINE = 2;
const INVERSE = 8;
export const DEFAULT_ATTRIBUTE = (DEFAULT_COLOR << 9) | DEFAULT_COLOR;

/** With eight colours the bright ones are the others in bold, and bright black would be black on black. */
function reduced(color: number | undefined, level: ColorLevel): number {
  if (color === undefined || (level === 8 && color === 8)) return DEFAULT_COLOR;
  return level === 8 && color > 8 ? color - 8 : color;
}

function attribute(style: Style, level: ColorLevel, bold: boolean, underline: boolean): number {
  if (level === 0) {
    const flags =
      (bold || style.plainBold ? BOLD : 0) |
      (underline || style.plainUnderline ? UNDERLINE : 0) |
      (style.plainInverse ? INVERSE : 0);
    return (flags << 18) | DEFAULT_ATTRIBUTE;
  }
  const fg = level === 256 ? (style.fg ?? DEFAULT_COLOR) : reduced(style.fg16, level);
  const bg = level === 256 ? (style.bg ?? DEFAULT_COLOR) : reduced(style.bg16, level);
  const flags = (bold || style.bold ? BOLD : 0) | (underline || style.underline ? UNDERLINE : 0);
  return (flags << 18) | (fg << 9) | bg;
}

/** A theme at one level, as attributes. */
export type Palette = (run: Pick<Run, 'role' | 'bold' | 'underline'>) => number;

export function paletteOf(theme: Theme, level: ColorLevel): Palette {
  const known = new Map<string, number>();
  return ({ role, bold = false, underline = false }) => {
    const key = `${role}${bold ? '!' : ''}${underline ? '_' : ''}`;
    const value = known.get(key) ?? attribute(theme[role], level, bold, underline);
    known.set(key, value);
    return value;
  };
}
