/**
 * A theme in the sixteen colours that each terminal has its own idea of, or in eight of them. A colour is legible here
 * where it is in the two palettes that differ most, xterm's and the Linux console's. With eight, the bright ones are the
 * others in bold.
 */
import {
  BLACK,
  type Color,
  contrast16,
  greyOf,
  indexOf,
  isGrey,
  type Looks,
  labOf,
  looks16,
  nearest16,
  rgbOf,
  WHITE,
} from './color.ts';
import { type CellStyle, colorsOf, flagsOf, type Ground, isMismatch, type Reduced } from './reduced.ts';
import { type NamedRole, roleInfo } from './roles.ts';
import type { Style, Theme } from './theme.ts';

/** Of the sixteen. */
const BLACK_16 = 0;
const CYAN = 6;
const GREY = 7;
const BRIGHT_BLACK = 8;
const BRIGHT_BLUE = 12;
const WHITE_16 = 15;
/** The bright one of a colour is so much further. */
const BRIGHT = 8;
const ALL = Array.from({ length: 16 }, (_, index) => index);
const EIGHT = ALL.slice(0, BRIGHT);

type Kind = ReturnType<typeof roleInfo>['kind'];

/** Contrast that is wanted. */
const WANTED = { text: 4.5, quiet: 2 } as const;
/** And that will do for colours: with more, neither palette would have a blue on black, or a red on grey. */
const LEAST = { text: 3, quiet: 2 } as const;

/** A terminal's colours, by what they are for. */
interface Colors {
  /** Text on dark, and on light; of the eight only dark grounds have bright ones, in bold. */
  readonly onDark: readonly number[];
  readonly onLight: readonly number[];
  readonly grounds: readonly number[];
  readonly white: number;
}

/** The bright ones are for dark grounds, whatever a palette makes of them. */
const ON_LIGHT = ALL.filter((index) => index <= BRIGHT_BLACK || index === WHITE_16);
const SIXTEEN_COLORS: Colors = { onDark: ALL, onLight: ON_LIGHT, grounds: ALL, white: WHITE_16 };
const EIGHT_COLORS: Colors = {
  // Where bold makes nothing brighter, bright black is black on black. White would make most of the screen bold.
  onDark: ALL.filter((index) => index !== BRIGHT_BLACK && index !== WHITE_16),
  onLight: EIGHT,
  grounds: EIGHT,
  white: GREY,
};

const isDarkGround = (on: Looks): boolean => contrast16(WHITE_16, on) > contrast16(BLACK_16, on);

class Reduction implements Reduced {
  readonly #theme: Theme;
  readonly #colors: Colors;
  readonly #ground: Ground;

  constructor(theme: Theme, colors: Colors, terminalDark: boolean) {
    this.#theme = theme;
    this.#colors = colors;
    this.#ground = this.#groundOf(isMismatch(theme, terminalDark));
  }

  #groundOf(isMismatched: boolean): Ground {
    const { ground, dark } = this.#theme;
    if (ground === undefined && !isMismatched) return { index: undefined, text: undefined };
    const own = ground === undefined ? undefined : indexOf(ground);
    const painted = dark ? BLACK_16 : this.#colors.white;
    const index = own !== undefined && this.#colors.grounds.includes(own) ? own : painted;
    return { index, text: dark ? GREY : BLACK_16 };
  }

  #looks(bg: number | undefined): Looks {
    if (bg !== undefined) return looks16(bg);
    return this.#theme.dark ? [BLACK, BLACK] : [WHITE, WHITE];
  }

  #clear(on: Looks): number {
    const { white } = this.#colors;
    return contrast16(white, on) > contrast16(BLACK_16, on) ? white : BLACK_16;
  }

  /** What differs from the theme's own ground still does. */
  #bar(color: Color): number {
    const { grounds, white } = this.#colors;
    const own = indexOf(color);
    if (own !== undefined && own < ALL.length) return grounds.includes(own) ? own : own - BRIGHT;
    const main = this.#ground.index ?? (this.#theme.dark ? BLACK_16 : white);
    const others = grounds.filter((index) => index !== main);
    const found = nearest16(labOf(rgbOf(color)), others, this.#looks(undefined), 0);
    return found ?? (main === BLACK_16 ? GREY : BLACK_16);
  }

  /** What doesn't call has no colour: of the sixteen, none is quiet. */
  #text(color: Color, on: Looks, kind: Kind, isBar: boolean): number {
    const own = labOf(rgbOf(color));
    const target = kind === 'quiet' ? greyOf(own) : own;
    const { onDark, onLight } = this.#colors;
    const among = isDarkGround(on) ? onDark : onLight;
    const found = nearest16(target, among, on, WANTED[kind]);
    // Of greys one is always clear; and what stands on a bar calls enough by that.
    if (found !== undefined || isBar || isGrey(target)) return found ?? this.#clear(on);
    return nearest16(target, among, on, LEAST[kind]) ?? this.#clear(on);
  }

  /** As the terminal is told, which with eight colours has the bright ones by bold alone. */
  #told(fg: number | undefined, bg: number | undefined, on: Looks, kind: Kind): CellStyle {
    if (fg === undefined) return colorsOf(undefined, bg);
    if (this.#colors === EIGHT_COLORS && fg >= BRIGHT) {
      // Nor can blue be read on black then.
      const told = fg === BRIGHT_BLUE ? CYAN : fg - BRIGHT;
      return told === bg ? colorsOf(this.#clear(on), bg) : { ...colorsOf(told, bg), bold: true };
    }
    const isLost = fg < BRIGHT && contrast16(fg + BRIGHT, on) < LEAST[kind];
    return { ...colorsOf(fg, bg), ...(isLost ? { neverBold: true } : {}) };
  }

  readonly style = (role: NamedRole): CellStyle => {
    const own = this.#theme.roles16[role];
    const style: Style = own ?? this.#theme.roles[role] ?? {};
    const { kind } = roleInfo(role);
    const bg = style.bg === undefined ? this.#ground.index : this.#bar(style.bg);
    const on = this.#looks(bg);
    const fg = style.fg === undefined ? this.#unsaid(on, kind) : this.#said(style.fg, bg, kind, style.bg !== undefined);
    return { ...this.#told(fg, bg, on, kind), ...flagsOf(style) };
  };

  /** The terminal's own text was made for its own ground. */
  #unsaid(on: Looks, kind: Kind): number | undefined {
    const text = this.#ground.text ?? (this.#theme.dark ? GREY : BLACK_16);
    return contrast16(text, on) < LEAST[kind] ? this.#clear(on) : this.#ground.text;
  }

  #said(color: Color, bg: number | undefined, kind: Kind, isBar: boolean): number | undefined {
    const on = this.#looks(bg);
    const index = indexOf(color);
    if (index === undefined || index >= ALL.length) return this.#text(color, on, kind, isBar);
    // What a theme says of the sixteen it means, however it looks to xterm.
    if (this.#colors === SIXTEEN_COLORS || index < BRIGHT) return index === bg ? this.#clear(on) : index;
    if (!isDarkGround(on)) return this.#text(index - BRIGHT, on, kind, isBar);
    if (index === BRIGHT_BLACK) return isBar ? GREY : this.#ground.text;
    if (index === WHITE_16) return GREY === bg ? BLACK_16 : GREY;
    return index;
  }

  /** All that can be read, but what other text is in; there are too few to have them look like the theme's own. */
  readonly nicks = (): readonly CellStyle[] => {
    if (this.#theme.nicks === undefined) return [];
    const bg = this.#ground.index;
    const on = this.#looks(bg);
    // Names are bold anyway.
    const among = this.#colors === EIGHT_COLORS ? EIGHT : isDarkGround(on) ? ALL : ON_LIGHT;
    return among
      .filter((index) => !isGrey(labOf(looks16(index)[0])) && contrast16(index, on) >= LEAST.text)
      .map((index) => this.#told(index, bg, on, 'text'));
  };
}

export const reduceTo16 = (theme: Theme, level: 16 | 8, terminalDark: boolean): Reduced =>
  new Reduction(theme, level === 8 ? EIGHT_COLORS : SIXTEEN_COLORS, terminalDark);
