/** What the palette offers for what is written in it, the best first. */
import type { UserName } from '../../base/ids.ts';
import { parseRoom } from '../../protocol/names.ts';
import { commandsFor, findCommand } from '../commands/find.ts';
import { COMMANDS } from '../commands/index.ts';
import { correspondents } from '../commands/people.ts';
import { parseUser } from '../commands/words.ts';
import { comparable, lettersOf, matcher } from './fuzzy.ts';
import type { InputLine } from './input-line.ts';
import { activeTab, personTabs, roomTabs, tabName, tabOf } from './lookup.ts';
import type { Entry, Hit, Item, Palette } from './palette-state.ts';
import { recentTabs } from './recent-tabs.ts';
import type { State, Tab } from './state.ts';

/** Hits that are kept: who has not found it among these writes one letter more. */
const MAX_HITS = 200;

/** A command with the blank behind it, and the beginning of its first argument. */
const ARGUMENT = /^\/(\S+)\s+(\S*)$/u;

/** Last of all comes the one that is in front: who has nothing written goes back with Enter. */
function tabsInOrder(state: State): Tab[] {
  const recent = recentTabs(state);
  const here = activeTab(state);
  const news = (tab: Tab): number => (tab.mentioned ? 2 : tab.unread > 0 ? 1 : 0);
  const others = state.tabs.filter((tab) => tab !== here && !recent.includes(tab));
  return [...recent, ...others.toSorted((a, b) => news(b) - news(a)), here];
}

function rooms(state: State): Item[] {
  const open = new Set(roomTabs(state).map(({ room }) => room));
  return state.inner.directory.rooms
    .filter(({ name }) => !open.has(name))
    .toSorted((a, b) => b.members - a.members || (a.name < b.name ? -1 : 1))
    .map(({ name, topic, members }) => ({ kind: 'room', name, topic, members, fresh: false }));
}

const PRESENCE = { online: 0, away: 1, offline: 2 } as const;

/** Who is here comes first. */
function people(state: State): Item[] {
  const open = new Set(personTabs(state).map(({ person }) => person));
  const rank = (name: UserName): number => PRESENCE[state.people.get(name)?.state ?? 'offline'];
  return correspondents(state)
    .filter((name) => !open.has(name))
    .toSorted((a, b) => rank(a) - rank(b))
    .map((name) => ({ kind: 'person', name }));
}

/** In the order in which they are shown while nothing is written. */
const chats = (state: State, find: Palette['find']): Item[] => [
  ...(find === 'new' ? [] : tabsInOrder(state).map((tab): Item => ({ kind: 'tab', name: tabName(tab) }))),
  ...rooms(state),
  ...people(state),
];

const entryOf = (item: Item): Entry => ({ item, low: comparable(item.name) });

const commands = (state: State): Entry[] =>
  commandsFor(state, COMMANDS).map(({ name, args, help }) =>
    entryOf({ kind: 'command', name: `/${name}`, args, help }),
  );

/** A palette with what there is to find now. */
export function opened(state: State, find: Palette['find'], input: InputLine): Palette {
  const all = find === 'commands' ? [] : chats(state, find).map(entryOf);
  return { kind: 'palette', find, input, all, fitting: { letters: '', entries: all }, hits: [], index: 0 };
}

/** What one looks for more often comes first where the letters fit as well. */
const LIKELY: Readonly<Record<Item['kind'], number>> = { tab: 4, person: 2, room: 0, command: 0, argument: 0 };
/** A shorter name comes before a longer one that fits as well: less than any letter's place is worth. */
const FOR_EACH_UNIT = 0.01;

interface Ranked extends Hit {
  readonly entry: Entry;
  readonly score: number;
}

/** Equal ones stay in the order in which they came. */
function ranked(entries: readonly Entry[], query: string): Hit[] {
  if (query === '') return entries.slice(0, MAX_HITS).map(({ item }) => ({ item, at: [] }));
  return best(fits(entries, query));
}

function fits(entries: readonly Entry[], query: string): Ranked[] {
  const find = matcher(query);
  const found: Ranked[] = [];
  for (const entry of entries) {
    const { item, low } = entry;
    const match = find(item.name, low);
    if (match === undefined) continue;
    const score = match.score + LIKELY[item.kind] - item.name.length * FOR_EACH_UNIT;
    found.push({ entry, item, at: match.at, score });
  }
  return found;
}

const best = (found: readonly Ranked[]): Hit[] =>
  found
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MAX_HITS)
    .map(({ item, at }) => ({ item, at }));

const whole = (item: Item): Hit => ({ item, at: Array.from(item.name, (_, i) => i) });

/** What isn't there yet and could be: a room of this name, or somebody whom nobody has seen here. */
function unknown(state: State, { find, all }: Palette, query: string): Hit[] {
  const hits: Hit[] = [];
  const isKnown = (name: string): boolean => all.some(({ item }) => item.name === name);
  const room = find === 'commands' || (find === 'all' && isKnown(query)) ? undefined : parseRoom(query);
  if (room?.ok === true && tabOf(state, room.value) === undefined && !isKnown(room.value))
    hits.push(whole({ kind: 'room', name: room.value, topic: '', members: 0, fresh: true }));
  const user = find === 'new' && !query.startsWith('#') ? parseUser(query) : undefined;
  const isOpen = (name: UserName): boolean => personTabs(state).some(({ person }) => person === name);
  if (user?.ok === true && !isOpen(user.value) && !isKnown(user.value))
    hits.push(whole({ kind: 'person', name: user.value }));
  return hits;
}

/** The command that is being written, and what may follow it; the command alone where it says nothing of that. */
function argumentHits(state: State, text: string): Hit[] {
  const [, name = '', word = ''] = ARGUMENT.exec(text) ?? [];
  const named = /^\/(\S+)/u.exec(text)?.[1] ?? '';
  const command = findCommand(COMMANDS, named);
  const offered = name === '' ? [] : (command?.complete?.(state, COMMANDS) ?? []);
  const hits = ranked(
    [...new Set(offered)].map((name) => entryOf({ kind: 'argument', name })),
    word,
  );
  const own = command === undefined ? [] : commands(state).filter(({ item }) => item.name === `/${command.name}`);
  return hits.length > 0 ? hits : own.map(({ item }) => ({ item, at: [] }));
}

/** A command is being written with its argument, so Enter takes what is written until something is chosen. */
const isArgument = (text: string): boolean => /^\s*\/\S+\s/u.test(text);

/** Another line in it: what fits is looked up anew. */
export function withInput(state: State, palette: Palette, input: InputLine): Palette {
  const query = input.text.trim();
  if (isArgument(input.text))
    return { ...palette, input, hits: argumentHits(state, input.text.trimStart()), index: undefined };
  const isChats = palette.find !== 'commands' && !query.startsWith('/');
  return { ...palette, input, index: 0, ...(isChats ? chatHits(state, palette, query) : commandHits(state, query)) };
}

const commandHits = (state: State, query: string): Pick<Palette, 'hits'> => ({ hits: ranked(commands(state), query) });

function chatHits(state: State, palette: Palette, query: string): Pick<Palette, 'hits' | 'fitting'> {
  const { all, fitting } = palette;
  const letters = lettersOf(query);
  if (letters === '') return { hits: ranked(all, ''), fitting: { letters, entries: all } };
  const found = fits(letters.startsWith(fitting.letters) ? fitting.entries : all, query);
  const hits = best(found);
  const more = unknown(state, palette, query);
  // What nobody is called may be something that is to be done; a room to be made still comes last.
  const others = hits.length > 0 || (palette.find === 'new' && more.length > 0) ? [] : ranked(commands(state), query);
  return { hits: [...hits, ...others, ...more], fitting: { letters, entries: found.map(({ entry }) => entry) } };
}
