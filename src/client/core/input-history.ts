/**
 * What was sent from here, to be written again: the arrow keys walk through it, and give back the draft at its end. It is
 * kept in memory alone: these are private words, and a file of them would outlive what was agreed about the messages.
 */
import type { Sent, TabName } from './inner.ts';
import { replaceText } from './input-line.ts';
import { tabName } from './lookup.ts';
import type { State, Tab } from './state.ts';

/** Lines: nobody walks further with one key. */
export const MAX_SENT = 200;
/** UTF-16 units in all of them: the longest drafts some times over. Beyond it the oldest are forgotten. */
const MAX_SENT_UNITS = 4 * 65_536;

/** A line was sent; the walk, if there was one, is over. */
export function remember(state: State, tab: Tab, text: string): void {
  tab.inner.browse = undefined;
  rememberFor(state, tabName(tab), text);
}

/** The same of a tab that may be closed by now. */
export function rememberFor(state: State, name: TabName, text: string): void {
  const { sent } = state.inner;
  const one: Sent = { text, tab: name.startsWith('#') ? undefined : name };
  const last = sent.at(-1);
  if (last?.text === text && last.tab === one.tab) return;
  sent.push(one);
  let units = sent.reduce((sum, each) => sum + each.text.length, 0);
  while (sent.length > 1 && (sent.length > MAX_SENT || units > MAX_SENT_UNITS)) units -= sent.shift()?.text.length ?? 0;
}

/** What may come back in this tab, oldest first. */
export const sentFrom = (state: State, tab: Tab): Sent[] => {
  const name = tabName(tab);
  return state.inner.sent.filter((one) => one.tab === undefined || one.tab === name);
};

export function previous(state: State, tab: Tab): void {
  const { inner } = tab;
  const sent = sentFrom(state, tab);
  const at = inner.browse === undefined ? sent.length : sent.indexOf(inner.browse.at);
  const one = sent[at - 1];
  if (one === undefined) return;
  inner.browse = { at: one, draft: inner.browse?.draft ?? tab.draft };
  tab.draft = replaceText(tab.draft, one.text);
}

export function next(state: State, tab: Tab): void {
  const { inner } = tab;
  if (inner.browse === undefined) return;
  const sent = sentFrom(state, tab);
  const one = sent[sent.indexOf(inner.browse.at) + 1];
  if (one === undefined) {
    tab.draft = inner.browse.draft;
    inner.browse = undefined;
    return;
  }
  inner.browse = { ...inner.browse, at: one };
  tab.draft = replaceText(tab.draft, one.text);
}
