/** The reactions to a message: at the right of its last line, or below it. Own ones stand in brackets. */
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import type { MessageEntry } from '../core/message-log.ts';
import { type Counted, countedReactions, FREQUENT } from '../core/reactions.ts';
import type { State } from '../core/state.ts';
import type { Row, Run } from './cells.ts';
import { rowWidth, run, spaces } from './runs.ts';
import { ASCII_SIGNS, type Signs } from './signs.ts';

/** Cells between two reactions. */
const GAP = 2;
/** Cells between a text and the reactions beside it, at least. */
const BESIDE_GAP = 2;

/** As wide as the emoji itself, so that the layout is the same. The terminal shows others as it can. */
const standIn = (emoji: string): string | undefined => FREQUENT.find((one) => one.emoji === emoji)?.ascii;

function words({ emoji, count, own }: Counted, ascii: boolean): string {
  const text = `${(ascii ? standIn(emoji) : undefined) ?? sanitizeLine(emoji)} ${count}`;
  return own ? `[${text}]` : text;
}

/** As many as fit, and how many don't. */
function rowOf(counted: readonly Counted[], width: number, ascii: boolean): Row {
  const runs: Run[] = [];
  let room = width;
  for (const [index, one] of counted.entries()) {
    const text = words(one, ascii);
    const gap = index === 0 ? 0 : GAP;
    const rest = counted.length - index - 1;
    const more = rest > 0 ? GAP + textWidth(`+${rest}`) : 0;
    if (gap + textWidth(text) + more > room) {
      const left = run(`${' '.repeat(gap)}+${rest + 1}`, 'dim');
      return left.width <= room ? [...runs, left] : runs;
    }
    if (gap > 0) runs.push(spaces(gap));
    runs.push(one.own ? run(text, 'self', { bold: true }) : run(text, 'dim'));
    room -= gap + textWidth(text);
  }
  return runs;
}

/** The rows of a message's text with its reactions. How many rows there are is the same for every set of signs. */
export function withReactions(
  state: State,
  entry: MessageEntry,
  rows: readonly Row[],
  width: number,
  signs: Signs,
): readonly Row[] {
  if (entry.reactions === undefined) return rows;
  const counted = countedReactions(state, entry);
  if (counted.length === 0) return rows;
  const ascii = signs === ASCII_SIGNS;
  const last = rows.at(-1) ?? [];
  const whole = rowOf(counted, Number.POSITIVE_INFINITY, ascii);
  const gap = width - rowWidth(last) - rowWidth(whole);
  if (gap < BESIDE_GAP) return [...rows, rowOf(counted, width, ascii)];
  return [...rows.slice(0, -1), [...last, spaces(gap), ...whole]];
}
