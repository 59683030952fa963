/** The operator's line as one row: as much of it as fits, the cursor always with it. */
import { graphemes } from '../../../base/text/graphemes.ts';
import { sanitizeLine } from '../../../base/text/sanitize.ts';
import { textWidth } from '../../../base/text/width.ts';
import { truncate } from '../../../base/text/wrap.ts';
import { type Row, run } from './frame.ts';

const PROMPT = ' operator> ';
/** The longest that fits; while something is being written the short one, so that it doesn't move with each key. */
const HINTS = ['  F2 people  F3 rooms  F4 connections  F5 log  F1 help  ^C stop ', '  F1 help  ^C stop '];
/** What stands behind the cursor is shown too, on this part of the room. */
const BEHIND_PART = 0.3;

/** What is on the line. `cursor`: a UTF-16 index, between two characters. */
export interface Line {
  readonly text: string;
  readonly cursor: number;
}

/** @returns `cursor`: cells from the left, always less than `width`. */
export function inputRow(line: Line, width: number): { readonly row: Row; readonly cursor: number } {
  const left = textWidth(PROMPT);
  const { text, cursor } = windowOf(line, Math.max(1, width - left));
  // The cursor's own cell lies behind the text at the most.
  const free = width - left - textWidth(text) - 1;
  const wanted = line.text === '' ? HINTS : HINTS.slice(-1);
  const hint = wanted.find((each) => each.length <= free)?.padStart(free + 1) ?? '';
  return {
    row: [run(PROMPT, 'strong'), run(text), run(hint)],
    cursor: Math.max(0, Math.min(width - 1, left + cursor)),
  };
}

interface Part {
  readonly text: string;
  readonly width: number;
}

/** One character at a time, so that each keeps its place: what is hidden as a whole would move the cursor away from it. */
const partsOf = (text: string): Part[] =>
  graphemes(text).map((cluster) => {
    const shown = truncate(sanitizeLine(cluster), 2, '');
    return { text: shown, width: textWidth(shown) };
  });

const cellsOf = (parts: readonly Part[]): number => parts.reduce((sum, { width }) => sum + width, 0);

function windowOf({ text, cursor }: Line, room: number): { readonly text: string; readonly cursor: number } {
  const before = partsOf(text.slice(0, cursor));
  const behind = partsOf(text.slice(cursor));
  let left = cellsOf(before);
  const right = cellsOf(behind);
  // A cell for the cursor at the end of the line.
  const kept = left + right + 1 <= room ? room : room - 1 - Math.min(right, Math.floor(room * BEHIND_PART));
  let first = 0;
  // A cell for the sign that something is cut off.
  while (left + (first > 0 ? 1 : 0) > kept && first < before.length) {
    left -= before[first]?.width ?? 0;
    first += 1;
  }
  const sign = first > 0 ? '…' : '';
  const shown =
    sign +
    before
      .slice(first)
      .map((part) => part.text)
      .join('');
  const rest = room - textWidth(shown);
  const after = behind.map((part) => part.text).join('');
  return { text: shown + truncate(after, rest), cursor: textWidth(shown) };
}
