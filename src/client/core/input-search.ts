/** Ctrl-R: what was sent before is found again by a few letters of it. */
import type { Action } from '../keys/action.ts';
import type { Sent } from './inner.ts';
import { sentFrom } from './input-history.ts';
import { replaceText } from './input-line.ts';
import type { SearchMode, Span } from './input-mode.ts';
import { characterStart } from './input-words.ts';
import type { State, Tab } from './state.ts';

/** UTF-16 units that are looked for. */
const MAX_QUERY = 200;
/** Places in one text that are highlighted: more than a screen has. */
const MAX_HITS = 500;

/** Any case, unless a capital letter was typed. */
const pattern = (query: string): RegExp => new RegExp(RegExp.escape(query), /\p{Lu}/u.test(query) ? 'gu' : 'giu');

function hitsIn(text: string, query: string): Span[] {
  const hits: Span[] = [];
  for (const { index, 0: hit } of text.matchAll(pattern(query))) {
    if (hits.push({ from: index, to: index + hit.length }) === MAX_HITS) break;
  }
  return hits;
}

/** Newest first, each text once. */
function texts(state: State, tab: Tab): Sent[] {
  const seen = new Set<string>();
  return sentFrom(state, tab)
    .toReversed()
    .filter(({ text }) => !seen.has(text) && seen.add(text));
}

export function beginSearch(tab: Tab): void {
  const before = tab.draft;
  tab.mode = { kind: 'search', query: '', found: undefined, count: 0, place: 0, shown: before, hits: [], before };
}

/** @param by how many texts older, or newer, than the one that was found. */
function search(state: State, tab: Tab, mode: SearchMode, query: string, by: -1 | 0 | 1): void {
  const { before } = mode;
  if (query === '') {
    tab.mode = { ...mode, query, found: undefined, count: 0, place: 0, shown: before, hits: [] };
    return;
  }
  state.inner.searched = query;
  const all = texts(state, tab);
  const wanted = pattern(query);
  const isFit = ({ text }: Sent): boolean => text.search(wanted) >= 0;
  const fitting = all.filter(isFit);
  // From the one that was found it goes on to older ones, and only where there is none back to newer ones.
  const from = mode.found === undefined ? 0 : Math.max(0, all.indexOf(mode.found));
  const near = all.slice(from).find(isFit) ?? fitting.at(-1);
  if (near === undefined) {
    tab.mode = { ...mode, query, count: 0, place: 0, hits: [] };
    return;
  }
  // Where the letters have just led to another one, that is the step.
  const step = near === mode.found ? by : 0;
  const place = Math.min(fitting.length, Math.max(1, fitting.indexOf(near) + 1 + step));
  const found = fitting[place - 1] ?? near;
  const hits = hitsIn(found.text, query);
  const shown = replaceText(before, found.text, hits.at(-1)?.from);
  tab.mode = { ...mode, query, found, count: fitting.length, place, hits, shown };
}

/** What was found stays in the line; nothing is sent. Undo gives back the draft. */
function take(tab: Tab, { shown }: SearchMode): void {
  tab.mode = undefined;
  tab.draft = shown;
  tab.inner.browse = undefined;
}

function leave(tab: Tab, { before }: SearchMode): void {
  tab.mode = undefined;
  tab.draft = before;
}

const withoutLast = (query: string): string => query.slice(0, characterStart(query, query.length));

function type(state: State, tab: Tab, mode: SearchMode, text: string): void {
  const [line = ''] = text.split('\n');
  search(state, tab, mode, (mode.query + line).slice(0, MAX_QUERY).toWellFormed(), 0);
}

/** Another one that fits; with nothing typed, what was looked for the last time. */
function another(state: State, tab: Tab, mode: SearchMode, newer: boolean): void {
  if (mode.query === '') search(state, tab, mode, state.inner.searched, 0);
  else search(state, tab, mode, mode.query, newer ? -1 : 1);
}

/** @returns whether the key has done its work; any other takes what was found, and then does its own. */
export function pressInSearch(state: State, tab: Tab, mode: SearchMode, action: Action): boolean {
  const { kind } = action;
  if (kind === 'insert' || kind === 'paste') type(state, tab, mode, action.text);
  else if (kind === 'searchInput') another(state, tab, mode, action.newer);
  else if (kind === 'historyPrevious' || kind === 'historyNext') another(state, tab, mode, kind === 'historyNext');
  else if (kind === 'edit' && action.edit === 'deleteBack')
    search(state, tab, { ...mode, found: undefined }, withoutLast(mode.query), 0);
  else if (kind === 'edit' && action.edit === 'killToStart') search(state, tab, mode, '', 0);
  else if (kind === 'quit' || (kind === 'cancel' && action.restore === true)) leave(tab, mode);
  else if (kind !== 'redraw') {
    take(tab, mode);
    return kind === 'submit' || kind === 'complete' || kind === 'cancel';
  } else return false;
  return true;
}
