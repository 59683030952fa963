/** What may stand for the word before the cursor. */
import type { RoomName, UserName } from '../../base/ids.ts';
import { commandsFor, findCommand } from '../commands/find.ts';
import { COMMANDS } from '../commands/index.ts';
import { begunName, namesLike } from './emoji-names.ts';
import { isIgnored } from './ignored.ts';
import type { Candidate } from './inner.ts';
import type { InputLine } from './input-line.ts';
import { roomTabs } from './lookup.ts';
import type { State, Tab } from './state.ts';
import { isCommand } from './submit-text.ts';

/** Entries from the log's end in which speakers are looked for. */
const SPEAKERS_FROM = 500;
/** UTF-16 units of a word that is completed: no name is longer, and a pasted page without a blank is no name. */
const MAX_WORD = 100;
/** The arguments of a command that takes words of one's own. */
const FREE_TEXT = /^\[?text/;
/** What may stand before a name, and isn't part of it. */
const OPENING = /^[([{<"'“„«*_~`]+/;

interface Place {
  /** UTF-16 index where the word begins. */
  readonly start: number;
  readonly word: string;
  /** The line before it. */
  readonly head: string;
  /** It is the name of an emoji, without its colon. */
  readonly emoji: string | undefined;
}

export function wordAt(line: InputLine): Place {
  const { text, cursor } = line;
  const emoji = begunName(line);
  if (emoji !== undefined)
    return { start: emoji.from, word: `:${emoji.name}`, head: text.slice(0, emoji.from), emoji: emoji.name };
  // Backwards by hand: a pattern that looks for the end tries from every letter of a long text.
  let start = cursor;
  const least = Math.max(0, cursor - MAX_WORD);
  while (start > least && !/\s/.test(text.charAt(start - 1))) start -= 1;
  const word = text.slice(start, cursor);
  // `(@bo` is bob in a bracket; `~al` may be a guest.
  const opening = OPENING.exec(word)?.[0].length ?? 0;
  const inside = word.slice(opening);
  if (opening > 0 && /^[@#]/.test(inside)) start += opening;
  return { start, word: text.slice(start, cursor), head: text.slice(0, start), emoji: undefined };
}

const fits = (candidate: string, typed: string): boolean => candidate.toLowerCase().startsWith(typed.toLowerCase());

/** A guest is found with or without the `~`. */
const isMeant = (name: string, typed: string): boolean => fits(name, typed) || fits(name.replace(/^~/, ''), typed);

const spaced = (words: readonly string[]): Candidate[] => words.map((word) => ({ text: `${word} `, shown: word }));

export function candidatesAt(state: State, tab: Tab, { word, head, emoji }: Place): readonly Candidate[] {
  if (emoji !== undefined) return pictures(state, emoji);
  if (head === '' && isCommand(word)) return spaced(commandNames(state, word.slice(1)));
  const author = authorOf(head, word);
  if (author !== undefined) return spaced(names(state, tab, author).map((name) => `from:${name}`));
  const own = argumentsOf(state, head, word);
  if (own !== undefined) return spaced(own);
  if (word.startsWith('#')) return spaced(roomNames(state).filter((room) => fits(room, word)));
  if (word.startsWith('@')) return spaced(names(state, tab, word.slice(1)).map((name) => `@${name}`));
  if (word === '') return [];
  const found = names(state, tab, word);
  return head === '' ? found.map((name) => ({ text: `${name}: `, shown: `${name}:` })) : spaced(found);
}

/** Of a search: `from:b` is somebody. */
function authorOf(head: string, word: string): string | undefined {
  const [, name = ''] = /^\/([^\s/]+)\s/.exec(head) ?? [];
  const author = /^from:@?(.*)$/i.exec(word)?.[1];
  return author !== undefined && findCommand(COMMANDS, name)?.name === 'search' ? author : undefined;
}

/** The emoji itself comes into the line; its name is shown with it. */
function pictures({ inner: { emoji } }: State, typed: string): readonly Candidate[] {
  if (emoji.kind !== 'ready') return [];
  const { table } = emoji;
  return namesLike(table, typed).map((name) => ({
    text: table.get(name) ?? '',
    shown: `${table.get(name) ?? ''} :${name}:`,
  }));
}

function commandNames(state: State, typed: string): readonly string[] {
  const all = commandsFor(state, COMMANDS)
    .map((command) => command.name)
    .filter((name) => fits(name, typed));
  // An alias is completed only where no name fits: nobody wants both in the list.
  const fitting =
    all.length > 0 ? all : COMMANDS.flatMap((command) => [...command.aliases]).filter((alias) => fits(alias, typed));
  return fitting.map((name) => `/${name}`);
}

/** By the command's own completion; undefined where it has none for this argument, or none that fits to free text. */
function argumentsOf(state: State, head: string, word: string): readonly string[] | undefined {
  const [, name, rest = ''] = /^\/([^\s/]+)\s([^\n]*)$/.exec(head) ?? [];
  const command = name === undefined ? undefined : findCommand(COMMANDS, name);
  if (command === undefined) return undefined;
  const before = rest.split(/\s+/).filter((one) => one !== '');
  if (before.length === 0) {
    const first = command.complete?.(state, COMMANDS).filter((one) => isMeant(one, word));
    return first?.length === 0 && FREE_TEXT.test(command.args) ? undefined : first;
  }
  const next = command.completeNext?.[before.length - 1]?.(state, before).filter((one) => isMeant(one, word));
  return next === undefined || next.length === 0 ? undefined : next;
}

/** Those that have a tab come first; the others as the server has told them last. */
const roomNames = (state: State): RoomName[] => [
  ...new Set([...roomTabs(state).map(({ room }) => room), ...state.inner.directory.rooms.map(({ name }) => name)]),
];

/**
 * Who spoke last comes first, then who is here, then who was. Ourselves we don't call, nor those whose messages are
 * left out.
 */
function names(state: State, tab: Tab, typed: string): UserName[] {
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
