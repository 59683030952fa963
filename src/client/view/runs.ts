/** Building rows of runs. Text given to `run` has passed the sanitiser. */
import { textWidth } from '../../base/text/width.ts';
import { truncate } from '../../base/text/wrap.ts';
import type { Role, Row, Run } from './cells.ts';

export interface Emphasis {
  readonly bold?: boolean;
  readonly underline?: boolean;
}

export const run = (text: string, role: Role, emphasis: Emphasis = {}): Run => ({
  text,
  width: textWidth(text),
  role,
  ...emphasis,
});

export const spaces = (width: number, role: Role = 'text'): Run => {
  const count = Math.max(0, width);
  return { text: ' '.repeat(count), width: count, role };
};

export const rowWidth = (row: Row): number => row.reduce((sum, { width }) => sum + width, 0);

/** The row's first `width` cells; of a wide character that lies across the edge, nothing. */
export function clip(row: Row, width: number): Row {
  if (rowWidth(row) <= width) return row;
  const kept: Run[] = [];
  let room = width;
  for (const piece of row) {
    if (piece.width <= room) {
      kept.push(piece);
      room -= piece.width;
      continue;
    }
    const text = truncate(piece.text, room, '');
    if (text !== '') kept.push({ ...piece, text, width: textWidth(text) });
    break;
  }
  return kept;
}

/** Exactly `width` cells. */
export function fit(row: Row, width: number, role: Role = 'text'): Row {
  const clipped = clip(row, width);
  const missing = width - rowWidth(clipped);
  return missing > 0 ? [...clipped, spaces(missing, role)] : clipped;
}

/** `left` from the left edge, `right` at the right one, exactly `width` cells; where both don't fit, `left` wins. */
export function spread(left: Row, right: Row, width: number, role: Role = 'text'): Row {
  const gap = width - rowWidth(left) - rowWidth(right);
  return gap >= 1 ? [...left, spaces(gap, role), ...right] : fit(left, width, role);
}

/** ` ──── title ──── `, `width` cells. */
export function rule(title: string, width: number, sign: string, role: Role): Row {
  const inner = width - 2;
  const words = title === '' ? '' : ` ${truncate(title, inner - 4, '')} `;
  const lines = inner - textWidth(words);
  if (lines < 2) return fit([run(truncate(title, width, ''), role)], width);
  const before = Math.floor(lines / 2);
  return [spaces(1), run(sign.repeat(before) + words + sign.repeat(lines - before), role), spaces(1)];
}
