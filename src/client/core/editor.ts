/** The draft in an editor of one's own: it goes out with an effect, and comes back with an event. */
import type { Result } from '../../base/result.ts';
import type { Effect, Env } from './event.ts';
import type { TabName } from './inner.ts';
import { rememberFor } from './input-history.ts';
import { MAX_INPUT, replaceText } from './input-line.ts';
import { activeTab, hint, notice, tabName } from './lookup.ts';
import { asText } from './paste-text.ts';
import type { State, Tab } from './state.ts';

/** @param text undefined: what stands in the line. */
export function openEditor(state: State, tab: Tab, text?: string): readonly Effect[] {
  if (state.inner.editing !== undefined) {
    hint(state, `an editor has the draft of ${state.inner.editing} already`, true);
    return [];
  }
  takeMode(tab);
  const name = tabName(tab);
  state.inner.editing = name;
  return [{ do: 'editor', tab: name, text: text ?? tab.draft.text }];
}

/** What is asked about stands in the line: it is not lost for that something else is written. */
function takeMode(tab: Tab): void {
  if (tab.mode?.kind === 'ask') tab.draft = tab.mode.literal ? asText(tab.mode.line) : tab.mode.line;
  tab.mode = undefined;
}

/** It has ended. What was in the line meanwhile can be had back by undo. */
export function edited(state: State, env: Env, name: TabName, result: Result<string, string>): void {
  state.inner.editing = undefined;
  if (!result.ok) {
    hint(state, result.error, true);
    return;
  }
  const tab = state.tabs.find((one) => tabName(one) === name);
  if (tab === undefined) {
    keepElsewhere(state, env, name, result.value);
    return;
  }
  takeMode(tab);
  if (tab.draft.text !== result.value) tab.draft = replaceText(tab.draft, result.value);
  if (tab !== activeTab(state)) hint(state, `what you wrote is in the line of ${name}`);
}

/** The tab was closed meanwhile: the text goes to nobody, and isn't lost. */
function keepElsewhere(state: State, env: Env, name: TabName, text: string): void {
  if (text.trim() === '') return;
  rememberFor(state, name, text.slice(0, MAX_INPUT).toWellFormed());
  const where = name.startsWith('#') ? '' : 'once it is open again, ';
  notice(activeTab(state), env, `${name} was closed while you wrote: ${where}Up brings your text into the line`, true);
}
