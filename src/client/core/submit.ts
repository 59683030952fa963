/** Enter: what stands in the line is said, or done. */
import { findCommand, nearest } from '../commands/find.ts';
import { COMMANDS } from '../commands/index.ts';
import { connectNow } from './connection.ts';
import type { Effect, Env } from './event.ts';
import { remember } from './input-history.ts';
import { cleared } from './input-line.ts';
import { activeTab, hint, isOnline } from './lookup.ts';
import { notSaid } from './private-chat.ts';
import type { State, Tab } from './state.ts';
import { notWritten, write } from './submit-text.ts';

export function submit(state: State, env: Env): readonly Effect[] {
  const tab = activeTab(state);
  const text = tab.draft.text.toWellFormed().trimEnd();
  if (text === '') return isOnline(state) ? [] : connectNow(state, env);
  if (text.startsWith('/') && !text.startsWith('//')) return run(state, env, tab, text);
  say(state, env, tab, text.startsWith('//') ? text.slice(1) : text);
  // Where nothing is tried by itself, Enter is what tries.
  return state.connection.kind === 'refused' ? connectNow(state, env) : [];
}

/** The line has done its work. */
function done(state: State, tab: Tab): void {
  remember(state, tab, tab.draft.text.trimEnd());
  tab.draft = cleared(tab.draft);
}

function say(state: State, env: Env, tab: Tab, text: string): void {
  const wrong = notSaid(tab) ?? notWritten(state, text);
  if (wrong !== undefined) {
    hint(state, wrong, true);
    return;
  }
  write(state, env, tab, text);
  done(state, tab);
}

function run(state: State, env: Env, tab: Tab, line: string): readonly Effect[] {
  const end = line.search(/\s/);
  const name = line.slice(1, end < 0 ? undefined : end);
  const command = findCommand(COMMANDS, name);
  if (command === undefined) {
    hint(state, `no command /${name}${nearest(COMMANDS, name)}  (to say it, write //)`, true);
    return [];
  }
  const args = end < 0 ? '' : line.slice(end).trim();
  const outcome = command.run({ state, env, tab, args, commands: COMMANDS });
  if (outcome.ok) {
    done(state, tab);
    return outcome.value;
  }
  hint(state, outcome.error, true);
  return [];
}
