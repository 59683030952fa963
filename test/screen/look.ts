/** How a piece of text looks on a terminal: its colours and what is done to them. */
import type { Terminal } from '@xterm/headless';

export interface CellLook {
  /** Of the 256; undefined: the terminal's own. */
  readonly fg: number | undefined;
  readonly bg: number | undefined;
  /** `bold underline inverse`, whatever of them. */
  readonly marks: string;
}

function lookAt(terminal: Terminal, x: number, y: number): CellLook {
  const { active } = terminal.buffer;
  const cell = active.getLine(active.baseY + y)?.getCell(x);
  if (cell === undefined) throw new Error(`no cell ${x}, ${y}`);
  const marks = [cell.isBold() && 'bold', cell.isUnderline() && 'underline', cell.isInverse() && 'inverse'];
  // Of a blank only the ground is seen, so it may still have the colour of what stood there.
  const isBlank = cell.getChars().trim() === '';
  return {
    fg: isBlank || cell.isFgDefault() ? undefined : cell.getFgColor(),
    bg: cell.isBgDefault() ? undefined : cell.getBgColor(),
    marks: marks.filter(Boolean).join(' '),
  };
}

/** The look of a text's first character, where it first stands; what stands before it in its row is narrow. */
export function lookOf(terminal: Terminal, text: string): CellLook {
  const { active } = terminal.buffer;
  for (let y = 0; y < terminal.rows; y += 1) {
    const x =
      active
        .getLine(active.baseY + y)
        ?.translateToString(false)
        .indexOf(text) ?? -1;
    if (x >= 0) return lookAt(terminal, x, y);
  }
  throw new Error(`not on the screen: ${text}`);
}

/** Of every cell, row by row. */
export const looks = (terminal: Terminal): readonly CellLook[] =>
  Array.from({ length: terminal.rows }, (_, y) => y).flatMap((y) =>
    Array.from({ length: terminal.cols }, (_, x) => lookAt(terminal, x, y)),
  );
