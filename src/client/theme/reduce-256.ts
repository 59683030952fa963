/**
 * A theme in the 240 of xterm's colours that look the same everywhere. What was legible stays so, and text never gets the
 * colour of what it stands on.
 */
import {
  type Color,
  contrast,
  indexOf,
  type Lab,
  labAt,
  labOf,
  nearest256,
  paletteRgb,
  type Rgb,
  rgbOf,
} from './color.ts';
import {
  assumed,
  type CellStyle,
  colorsOf,
  flagsOf,
  type Ground,
  isBlackBetter,
  isMismatch,
  type Reduced,
} from './reduced.ts';
import { LEAST_CONTRAST, type NamedRole, NICK_ROLES, roleInfo } from './roles.ts';
import type { Nicks, Theme } from './theme.ts';

/** Black and white of the cube, and what is written on them where a theme leaves that to the terminal. */
const BLACK = 16;
const WHITE = 231;
const TEXT_ON_DARK = 252;
const TEXT_ON_LIGHT = 235;

const nearest = (color: Color): number => indexOf(color) ?? nearest256(labOf(rgbOf(color)));

function groundOf(theme: Theme, terminalDark: boolean): Ground {
  const { ground, dark } = theme;
  const text = dark ? TEXT_ON_DARK : TEXT_ON_LIGHT;
  if (isMismatch(theme, terminalDark)) return { index: dark ? BLACK : WHITE, text };
  return ground === undefined ? { index: undefined, text: undefined } : { index: nearest(ground), text };
}

const groundRgb = ({ index }: Ground, theme: Theme): Rgb => (index === undefined ? assumed(theme) : paletteRgb(index));

function styleOf(role: NamedRole, theme: Theme, ground: Ground): CellStyle {
  const style = theme.roles[role] ?? {};
  const bg = style.bg === undefined ? ground.index : nearest(style.bg);
  const on = bg === undefined ? groundRgb(ground, theme) : paletteRgb(bg);
  const least = LEAST_CONTRAST[roleInfo(role).kind];
  const clear = isBlackBetter(on) ? BLACK : WHITE;
  const look = (fg: number | undefined): CellStyle => ({ ...flagsOf(style), ...colorsOf(fg, bg) });
  if (style.fg === undefined) {
    // The terminal's own text was made for its own ground.
    const own = ground.text ?? (theme.dark ? WHITE : BLACK);
    return look(contrast(paletteRgb(own), on) < least ? clear : ground.text);
  }
  const index = indexOf(style.fg);
  if (index !== undefined) return look(paletteRgb(index) === on ? clear : index);
  const was = contrast(rgbOf(style.fg), stoodOn(style.bg ?? theme.ground, theme));
  const fg = nearest256(labOf(rgbOf(style.fg)), { on, least: Math.min(least, was) });
  return look(paletteRgb(fg) === on ? clear : fg);
}

const stoodOn = (color: Color | undefined, theme: Theme): Rgb => (color === undefined ? assumed(theme) : rgbOf(color));

/** Each legible and none twice. */
function nickColors(nicks: Nicks, on: Rgb): number[] {
  const legible = { on, least: nicks.contrast };
  const taken = new Set<number>();
  for (const target of nickTargets(nicks)) {
    const own = typeof target === 'number' ? indexOf(target) : undefined;
    const isFit = own !== undefined && contrast(paletteRgb(own), on) >= nicks.contrast && !taken.has(own);
    taken.add(isFit ? own : nearest256(typeof target === 'number' ? labOf(rgbOf(target)) : target, legible, taken));
  }
  return [...taken];
}

/** At most as many as there are roles of names. */
const nickTargets = (nicks: Nicks): readonly (Color | Lab)[] =>
  nicks.kind === 'list'
    ? nicks.list.slice(0, NICK_ROLES.length)
    : NICK_ROLES.map((_, at) => labAt(nicks.light, nicks.chroma, nicks.from + (360 * at) / NICK_ROLES.length));

export function reduceTo256(theme: Theme, terminalDark: boolean): Reduced {
  const ground = groundOf(theme, terminalDark);
  const { nicks } = theme;
  return {
    style: (role) => styleOf(role, theme, ground),
    nicks: () =>
      nicks === undefined ? [] : nickColors(nicks, groundRgb(ground, theme)).map((fg) => colorsOf(fg, ground.index)),
  };
}
