/** A theme as the client uses it: what a file holds, checked, with all that it extends taken in. */
import type { Color } from './color.ts';
import type { NamedRole } from './roles.ts';

/** How a role looks; no colour is the theme's own ground, or the terminal's own text. */
export interface Style {
  readonly fg?: Color;
  readonly bg?: Color;
  readonly bold?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

/** Of the twelve colours of names. Each is moved to the nearest colour that has `contrast` on the ground. */
export type Nicks = { readonly contrast: number } & (
  | { readonly kind: 'list'; readonly list: readonly Color[] }
  /** Evenly around the circle of hues, in OKLab: `from` degrees on. */
  | { readonly kind: 'circle'; readonly light: number; readonly chroma: number; readonly from: number }
);

type Styles = Readonly<Partial<Record<NamedRole, Style>>>;

export interface Theme {
  /** What `/theme` calls it: its file's name. */
  readonly name: string;
  /** What it is, in a few words. */
  readonly title: string;
  /** Light text on a dark ground. */
  readonly dark: boolean;
  /** Undefined: the terminal's own. */
  readonly ground: Color | undefined;
  /** Every role, but those that nothing is said of. */
  readonly roles: Styles;
  /** What is to be used instead where there are sixteen colours, or eight; of the sixteen only. */
  readonly roles16: Styles;
  /** Undefined: names have no colours. */
  readonly nicks: Nicks | undefined;
}

/** Whether it has no colours at all, so that it is complete on a terminal without any. */
export const isColourless = ({ ground, roles, nicks }: Theme): boolean =>
  ground === undefined &&
  nicks === undefined &&
  Object.values(roles).every(({ fg, bg }) => fg === undefined && bg === undefined);

/** A theme's name is the name of a file, so it leads nowhere else; `auto` is none. */
export const THEME_NAME = /^(?!auto$)[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;

/** In the order in which they are listed. */
export const SHIPPED = [
  'dark',
  'light',
  'high-contrast',
  'solarized-dark',
  'solarized-light',
  'gruvbox-dark',
  'gruvbox-light',
  'nord',
  'dracula',
  'monochrome',
] as const;
