/**
 * Colours as numbers, and what can be computed of them. Sources: WCAG 2.2 (relative luminance, contrast ratio), Björn
 * Ottosson's OKLab (2020), in which equal distances look about equal, and xterm's palette of 256.
 */

/** 0xrrggbb. */
export type Rgb = number;

/** Of the 256 of xterm, or `RGB` and 0xrrggbb: as a theme names it, before it is reduced to what a terminal has. */
export type Color = number;

/** What tells a colour of its own from one of the 256. */
const RGB = 0x1_00_00_00;
/** The first of the 256 whose look is not the user's own business. */
const FIRST_FIXED = 16;
const PALETTE_SIZE = 256;

export const BLACK: Rgb = 0x000000;
export const WHITE: Rgb = 0xffffff;

export const fromRgb = (rgb: Rgb): Color => RGB + rgb;
/** @returns undefined for a colour that is none of the 256. */
export const indexOf = (color: Color): number | undefined => (color < RGB ? color : undefined);

/** The sixteen as xterm has them, and as the Linux console (VGA) has: what is legible in both is legible in most. */
const XTERM_16: readonly Rgb[] = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
  0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];
const VGA_16: readonly Rgb[] = [
  0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555, 0xff5555, 0x55ff55,
  0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
];
/** Of each side of xterm's cube of 6 x 6 x 6. */
const CUBE = [0, 95, 135, 175, 215, 255] as const;
const CUBE_SIDE = CUBE.length;
const FIRST_GREY = FIRST_FIXED + CUBE_SIDE ** 3;

const level = (at: number): number => CUBE[at % CUBE_SIDE] ?? 0;

/** How one of the 256 looks; of the first sixteen, how it looks to xterm's users who have changed nothing. */
export function paletteRgb(index: number): Rgb {
  const base = XTERM_16[index];
  if (base !== undefined) return base;
  if (index >= FIRST_GREY) return (8 + 10 * (index - FIRST_GREY)) * 0x010101;
  const at = index - FIRST_FIXED;
  return (level(Math.floor(at / CUBE_SIDE ** 2)) << 16) | (level(Math.floor(at / CUBE_SIDE)) << 8) | level(at);
}

export const rgbOf = (color: Color): Rgb => (color < RGB ? paletteRgb(color) : color - RGB);

/** sRGB's transfer function, of 0 to 255: light as a share of the brightest. */
function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

const channels = (rgb: Rgb): [red: number, green: number, blue: number] => [
  linear(rgb >> 16),
  linear((rgb >> 8) & 0xff),
  linear(rgb & 0xff),
];

function luminance(rgb: Rgb): number {
  const [red, green, blue] = channels(rgb);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 (the same) to 21 (black on white). */
export const contrast = (one: Rgb, other: Rgb): number => ratio(luminance(one), luminance(other));

function ratio(one: number, other: number): number {
  const [a, b] = [one + 0.05, other + 0.05];
  return a > b ? a / b : b / a;
}

export const isDark = (rgb: Rgb): boolean => contrast(rgb, WHITE) > contrast(rgb, BLACK);

/** Lightness from 0 to 1, and two axes on which colours lie up to about 0.3 from grey. */
export interface Lab {
  readonly light: number;
  readonly a: number;
  readonly b: number;
}

export function labOf(rgb: Rgb): Lab {
  const [red, green, blue] = channels(rgb);
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return {
    light: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

/** @param hue degrees. */
export const labAt = (light: number, chroma: number, hue: number): Lab => ({
  light,
  a: chroma * Math.cos((hue * Math.PI) / 180),
  b: chroma * Math.sin((hue * Math.PI) / 180),
});

/** Not by `Math.hypot`, which takes ten times as long. */
export const distance = (one: Lab, other: Lab): number =>
  Math.sqrt((one.light - other.light) ** 2 + (one.a - other.a) ** 2 + (one.b - other.b) ** 2);

/** What is asked of a colour that stands for another: at least this contrast on that ground. */
export interface Legible {
  readonly on: Rgb;
  readonly least: number;
}

interface Fixed {
  readonly lab: Lab;
  readonly luminance: number;
}

let fixed: readonly Fixed[] | undefined;

/** 16 to 255, once something is reduced: the dark theme names only colours of the 256. */
function palette(): readonly Fixed[] {
  fixed ??= Array.from({ length: PALETTE_SIZE - FIRST_FIXED }, (_, at) => {
    const rgb = paletteRgb(FIRST_FIXED + at);
    return { lab: labOf(rgb), luminance: luminance(rgb) };
  });
  return fixed;
}

/**
 * The one of 16 to 255 that looks most like `target`, among those that are legible and not taken; where there is none,
 * the one with the most contrast.
 */
export function nearest256(target: Lab, legible?: Legible, taken?: ReadonlySet<number>): number {
  let best: number | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  let clearest = FIRST_FIXED;
  let most = 0;
  const ground = legible === undefined ? 0 : luminance(legible.on);
  for (const [at, each] of palette().entries()) {
    const index = FIRST_FIXED + at;
    if (taken?.has(index) === true) continue;
    const far = distance(target, each.lab);
    if (legible === undefined) {
      if (far >= bestDistance) continue;
    } else {
      const has = ratio(each.luminance, ground);
      if (has > most) [clearest, most] = [index, has];
      if (has < legible.least || far >= bestDistance) continue;
    }
    [best, bestDistance] = [index, far];
  }
  return best ?? clearest;
}

/** Chroma below which a colour is a grey to the eye: of very light and very dark ones, a higher one. */
const GREY_BELOW = 0.035;
const PALE_BELOW = 0.08;
const PALE_FROM = 0.8;
const DUSK_UP_TO = 0.35;
/** How much a difference in lightness counts beside one in hue (as a share of pi), where there are only sixteen colours. */
const LIGHT_SHARE = 0.5;
/** Radians of hue: further away is another colour, and would say something else. */
const MAX_HUE = Math.PI / 4;

export function isGrey({ light, a, b }: Lab): boolean {
  return Math.hypot(a, b) < (light > PALE_FROM || light < DUSK_UP_TO ? PALE_BELOW : GREY_BELOW);
}

/** The same, without its colour. */
export const greyOf = ({ light }: Lab): Lab => ({ light, a: 0, b: 0 });

/** From 0 to pi. */
function hueBetween(one: Lab, other: Lab): number {
  const turn = Math.abs(Math.atan2(one.b, one.a) - Math.atan2(other.b, other.a));
  return turn > Math.PI ? 2 * Math.PI - turn : turn;
}

/** How a ground looks to xterm, and to the Linux console. */
export type Looks = readonly [Rgb, Rgb];

export const looks16 = (index: number): Looks => [XTERM_16[index] ?? BLACK, VGA_16[index] ?? BLACK];

/** The contrast that one of the sixteen has at least. */
export function contrast16(index: number, on: Looks): number {
  const [xterm, vga] = looks16(index);
  return Math.min(contrast(xterm, on[0]), contrast(vga, on[1]));
}

/**
 * Of `among`, all of them of the sixteen, the one that comes nearest in hue, then in lightness: none is near in any other
 * way. Greys stay greys. Undefined where there is none that is legible, or none of that hue.
 */
export function nearest16(target: Lab, among: readonly number[], on: Looks, least: number): number | undefined {
  const grey = isGrey(target);
  let best: number | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const index of among) {
    const lab = labOf(looks16(index)[0]);
    if (isGrey(lab) !== grey || contrast16(index, on) < least) continue;
    const hue = grey ? 0 : hueBetween(target, lab);
    const far = hue / Math.PI + LIGHT_SHARE * Math.abs(target.light - lab.light);
    if (hue > MAX_HUE || far >= bestDistance) continue;
    [best, bestDistance] = [index, far];
  }
  return best;
}
