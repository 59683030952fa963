/** The pane's head: what the room is about, or who reads what is written here. */
import { longDuration } from '../../base/duration.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import { truncate } from '../../base/text/wrap.ts';
import { activeTab, tabName } from '../core/lookup.ts';
import type { Role, Row, Run } from './cells.ts';
import { foldWords, type Part, partsWidth } from './fold-words.ts';
import type { Layout } from './log-rows.ts';
import { chatWords, type HeadWords, personWords } from './private-words.ts';
import { type Emphasis, fit, run, spaces } from './runs.ts';
import { typingWords, withTyping } from './typing-words.ts';

/** Cells of a name that is kept beside the words, however scarce the room; the tab bar has all of it. */
const NAME_CELLS = 10;
/** Cells between two parts: ` · `; where even the shortest words don't fit, a blank does. */
const GAP = 3;
/** Blanks before what stands at the right edge, and behind it. */
const TAIL_GAP = 3;

/** Of several panes, the one that has the keyboard stands out; it has the input line, too. */
const nameStyle = ({ state, tab }: Layout): readonly [Role, Emphasis] =>
  tab === activeTab(state) ? ['accent', { bold: true }] : ['text', {}];

export function headRow(layout: Layout): Row {
  const { state, tab, geometry } = layout;
  if (tab.kind === 'chat') return privateRow(layout, chatWords(state, tab));
  if (tab.kind === 'person') return privateRow(layout, personWords(state, tab));
  const name = run(` ${tabName(tab)}`, ...nameStyle(layout));
  const slow = tab.slow > 0 ? `  slow: once in ${longDuration(tab.slow)}` : '';
  const room = geometry.headWidth - name.width - textWidth(slow) - 3;
  const topic = truncate(sanitizeLine(tab.topic), Math.max(0, room), layout.signs.ellipsis);
  const row = [name, run(slow, 'unread'), run(topic === '' ? '' : `  ${topic}`, 'dim')];
  // Where no rule above the input says who is writing, it is said here.
  const words = geometry.rule ? '' : typingWords(state, tab);
  return words === '' ? fit(row, geometry.headWidth) : withTyping(row, words, geometry.headWidth, layout.signs);
}

function joined(parts: readonly Part[], between: Run): Run[] {
  return parts.flatMap(({ text, role, bold }, index) => {
    const piece = run(text, role, bold === true ? { bold } : {});
    return index === 0 ? [piece] : [between, piece];
  });
}

function privateRow(layout: Layout, { parts, tail, alarm }: HeadWords): Row {
  const { tab, geometry, signs } = layout;
  const width = geometry.headWidth;
  const whole = sanitizeLine(tabName(tab));
  const most = Math.max(NAME_CELLS, Math.floor(width / 3));
  const room = width - 3 - Math.min(textWidth(whole), most);
  // The tail gives way before the words do, so it is folded with them.
  const folded = foldWords([...parts, tail], room, GAP);
  const right = folded.at(-1)?.text ?? '';
  const words = folded.slice(0, -1).filter(({ text }) => text !== '');
  const tight = partsWidth(words, GAP) > room;
  const gap = tight ? 1 : GAP;
  const left = width - 3 - partsWidth(words, gap) - (right === '' ? 0 : TAIL_GAP + textWidth(right));
  const name = truncate(whole, Math.max(0, Math.min(left, most)), signs.ellipsis);
  const row: Row = [
    spaces(1),
    run(name, ...(alarm ? (['alarm', { bold: true }] as const) : nameStyle(layout))),
    spaces(2),
    ...joined(words, tight ? spaces(1) : run(` ${signs.notice} `, 'dim')),
  ];
  const used = row.reduce((sum, each) => sum + each.width, 0);
  const end: Row = right === '' ? [] : [spaces(width - used - textWidth(right) - 1), run(right, tail.role)];
  const head = fit([...row, ...end], width);
  return alarm ? head.map((each): Run => ({ ...each, role: 'alarm' })) : head;
}
