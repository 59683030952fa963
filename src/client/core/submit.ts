/** Enter: what stands in the line is said, or done. */
import { findCommand, notFound } from '../commands/find.ts';
import { COMMANDS } from '../commands/index.ts';
import { needsServer } from '../commands/on-lan.ts';
import { connectNow } from './connection.ts';
import type { Effect, Env } from './event.ts';
import { remember } from './input-history.ts';
import { cleared } from './input-line.ts';
import { activeTab, hint, isOnline } from './lookup.ts';
import { notSaid } from './not-said.ts';
import { parts } from './paste-parts.ts';
import { askAboutDraft } from './paste-question.ts';
import { sendCorrection } from './reply.ts';
import type { State, Tab } from './state.ts';
import { isCommand, isTooLong, noRoom, notWritten, spoken, writeAll } from './submit-text.ts';

export function submit(state: State, env: Env): readonly Effect[] {
  const tab = activeTab(state);
  const text = tab.draft.text.toWellFormed().trimEnd();
  if (text === '') return isOnline(state) ? [] : connectNow(state, env);
  if (isCommand(text)) return run(state, env, tab, text);
  return isTooLong(spoken(text)) ? askFirst(state, env, tab, spoken(text)) : say(state, env, tab, [spoken(text)]);
}

/** The answer to the question about a long text. @param literal it is said even if it looks like a command. */
export function submitLong(state: State, env: Env, tab: Tab, literal: boolean): readonly Effect[] {
  const { text } = tab.draft;
  return !literal && isCommand(text)
    ? run(state, env, tab, text.toWellFormed().trimEnd())
    : say(state, env, tab, parts(spoken(text, literal)));
}

/** More than one message holds. */
function askFirst(state: State, env: Env, tab: Tab, text: string): readonly Effect[] {
  // Another text for a message is one message, however long.
  const wrong = notSaid(tab) ?? (tab.writing?.kind === 'correct' ? notWritten(state, text) : undefined);
  if (wrong === undefined) askAboutDraft(env, tab);
  else hint(state, wrong, true);
  return [];
}

/** The line has done its work. */
function done(state: State, tab: Tab): void {
  remember(state, tab, tab.draft.text.trimEnd());
  tab.draft = cleared(tab.draft);
}

function say(state: State, env: Env, tab: Tab, texts: readonly string[]): readonly Effect[] {
  const { writing } = tab;
  const [text = ''] = texts;
  if (writing?.kind === 'correct') return sendCorrection(state, env, tab, writing, text);
  const wrong = notSaid(tab) ?? noRoom(state, texts.length);
  if (wrong === undefined) {
    writeAll(state, env, tab, texts, writing?.to);
    tab.writing = undefined;
    done(state, tab);
  } else hint(state, wrong, true);
  // Where nothing is tried by itself, Enter is what tries.
  return state.connection.kind === 'refused' ? connectNow(state, env) : [];
}

function run(state: State, env: Env, tab: Tab, line: string): readonly Effect[] {
  const end = line.search(/\s/);
  const name = line.slice(1, end < 0 ? undefined : end);
  const command = findCommand(COMMANDS, name);
  if (command === undefined) {
    hint(state, `${notFound(state, COMMANDS, name)}  (to say it, write //)`, true);
    return [];
  }
  const why = needsServer(state, command);
  if (why !== undefined) {
    hint(state, why, true);
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
