/** What rings, and what is told outside of the window: chosen for all chats, for each one, and not at all for a while. */
import type { Effect, Env } from './event.ts';
import { tabName } from './lookup.ts';
import { keep } from './memory.ts';
import { tabsOnScreen } from './panes/on-screen.ts';
import type { State, Tab } from './state.ts';
import { type Level, MAX_CHOSEN, type Told } from './telling-options.ts';

/** Milliseconds between two bells: ten people who call at once ring once. */
export const BELL_EVERY_MS = 2000;
/** Milliseconds between two notifications; what comes meanwhile is one. */
export const NOTIFY_EVERY_MS = 3000;
/** Whose names a folded notification says. */
const MAX_NAMED = 3;
/** News that wait to be told as one; of more, the oldest aren't named. */
const MAX_WAITING = 100;
/** Far from now: until one says otherwise. */
const FOR_GOOD = Number.MAX_SAFE_INTEGER;

const told = ({ memory }: State): Told => memory.telling ?? { chats: [] };

/** Of all chats that have none of their own. */
export const generalLevel = (state: State): Level => told(state).level ?? state.telling.level;

export function levelOf(state: State, tab: Tab): Level {
  if (tab.kind === 'chat') return tab.inner.level ?? generalLevel(state);
  const name = tabName(tab);
  return told(state).chats.find((chat) => chat.name === name)?.level ?? generalLevel(state);
}

/** @param chosen undefined: as all others. Of a live chat nothing is kept, with whom it is as little as anything else. */
export function chooseLevel(state: State, tab: Tab, chosen: Level | undefined): void {
  if (tab.kind === 'chat') {
    tab.inner.level = chosen;
    return;
  }
  const name = tabName(tab);
  const others = told(state).chats.filter((chat) => chat.name !== name);
  const chats = chosen === undefined ? others : [...others, { name, level: chosen }].slice(-MAX_CHOSEN);
  keep(state, { telling: { ...told(state), chats } });
}

export const chooseGeneral = (state: State, chosen: Level): void =>
  keep(state, { telling: { ...told(state), level: chosen } });

/** @param ms how long nothing is told; undefined: until one says otherwise; 0: no longer. */
export function beQuiet(state: State, env: Env, ms: number | undefined): void {
  const { quietUntil: _, ...rest } = told(state);
  const quietUntil = ms === undefined ? FOR_GOOD : Math.min(FOR_GOOD, env.now + ms);
  keep(state, { telling: ms === 0 ? rest : { ...rest, quietUntil } });
  if (ms !== 0) state.inner.told.waiting = [];
  state.inner.told.quietEndsAt = ms === undefined || ms === 0 ? undefined : env.mono + ms;
}

export const isQuiet = (state: State): boolean => told(state).quietUntil !== undefined;

/** Something that may be told. */
interface News {
  readonly tab: Tab;
  readonly from: string;
  readonly text: string;
  /** It speaks to us. */
  readonly calls: boolean;
}

function isWanted(state: State, { tab, calls }: News): boolean {
  switch (levelOf(state, tab)) {
    case 'off':
      return false;
    case 'private':
      return tab.kind !== 'room';
    case 'mentions':
      return tab.kind !== 'room' || calls;
    case 'all':
      return true;
  }
}

const isBefore = (state: State, tab: Tab): boolean => tab.scroll.kind === 'tail' && tabsOnScreen(state).includes(tab);

/** A message has come just now. Nobody is told what they look at. */
export function tellNews(state: State, env: Env, news: News): Effect[] {
  if (!isWanted(state, news)) return [];
  const seen = isBefore(state, news.tab);
  if (seen && state.focused === true) return [];
  const bell = ring(state, env);
  // Where the terminal doesn't say whether somebody is there, what is on the screen is told by the bell alone.
  return seen && state.focused !== false ? bell : [...bell, ...notify(state, env, news)];
}

/** Something that one must hear of, wherever it is. */
export function ring(state: State, env: Env): Effect[] {
  const { told: mine } = state.inner;
  if (isQuiet(state) || !state.telling.bell || env.mono - mine.bellAt < BELL_EVERY_MS) return [];
  mine.bellAt = env.mono;
  return [{ do: 'bell' }];
}

function notify(state: State, env: Env, news: News): Effect[] {
  const { told: mine } = state.inner;
  if (isQuiet(state) || !state.telling.notifications) return [];
  const name = tabName(news.tab);
  const text = news.tab.kind === 'room' || state.telling.privateText ? news.text : undefined;
  const waiting = [...mine.waiting, { from: news.from, place: name, isRoom: news.tab.kind === 'room', text }];
  mine.waiting = waiting.slice(-MAX_WAITING);
  return env.mono - mine.notifiedAt < NOTIFY_EVERY_MS ? [] : notifyNow(state, env);
}

function notifyNow(state: State, env: Env): Effect[] {
  const { told: mine } = state.inner;
  const all = mine.waiting.splice(0);
  if (isQuiet(state)) return [];
  // What somebody has looked at meanwhile is no news.
  const seen = new Set<string>(state.tabs.filter(({ unread }) => unread === 0).map(tabName));
  const waiting = all.filter(({ place }) => !seen.has(place));
  const [first] = waiting;
  if (first === undefined) return [];
  mine.notifiedAt = env.mono;
  const where = (one: typeof first): string => (one.isRoom ? `${one.from} in ${one.place}` : one.from);
  if (waiting.length === 1) return [{ do: 'notify', title: where(first), text: first.text ?? 'a private message' }];
  const names = [...new Set(waiting.map(where))];
  const named = names.slice(0, MAX_NAMED).join(', ');
  const rest = names.length > MAX_NAMED ? ' and others' : '';
  return [{ do: 'notify', title: `${waiting.length} new messages`, text: `from ${named}${rest}` }];
}

/** Monotonic ms at which something is due. */
export function tellingWake({ inner: { told: mine } }: State): number | undefined {
  const notifyAt = mine.waiting.length > 0 ? mine.notifiedAt + NOTIFY_EVERY_MS : Number.POSITIVE_INFINITY;
  const at = Math.min(notifyAt, mine.quietEndsAt ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(at) ? at : undefined;
}

export function tellingTick(state: State, env: Env): Effect[] {
  const { told: mine } = state.inner;
  if (mine.quietEndsAt !== undefined && env.mono >= mine.quietEndsAt) beQuiet(state, env, 0);
  return mine.waiting.length > 0 && env.mono >= mine.notifiedAt + NOTIFY_EVERY_MS ? notifyNow(state, env) : [];
}

/** At the start: what was left of the quiet. */
export function resumeQuiet(state: State, env: Env): void {
  const { quietUntil } = told(state);
  if (quietUntil === undefined || quietUntil === FOR_GOOD) return;
  beQuiet(state, env, Math.max(0, quietUntil - env.now));
}

/** Unread messages that the title counts: of chats that are to be heard of. */
export function titleCount(state: State): { readonly count: number; readonly calls: boolean } {
  const heard = state.tabs.filter((tab) => levelOf(state, tab) !== 'off');
  return {
    count: heard.reduce((sum, { unread }) => sum + unread, 0),
    calls: heard.some(({ mentioned }) => mentioned),
  };
}
