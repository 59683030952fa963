/** What was sent from here, to be written again: the arrow keys walk through it, and give back the draft at its end. */
import { replaceText } from './input-line.ts';
import type { State, Tab } from './state.ts';

/** Lines: nobody walks further with one key. */
export const MAX_SENT = 200;

/** A line was sent; the walk, if there was one, is over. */
export function remember(state: State, tab: Tab, text: string): void {
  const { sent } = state.inner;
  tab.inner.browse = undefined;
  if (sent.at(-1) === text) return;
  sent.push(text);
  if (sent.length <= MAX_SENT) return;
  sent.shift();
  // Walks in other tabs stand where they stood.
  for (const { inner } of state.tabs) {
    if (inner.browse !== undefined) inner.browse = { ...inner.browse, index: Math.max(0, inner.browse.index - 1) };
  }
}

export function previous(state: State, tab: Tab): void {
  const { inner } = tab;
  const { sent } = state.inner;
  const index = (inner.browse?.index ?? sent.length) - 1;
  const text = sent[index];
  if (text === undefined) return;
  inner.browse = { index, draft: inner.browse?.draft ?? tab.draft };
  tab.draft = replaceText(tab.draft, text);
}

export function next(state: State, tab: Tab): void {
  const { inner } = tab;
  if (inner.browse === undefined) return;
  const index = inner.browse.index + 1;
  const text = state.inner.sent[index];
  if (text === undefined) {
    tab.draft = inner.browse.draft;
    inner.browse = undefined;
    return;
  }
  inner.browse = { ...inner.browse, index };
  tab.draft = replaceText(tab.draft, text);
}
