/** What is asked before a long text is sent. */
import type { Env } from './event.ts';
import type { InputLine } from './input-line.ts';
import type { AskMode } from './input-mode.ts';
import { parts } from './paste-parts.ts';
import type { Tab } from './state.ts';
import { isCommand, isTooLong, spoken } from './submit-text.ts';

/** Milliseconds in which letters don't answer yet: nobody reads a question sooner, but many type on after a paste. */
const ANSWER_AFTER_MS = 300;

export const linesOf = (text: string): number => text.split('\n').length;

/** In how many messages it goes; 0: in none, since a command, or another text for a message, is no more than one. */
function messagesOf(text: string, literal: boolean, tab: Tab): number {
  const isOne = tab.writing?.kind === 'correct' || (!literal && isCommand(text));
  return isOne ? (isTooLong(spoken(text, literal)) ? 0 : 1) : parts(spoken(text, literal)).length;
}

type Asked = Pick<AskMode, 'line' | 'before' | 'lines' | 'characters' | 'lost'>;

export function ask(env: Env, tab: Tab, asked: Asked): void {
  // Into an empty line nobody pastes a command of many lines; they are words that begin with a slash.
  const literal = asked.before?.text === '';
  const messages = messagesOf(asked.line.text, literal, tab);
  tab.mode = { kind: 'ask', ...asked, messages, literal, lettersFrom: env.mono + ANSWER_AFTER_MS };
}

/** Enter with a draft that is more than one message. */
export function askAboutDraft(env: Env, tab: Tab): void {
  const line: InputLine = tab.draft;
  const { text } = line;
  ask(env, tab, { line, before: undefined, lines: linesOf(text), characters: Array.from(text).length, lost: 0 });
}
