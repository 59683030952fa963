/** What is to be shown, before any terminal. */
import type { Rect, Size } from './layout.ts';

/** Colour only underlines what the words say. `bar`: reversed. */
export type Style = 'plain' | 'strong' | 'good' | 'warn' | 'bad' | 'bar';

/** Sanitised text. */
export interface Run {
  readonly text: string;
  readonly style: Style;
}

export type Row = readonly Run[];

/** A box with a border and a title in it. Rows that don't fit are cut off. */
export interface Panel {
  readonly rect: Rect;
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Chart {
  /** Inside its panel's border. */
  readonly rect: Rect;
  /** Of equal times, which together are `CHART_SECONDS`; the newest last. */
  readonly values: readonly number[];
  /** Where the axis ends; at least every value. */
  readonly top: number;
}

export interface Frame {
  readonly size: Size;
  /** Whole rows without a border. */
  readonly bars: readonly { readonly y: number; readonly row: Row }[];
  /** A later one lies over an earlier one. */
  readonly panels: readonly Panel[];
  readonly charts: readonly Chart[];
  /** Where something is being written; else there is no cursor to be seen. */
  readonly cursor?: { readonly x: number; readonly y: number };
}

export const run = (text: string, style: Style = 'plain'): Run => ({ text, style });
