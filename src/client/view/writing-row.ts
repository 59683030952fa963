/** The row above the input that says what the keys, or the line, are for now: message mode, an answer, a correction. */
import { linksIn } from '../../base/text/links.ts';
import { sanitizeLine, sanitizeText } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import { truncate } from '../../base/text/wrap.ts';
import { forbidden } from '../core/change-request.ts';
import { activeTab, keyFor, logOf } from '../core/lookup.ts';
import { FREQUENT } from '../core/reactions.ts';
import type { Pick, State, Tab, Writing } from '../core/state.ts';
import type { Row } from './cells.ts';
import { quoted } from './quote.ts';
import { run, spaces } from './runs.ts';
import { ASCII_SIGNS, type Signs } from './signs.ts';

/** Cells of a text before its tail that still say something. */
const LEAST_TEXT = 16;

export function hasWritingRow(state: State): boolean {
  const { pick, writing } = activeTab(state);
  return state.prompt === undefined && (pick !== undefined || writing !== undefined);
}

/** Of the active tab; nothing where it has none. */
export function writingRow(state: State, width: number, signs: Signs): Row {
  const tab = activeTab(state);
  const room = Math.max(0, width - 2);
  const words =
    tab.pick === undefined
      ? tab.writing === undefined
        ? ''
        : writingWords(state, tab, tab.writing, room, signs)
      : pickWords(state, tab, tab.pick, room, signs);
  return [spaces(1), run(truncate(words, room, signs.ellipsis), 'accent')];
}

/** A text that is cut where the room is scarce, and what follows on it, the longest first; at last nothing. */
function withTail(room: number, tails: readonly string[], text: (width: number) => string): string {
  const tail = tails.find((one) => textWidth(one) + LEAST_TEXT <= room) ?? '';
  return text(room - textWidth(tail)) + tail;
}

function writingWords(state: State, tab: Tab, writing: Writing, room: number, { ellipsis }: Signs): string {
  const leave = keyFor(state, 'cancel');
  if (writing.kind === 'reply') {
    const head = 'replying to ';
    return withTail(room, [`  (${leave} drops it)`, `  (${leave})`], (width) => {
      return head + quoted(state, tab, writing.to, Math.max(0, width - head.length), ellipsis);
    });
  }
  const old = sanitizeLine(logOf(tab).find(writing.seq)?.text ?? '');
  const send = keyFor(state, 'send');
  const tails = [`  (${send} changes it, ${leave} gives it up)`, `  (${leave} gives it up)`, `  (${leave})`];
  return withTail(room, tails, (width) => truncate(`correcting: ${old}`, width, ellipsis));
}

function pickWords(state: State, tab: Tab, pick: Pick, room: number, signs: Signs): string {
  switch (pick.step) {
    case 'walk':
      return keyWords(state, tab, pick, room);
    case 'delete':
      return 'delete this message?  y deletes it  n keeps it';
    case 'react':
      return reactWords(pick, room, signs === ASCII_SIGNS);
  }
}

/** What can be done with the message that the keys stand on; as many as there is room for. */
function keyWords(state: State, tab: Tab, pick: Pick, room: number): string {
  const entry = logOf(tab).find(pick.seq);
  const leave = `${keyFor(state, 'cancel')} back`;
  if (entry === undefined) return leave;
  const may = (what: 'edit' | 'delete' | 'react'): boolean => forbidden(state, tab, entry, what) === undefined;
  const words = [
    ...(may('react') ? ['r reply', '+ react'] : []),
    ...(may('edit') ? ['e correct'] : []),
    ...(may('delete') ? ['d delete'] : []),
    ...(entry.deleted === true ? [] : ['c copy']),
    ...(linksIn(sanitizeText(entry.text)).length > 0 ? ['o copy link'] : []),
    ...(entry.re === undefined ? [] : ['u what it answers']),
    `${keyFor(state, 'history-previous')} ${keyFor(state, 'history-next')}`,
  ];
  while (words.length > 0 && textWidth([...words, leave].join('  ')) > room) words.pop();
  return [...words, leave].join('  ');
}

function reactWords({ typed, offered }: Pick, room: number, ascii: boolean): string {
  if (typed === '') {
    const numbered = FREQUENT.map(({ name, emoji }, index) => `${index + 1} ${ascii ? `:${name}:` : emoji}`);
    const tail = 'or a name';
    while (numbered.length > 0 && textWidth([...numbered, tail].join('  ')) > room) numbered.pop();
    return [...numbered, tail].join('  ');
  }
  const words = [
    `react with: ${typed}`,
    ...offered.map(({ name, emoji }) => (ascii ? `:${name}:` : `${emoji} ${name}`)),
  ];
  while (words.length > 1 && textWidth(words.join('   ')) > room) words.pop();
  return words.join('   ');
}
