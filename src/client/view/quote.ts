/** What a message answers, in one line: its beginning. */
import type { Seq } from '../../base/ids.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { truncate } from '../../base/text/wrap.ts';
import { isIgnored } from '../core/ignored.ts';
import type { State, Tab } from '../core/state.ts';
import type { Row } from './cells.ts';
import { run } from './runs.ts';
import type { Signs } from './signs.ts';

/** UTF-16 units of a text that are looked at for one cell of its beginning: marks take no cell. */
const UNITS_A_CELL = 8;

/** `carol: looks like the disk`, in at most so many cells. */
export function quoted({ ignored }: State, tab: Tab, seq: Seq, width: number, ellipsis: string): string {
  const { log, far } = tab;
  const entry = far?.log.find(seq) ?? log.find(seq);
  if (entry === undefined) {
    const isGone = tab.kind === 'room' && seq < tab.first;
    return truncate(isGone ? 'a message that is no longer kept' : 'an older message', width, ellipsis);
  }
  const { from, text, deleted } = entry;
  if (isIgnored(ignored, from)) return truncate('a message that is left out', width, ellipsis);
  if (deleted === true) return truncate(`a deleted message of ${from}`, width, ellipsis);
  return truncate(`${from}: ${sanitizeLine(text.slice(0, width * UNITS_A_CELL))}`, width, ellipsis);
}

/** Above the text of the answer; always one row. What answers us calls us, as our name does. */
export function quoteRow(state: State, tab: Tab, seq: Seq, width: number, { answers, ellipsis }: Signs): Row {
  const text = quoted(state, tab, seq, Math.max(0, width - 2), ellipsis);
  const own = state.self?.name ?? '';
  const lead = run(truncate(`${answers} `, width, ''), 'dim');
  if (own === '' || !text.startsWith(`${own}: `)) return [lead, run(text, 'dim')];
  return [lead, run(own, 'mention', { bold: true }), run(text.slice(own.length), 'dim')];
}
