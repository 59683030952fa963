/** Themes as the core asks for them, and as they are found on the disk. */
import type { Theme } from './theme.ts';

export type ThemeAsk =
  /** All of them, to be looked at. */
  | { readonly kind: 'list' }
  | { readonly kind: 'name'; readonly name: string }
  /** The one that is shown, from its file once more. */
  | { readonly kind: 'reload'; readonly name: string }
  /** What a start without a choice would take, from now on. */
  | { readonly kind: 'auto' }
  /** What this start takes, or would take now that the terminal has said what its ground is: nobody has asked for it. */
  | { readonly kind: 'start' };

export interface ThemeFound {
  readonly name: string;
  /** From the person's own folder, not one of ours. */
  readonly own: boolean;
  /** Undefined: nothing can be made of its file. */
  readonly theme: Theme | undefined;
  /** What is wrong with it, each with its place: `FILE:LINE:COLUMN: …`. With a theme: what was left out. */
  readonly faults: readonly string[];
}

/** The list of themes while somebody goes through it. */
export interface ThemePreview {
  readonly found: readonly ThemeFound[];
  /** Into `found`: the one that is shown, where anything can be made of it. */
  readonly at: number;
  /** What Esc goes back to. */
  readonly before: Theme;
}

/** The theme of the screen. */
export interface Themes {
  readonly shown: Theme;
  /** What there is, as far as is known, to complete the names. */
  readonly names: readonly string[];
  readonly preview: ThemePreview | undefined;
}
