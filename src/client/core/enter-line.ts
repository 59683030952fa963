/** The client as lines: what comes whole, without the keys that wrote it. */
import { findCommand } from '../commands/find.ts';
import { COMMANDS } from '../commands/index.ts';
import { pressed } from './activity.ts';
import { connectNow } from './connection.ts';
import type { Effect, Env } from './event.ts';
import { cleared } from './input-line.ts';
import { activeTab, hint } from './lookup.ts';
import { tryToQuit } from './quit.ts';
import { pressInPrompt } from './secret-prompt.ts';
import type { State, Tab } from './state.ts';
import { submit, submitLong } from './submit.ts';
import { isCommand, isTooLong, spoken } from './submit-text.ts';
import { answerNumber, closeNumber } from './trust.ts';

/** A line was written: a message, a command, or the answer to what was asked. */
export function enterLine(state: State, env: Env, text: string): readonly Effect[] {
  state.hint = undefined;
  if (state.inner.secret !== undefined) {
    // It may be the very password.
    hint(state, 'a password is being asked for, so that line went nowhere: answer the question first', true);
    return [];
  }
  const away = state.connection.kind === 'loggedOff';
  const report = away ? connectNow(state, env) : pressed(state, env);
  if (state.overlay?.kind === 'verify') {
    const answer = text.trim().toLowerCase();
    if (answer === 'v' || answer === 'n' || answer === 'later') {
      if (answer === 'later') closeNumber(state);
      else answerNumber(state, env, answer);
      return report;
    }
  } else state.overlay = undefined;
  const tab = activeTab(state);
  const wrong = notHere(tab, text);
  if (wrong !== undefined) {
    hint(state, wrong, true);
    return report;
  }
  tab.draft = { text, cursor: text.length };
  const asked = state.inner.quitAsked;
  // Nobody is there to say whether a long text is to be several messages: it is.
  const isLong = !isCommand(text.trimEnd()) && isTooLong(spoken(text));
  const effects = isLong ? submitLong(state, env, tab, false) : submit(state, env);
  // There is nothing to be mended: who writes lines writes another.
  dropDrafts(state);
  if (asked && !text.startsWith('/')) state.inner.quitAsked = false;
  return [...report, ...effects];
}

/** Why there is no sense in it where there are only lines. */
function notHere(tab: Tab, text: string): string | undefined {
  if (text.trim() === '') return undefined;
  if (isCommand(text)) {
    const name = text.slice(1).split(/\s/, 1)[0] ?? '';
    return findCommand(COMMANDS, name)?.screen === true ? `/${name} is for the full screen` : undefined;
  }
  if (tab.kind !== 'chat') return undefined;
  const { person, status } = tab;
  if (status.kind === 'asked' && status.ours) return `not sent: ${person} hasn't answered yet`;
  return status.kind === 'opening' ? `not sent: the chat with ${person} is being opened` : undefined;
}

/** What was asked for without being shown. @param text undefined: it was left. */
export function enterSecret(state: State, env: Env, text: string | undefined): readonly Effect[] {
  const { secret } = state.inner;
  if (secret === undefined) return [];
  state.hint = undefined;
  if (text === undefined) return pressInPrompt(state, env, secret, { kind: 'cancel' });
  const typed = { ...secret, typed: text };
  state.inner.secret = typed;
  return pressInPrompt(state, env, typed, { kind: 'submit' });
}

/** Nothing stands in a line that nobody sees. */
export function dropDrafts({ tabs }: State): void {
  for (const tab of tabs) {
    tab.draft = cleared(tab.draft);
    tab.writing = undefined;
    tab.mode = undefined;
  }
}

/** Ctrl-C, or the end of what is read. */
export function interrupt(state: State, env: Env): readonly Effect[] {
  state.hint = undefined;
  if (state.overlay?.kind === 'verify') {
    closeNumber(state);
    hint(state, 'the numbers were not compared');
    return [];
  }
  return tryToQuit(state, env);
}
