/** Who is writing just now. It stands where there are cells anyway, so that no message moves when somebody begins. */
import { truncate } from '../../base/text/wrap.ts';
import { isIgnored } from '../core/ignored.ts';
import type { State, Tab } from '../core/state.ts';
import type { Row } from './cells.ts';
import { clip, run, spaces, spread } from './runs.ts';
import type { Signs } from './signs.ts';

/** People who are named; more are counted. */
const MAX_NAMED = 2;

/** Who is writing in a tab: `carol and dave are typing`; empty where nobody is. */
export function typingWords({ ignored }: State, { typing }: Tab): string {
  const names = typing.map(({ name }) => name).filter((name) => !isIgnored(ignored, name));
  if (names.length === 0) return '';
  if (names.length > MAX_NAMED) return `${names.length} people are typing`;
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} typing`;
}

/** The rule above the input, with the words in it: `─ carol is typing ─────`. */
export function typingRule(words: string, width: number, { horizontal, ellipsis }: Signs): Row {
  const text = run(truncate(words, Math.max(0, width - 4), ellipsis), 'notice');
  if (text.width === 0) return [run(horizontal.repeat(width), 'border')];
  const rest = run(horizontal.repeat(width - text.width - 3), 'border');
  return [run(horizontal, 'border'), spaces(1), text, spaces(1), rest];
}

/** A head with the words at its right; the head gives way. */
export function withTyping(row: Row, words: string, width: number, { ellipsis }: Signs): Row {
  const right = words === '' ? [] : [run(truncate(words, Math.max(0, width - 2), ellipsis), 'notice'), spaces(1)];
  const taken = right.reduce((sum, piece) => sum + piece.width, 0);
  return spread(clip(row, Math.max(0, width - taken - 2)), right, width);
}
