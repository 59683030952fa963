/**
 * A bracketed paste is one message: it goes into the line, whatever newlines it has. What is long is asked about first,
 * and so is what no single message holds:
 *
 *     paste --short--> in the line          s: sent, as one message or as several in their order
 *           --long---> asked --------------> e, or any key that edits: in the line
 *                                            n, f, Esc: left out
 */
import type { Action } from '../keys/action.ts';
import type { Effect, Env } from './event.ts';
import { cleaned, FULL, type InputLine, insert } from './input-line.ts';
import type { AskMode } from './input-mode.ts';
import { hint } from './lookup.ts';
import { ask, linesOf } from './paste-question.ts';
import { asText } from './paste-text.ts';
import type { State, Tab } from './state.ts';
import { submitLong } from './submit.ts';
import { isTooLong } from './submit-text.ts';

/** More lines, or characters, than this are asked about: what nobody sends by a slip of the mouse. */
const LONG = { lines: 5, characters: 1000 } as const;

/** A newline at its end is the copied line's, not the text's. */
const withoutEnd = (text: string, { cursor, text: draft }: InputLine): string =>
  cursor === draft.length && text.trim() !== '' ? text.replace(/\n+$/, '') : text;

/** UTF-16 units that had no room. */
const lostOf = (before: InputLine, pasted: string, line: InputLine): number =>
  before.text.length + pasted.length - line.text.length;

const SLASHES = 'a paste of several lines is said, not done: two slashes at its beginning say one';

export function paste(state: State, env: Env, tab: Tab, text: string): void {
  const before = tab.draft;
  const pasted = withoutEnd(cleaned(text), before);
  const line = insert(before, pasted);
  const lost = lostOf(before, pasted, line);
  const lines = linesOf(pasted);
  const characters = Array.from(pasted).length;
  if (lines > LONG.lines || characters > LONG.characters || isTooLong(line.text)) {
    ask(env, tab, { line, before, lines, characters, lost });
    return;
  }
  tab.draft = before.text === '' ? asText(line) : line;
  if (lost > 0) hint(state, FULL, true);
  else if (tab.draft !== line) hint(state, SLASHES);
}

/** A terminal may tell one paste in pieces; and two are asked about together. */
function pasteMore(env: Env, tab: Tab, mode: AskMode, text: string): void {
  const pasted = withoutEnd(cleaned(text), mode.line);
  const line = insert(mode.line, pasted);
  const more = mode.before !== undefined;
  ask(env, tab, {
    line,
    before: mode.before ?? mode.line,
    lines: linesOf(pasted) + (more ? mode.lines : 0),
    characters: Array.from(pasted).length + (more ? mode.characters : 0),
    lost: mode.lost + lostOf(mode.line, pasted, line),
  });
}

/** Into the line, to be gone on with. */
function keep(tab: Tab, { line, literal }: AskMode): void {
  tab.mode = undefined;
  tab.draft = literal ? asText(line) : line;
}

function leaveOut(tab: Tab, { before }: AskMode): void {
  tab.mode = undefined;
  if (before !== undefined) tab.draft = before;
}

function letter(state: State, env: Env, tab: Tab, mode: AskMode, typed: string): readonly Effect[] {
  if (env.mono < mode.lettersFrom) return [];
  const answer = typed.toLowerCase();
  if (answer === 's' && mode.messages > 0) {
    tab.mode = undefined;
    tab.draft = mode.line;
    return submitLong(state, env, tab, mode.literal);
  }
  if (answer === 'e') keep(tab, mode);
  else if (answer === 'n' || answer === 'f') leaveOut(tab, mode);
  return [];
}

/** Keys that work on the text: whoever presses one wants it in the line. */
const EDITING: ReadonlySet<Action['kind']> = new Set([
  'edit',
  'editor',
  'historyPrevious',
  'historyNext',
  'searchInput',
]);
/** Keys that one presses by habit, and that must not answer. */
const IDLE: ReadonlySet<Action['kind']> = new Set(['submit', 'complete', 'deleteOrQuit']);

/** @returns undefined where the key does its own work. */
export function pressInAsk(
  state: State,
  env: Env,
  tab: Tab,
  mode: AskMode,
  action: Action,
): readonly Effect[] | undefined {
  if (action.kind === 'insert') return letter(state, env, tab, mode, action.text);
  if (action.kind === 'paste') pasteMore(env, tab, mode, action.text);
  else if (action.kind === 'cancel' || action.kind === 'quit') leaveOut(tab, mode);
  else if (!IDLE.has(action.kind)) {
    if (EDITING.has(action.kind)) keep(tab, mode);
    return undefined;
  }
  return [];
}
