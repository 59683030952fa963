/** Tab: finishes the word before the cursor; pressed again, takes the next candidate. */
import type { UserName } from '../../base/ids.ts';
import { commandsFor, findCommand } from '../commands/find.ts';
import { COMMANDS } from '../commands/index.ts';
import { isIgnored } from './ignored.ts';
import { replaceText } from './input-line.ts';
import { activeTab, roomTabs } from './lookup.ts';
import type { State, Tab } from './state.ts';

/** Candidates that are cycled through. */
const MAX_CANDIDATES = 100;
/** Entries from the log's end in which speakers are looked for. */
const SPEAKERS_FROM = 500;

export function complete(state: State, back: boolean): void {
  const tab = activeTab(state);
  const cycle = state.inner.cycle ?? begin(state, tab);
  if (cycle === undefined) return;
  const count = cycle.candidates.length;
  const index = state.inner.cycle === undefined ? (back ? count - 1 : 0) : cycle.index + (back ? -1 : 1);
  cycle.index = (index + count) % count;
  state.inner.cycle = cycle;
  state.completions = count > 1 ? cycle.candidates.map((candidate) => candidate.trimEnd()) : [];
  const { before, start } = cycle;
  const text = before.text.slice(0, start) + (cycle.candidates[cycle.index] ?? '');
  tab.draft = replaceText(before, text + before.text.slice(before.cursor), text.length);
}

export function endCompletion(state: State): void {
  state.inner.cycle = undefined;
  state.completions = [];
}

/** What was written before Tab was pressed. @returns false where nothing is being completed. */
export function takeBack(state: State): boolean {
  const { cycle } = state.inner;
  if (cycle === undefined) return false;
  activeTab(state).draft = cycle.before;
  endCompletion(state);
  return true;
}

function begin(state: State, tab: Tab) {
  const before = tab.draft;
  const head = before.text.slice(0, before.cursor);
  // Backwards by hand: a pattern that looks for the end tries from every letter of a long text.
  let start = head.length;
  while (start > 0 && !/\s/.test(head.charAt(start - 1))) start--;
  const candidates = candidatesFor(state, tab, head.slice(0, start), head.slice(start)).slice(0, MAX_CANDIDATES);
  return candidates.length === 0 ? undefined : { start, before, candidates, index: 0 };
}

/** A guest is found with or without the `~`. */
const isMeant = (name: string, typed: string): boolean => fits(name, typed) || fits(name.replace(/^~/, ''), typed);

const fits = (candidate: string, typed: string): boolean => candidate.toLowerCase().startsWith(typed.toLowerCase());

/** What may stand for `word`, which follows on `head`; each with what comes after it. */
function candidatesFor(state: State, tab: Tab, head: string, word: string): string[] {
  if (head === '' && word.startsWith('/') && !word.startsWith('//')) return commandNames(state, word.slice(1));
  const spaced = (words: readonly string[]): string[] => words.map((one) => `${one} `);
  const own = argumentsOf(state, head, word);
  if (own !== undefined) return spaced(own);
  if (word.startsWith('#')) return spaced(roomNames(state).filter((room) => fits(room, word)));
  if (word.startsWith('@')) return spaced(names(state, tab, word.slice(1)).map((name) => `@${name}`));
  if (word === '') return [];
  return names(state, tab, word).map((name) => (head === '' ? `${name}: ` : `${name} `));
}

function commandNames(state: State, typed: string): string[] {
  const all = commandsFor(state, COMMANDS)
    .map((command) => command.name)
    .filter((name) => fits(name, typed));
  if (all.length > 0) return all.map((name) => `/${name} `);
  // An alias is completed only where no name fits: nobody wants both in the list.
  return COMMANDS.flatMap((command) => [...command.aliases])
    .filter((alias) => fits(alias, typed))
    .map((alias) => `/${alias} `);
}

/** By the command's own completion, for its first argument; undefined where it has none. */
function argumentsOf(state: State, head: string, word: string): readonly string[] | undefined {
  const match = /^\/([^\s/]+)\s+$/.exec(head);
  const command = match?.[1] === undefined ? undefined : findCommand(COMMANDS, match[1]);
  return command?.complete?.(state, COMMANDS).filter((one) => isMeant(one, word));
}

const roomNames = (state: State): string[] => roomTabs(state).map(({ room }) => room);

/**
 * Who spoke last comes first, then who is here, then who was. Ourselves we don't call, nor those whose messages are
 * left out.
 */
function names(state: State, tab: Tab, typed: string): string[] {
  const found = new Set<UserName>();
  const { entries } = tab.log;
  for (let i = entries.length - 1; i >= Math.max(0, entries.length - SPEAKERS_FROM); i--) {
    const entry = entries[i];
    if (entry?.kind === 'message') found.add(entry.from);
  }
  const rank = (name: UserName): number => ((state.people.get(name)?.state ?? 'offline') === 'offline' ? 1 : 0);
  const here = tab.kind === 'room' ? (tab.members ?? []) : [tab.person];
  const others = [...new Set([...here, ...state.people.keys()])];
  for (const name of others.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))) found.add(name);
  if (state.self !== undefined) found.delete(state.self.name);
  return [...found].filter((name) => isMeant(name, typed) && !isIgnored(state.ignored, name));
}
