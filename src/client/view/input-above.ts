/** The rows above the input: a hint, what the line asks or searches, or the candidates of a completion. */
import { countedPlainly } from '../../base/text/number.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { textWidth } from '../../base/text/width.ts';
import { truncate, wrap } from '../../base/text/wrap.ts';
import type { AskMode, SearchMode } from '../core/input-mode.ts';
import { activeTab, tabName } from '../core/lookup.ts';
import { hitIn } from '../core/search-hit.ts';
import type { State, Tab } from '../core/state.ts';
import { keyOf } from '../keys/bound.ts';
import { keyLabel } from '../keys/key-name.ts';
import type { Role } from './cells.ts';
import { hitWords } from './hit-words.ts';

export interface Above {
  readonly text: string;
  /** Something was left out: what stands behind the sign that says so. */
  readonly after?: string;
  readonly role: Role;
}

/** Rows of a question: what doesn't fit in so many is asked in fewer words. */
const MAX_QUESTION_ROWS = 2;

const lines = (text: string, columns: number, role: Role): Above[] =>
  wrap(sanitizeLine(text), Math.max(2, columns - 2)).map((row) => ({ text: row, role }));

/** What stands in brackets at the end of a text: a way out, or how much more there is. */
const ASIDE = / *(\([^()]*\))$/;

/** In as many rows at most; where it is cut, that is to be seen, and what stands in brackets at its end is kept. */
function cutLines(text: string, columns: number, role: Role, most: number): Above[] {
  const all = lines(text, columns, role);
  if (all.length <= most || most < 1) return all.slice(0, Math.max(0, most));
  const width = Math.max(2, columns - 2);
  const aside = ASIDE.exec(sanitizeLine(text))?.[1] ?? '';
  const after = aside !== '' && textWidth(aside) + 3 <= width ? ` ${aside}` : '';
  const kept = all.slice(0, most);
  const last = kept.pop()?.text ?? '';
  const cut = truncate(last, width - 1 - textWidth(after), '').trimEnd();
  return [...kept, { text: cut, after, role }];
}

/** @param most rows that there are for a hint; what is asked stands below it, and is never cut off. */
export function aboveInput(state: State, columns: number, most: number): readonly Above[] {
  const { prompt, hint } = state;
  if (most < 1) return [];
  const cut = (said: { readonly text: string; readonly bad: boolean } | undefined, rows: number): Above[] =>
    said === undefined ? [] : cutLines(said.text, columns, said.bad ? 'error' : 'notice', rows);
  if (prompt !== undefined) return cut(prompt, most);
  const tab = activeTab(state);
  const asked = tab.mode === undefined ? hitLine(state, tab, columns) : modeLines(state, tab, columns);
  if (hint !== undefined || asked.length > 0) return [...cut(hint, most - asked.length), ...asked].slice(-most);
  const { completions, completed } = state;
  return completions.length === 0 ? [] : [{ text: candidates(completions, completed, columns - 2), role: 'dim' }];
}

/** One looks at what was searched for, where it stands. */
function hitLine(state: State, tab: Tab, columns: number): readonly Above[] {
  const { search } = state;
  if (search === undefined || hitIn(state, tab) === undefined) return [];
  return (
    hitWords(state, search)
      .map((text) => lines(text, columns, 'notice'))
      .find(({ length }) => length === 1) ?? []
  );
}

function modeLines(state: State, tab: Tab, columns: number): readonly Above[] {
  const { mode } = tab;
  if (mode === undefined) return [];
  const isAsk = mode.kind === 'ask';
  const role: Role = !isAsk && mode.query !== '' && mode.count === 0 ? 'error' : 'notice';
  const words = isAsk ? askWords(tab, mode) : searchWords(state, mode);
  const wordings = words.map((text) => lines(text, columns, role));
  const most = isAsk ? MAX_QUESTION_ROWS : 1;
  // What says all is worth two rows, but where it can be said in one, with a word less, that is easier to read.
  const oneRow = wordings.slice(0, isAsk ? COMPLETE_WORDINGS : undefined).find(({ length }) => length === 1);
  return oneRow ?? wordings.find(({ length }) => length <= most) ?? wordings.at(-1)?.slice(0, most) ?? [];
}

/** The first of the wordings of a question say everything; the others leave something out, the longest first. */
const COMPLETE_WORDINGS = 2;

function askWords(tab: Tab, mode: AskMode): string[] {
  const { before, lost, messages } = mode;
  const rows = countedPlainly(mode.lines, 'line');
  const size = `${rows}, ${countedPlainly(mode.characters, 'character')}`;
  const cut = lost === 0 ? '' : `, ${lost} had no room`;
  const whole = `${size}${cut}${messages === 1 ? '' : ', more than one message holds'}`;
  const to = ` to ${tabName(tab)}`;
  const send = messages === 0 ? '' : messages === 1 ? 's sends it' : `s sends ${messages} messages`;
  const end = before === undefined ? 'e edits on' : 'e edits first  n drops it';
  const short = messages === 0 ? '' : messages === 1 ? 's send  ' : `s send ${messages}  `;
  const last = before === undefined ? 'e edit' : 'e edit  n drop';
  const join = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('  ');
  return [
    join([`${before === undefined ? 'this is' : 'pasted:'} ${whole}.`, send === '' ? '' : send + to, end]),
    join([`${whole}:`, send === '' ? '' : send + to, end]),
    join([`${size}${cut}:`, send, end]),
    `${rows}${cut}: ${short}${last}`,
    `${rows}: ${short}${last}`,
    `${short}${last}`,
  ];
}

function searchWords({ keymap, inner }: State, { query, place, count }: SearchMode): string[] {
  const key = (name: string, does: string): string => {
    const found = keyOf(keymap, name);
    return found === undefined ? '' : `  ${keyLabel(found)} ${does}`;
  };
  const leave = key('cancel-restore', 'leaves');
  if (query === '') {
    const again = inner.searched === '' ? '' : key('find-sent', `"${inner.searched}" again`);
    return [
      `search what you wrote: type some letters${again}${leave}`,
      `search: type some letters${leave}`,
      'search: type',
    ];
  }
  const head = `search: ${query} `;
  if (count === 0)
    return [`${head} nothing that you wrote has that${leave}`, `${head} nothing has that`, `${head} nothing`];
  const found = `${head} ${place} of ${count}`;
  const older = key('find-sent', 'older');
  const take = key('send', 'takes it');
  return [
    found + older + key('find-sent-newer', 'newer') + take + leave,
    found + older + take + leave,
    found + older + take,
    found,
    `${query} ${place}/${count}`,
  ];
}

/** As many candidates as fit from the page that the chosen one is on, and how many don't. */
function candidates(all: readonly string[], chosen: number, width: number): string {
  let first = 0;
  for (;;) {
    const count = fitting(all, first, width);
    if (chosen < first + count || first + count >= all.length) return page(all, first, count);
    first += count;
  }
}

function page(all: readonly string[], first: number, count: number): string {
  const left = all.length - count;
  const words = all
    .slice(first, first + count)
    .map(sanitizeLine)
    .join('  ');
  return left > 0 ? `${words}  +${left} more` : words;
}

/** How many from `first` on, at least one. */
function fitting(all: readonly string[], first: number, width: number): number {
  let count = 1;
  while (first + count < all.length && textWidth(page(all, first, count + 1)) <= width) count += 1;
  return count;
}
