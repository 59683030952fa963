/** The lines between panes, joined where they meet. */
import type { Border } from '../core/panes/arrange.ts';
import type { PaneLayout } from './pane-layout.ts';
import type { Signs } from './signs.ts';

/** A piece of a border, on one screen row. */
export interface BorderPiece {
  readonly x: number;
  readonly y: number;
  /** As many cells as signs. */
  readonly text: string;
}

interface Cached {
  readonly signs: Signs;
  readonly pieces: readonly BorderPiece[];
}

const cache = new WeakMap<PaneLayout, Cached>();

/** @returns pieces of one or more cells; they don't overlap. */
export function borderPieces(layout: PaneLayout, signs: Signs): readonly BorderPiece[] {
  const cached = cache.get(layout);
  if (cached?.signs === signs) return cached.pieces;
  const pieces = layout.borders.flatMap((border) => piecesOf(border, layout.borders, signs));
  cache.set(layout, { signs, pieces });
  return pieces;
}

const isAcross = ({ split }: Border): boolean => split.axis === 'across';

/** Whether a vertical line ends on, or begins at, the cell above or below a horizontal one. */
function piecesOf(border: Border, all: readonly Border[], signs: Signs): BorderPiece[] {
  const { x, y, width, height } = border.rect;
  if (isAcross(border)) {
    const lines = all.filter((other) => !isAcross(other));
    return Array.from({ length: height }, (_, i) => {
      const row = lines.filter(({ rect }) => rect.y === y + i);
      const left = row.some(({ rect }) => rect.x + rect.width === x);
      const right = row.some(({ rect }) => rect.x === x + 1);
      const { vertical, joint, fork, cross } = signs;
      return { x, y: y + i, text: left ? (right ? cross : joint) : right ? fork : vertical };
    });
  }
  const lines = all.filter(isAcross);
  const cells = Array.from({ length: width }, (_, i) => {
    const column = lines.filter(({ rect }) => rect.x === x + i);
    const above = column.some(({ rect }) => rect.y + rect.height === y);
    const below = column.some(({ rect }) => rect.y === y + 1);
    const { horizontal, foot, top, cross } = signs;
    return above ? (below ? cross : foot) : below ? top : horizontal;
  });
  return [{ x, y, text: cells.join('') }];
}
