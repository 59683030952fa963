/**
 * Searching what was said: the server finds, the list shows it a screen at a time, and each hit can be looked at where it
 * stands. It takes the keys while it is open; what leads elsewhere leaves it, and does its work.
 */
import { err, ok, type Result } from '../../base/result.ts';
import { soughtWords } from '../../base/text/find-words.ts';
import { MAX_FOUND, MAX_QUERY_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { Action, EditAction } from '../keys/action.ts';
import { geometryOf } from '../view/geometry.ts';
import { showMessage } from '../view/pick-sight.ts';
import type { Effect, Env } from './event.ts';
import { jumpTo } from './far.ts';
import { isIgnored } from './ignored.ts';
import { isOnLan } from './lan-people.ts';
import { activeTab, hint, keyFor, logOf, tabOf } from './lookup.ts';
import { reaches } from './reaches.ts';
import { answered, ask, finish } from './requests.ts';
import { hitIn } from './search-hit.ts';
import { goBackTo, placeOf } from './search-place.ts';
import type { Search } from './search-state.ts';
import type { RoomTab, Scroll, State } from './state.ts';
import { goToTab } from './tabs.ts';

/** Hits that are kept: who has looked at a thousand asks for other words. */
export const MAX_HITS = 1000;
/** Hits behind the chosen one below which more are asked for. */
const MORE_FROM = 10;
/** Hits that one notch of the wheel passes over. */
const WHEEL_HITS = 3;
/** Answers without a hit after which one is asked whether to go on: the server has looked through a piece each time. */
const EMPTY_ANSWERS = 20;

/** @param room undefined: all that one is in. */
export function beginSearch(
  state: State,
  env: Env,
  words: string,
  room: RoomTab['room'] | undefined,
): Result<Effect[], string> {
  const bytes = utf8Bytes(words);
  if (bytes > MAX_QUERY_BYTES) return err(`a search has at most ${MAX_QUERY_BYTES} bytes, and this one ${bytes}`);
  if (!reaches(state, room))
    return err(
      `${isOnLan(state) ? 'there is no connection now' : 'to search the server is needed'}: try again when it is there`,
    );
  const tab = activeTab(state);
  const search: Search = {
    words,
    sought: soughtWords(words),
    room,
    hits: [],
    index: 0,
    before: undefined,
    status: { kind: 'idle' },
    shows: 'list',
    from: placeOf(state, tab),
    kept: undefined,
  };
  state.search = search;
  state.overlay = { kind: 'search' };
  return ok(askMore(state, env, search));
}

/** The list of the last search, once more. */
export function showSearch(state: State): Result<Effect[], string> {
  const { search } = state;
  if (search === undefined) return err('search for what? /search words');
  if (search.hits.length === 0 && search.before === undefined && search.status.kind === 'idle')
    return err('nothing was found the last time: /search words');
  search.shows = 'list';
  state.overlay = { kind: 'search' };
  return ok([]);
}

/** For whoever has read all hits. */
export function moreHits(state: State, env: Env): Effect[] {
  const { search } = state;
  if (search?.before === undefined) {
    hint(state, search === undefined ? 'nothing was searched for: /search words' : 'there are no more hits');
    return [];
  }
  search.index = Math.max(0, search.hits.length - 1);
  return askMore(state, env, search);
}

function askMore(state: State, env: Env, search: Search, empty = 0): Effect[] {
  const { words, room, before, hits } = search;
  if (search.status.kind === 'asking' || hits.length >= MAX_HITS) return [];
  const message = {
    type: 'search',
    words,
    limit: MAX_FOUND,
    ...(room === undefined ? {} : { room }),
    ...(before === undefined ? {} : { before }),
  } as const;
  const effects = ask(state, env, message, { kind: 'search', search, empty });
  if (effects.length > 0) search.status = { kind: 'asking' };
  return effects;
}

/** An answer has come. One to a search that was left for another says nothing. */
export function receiveFound(state: State, env: Env, found: ServerMessages['found']): Effect[] {
  const request = answered(state, found.id, 'search');
  if (request === undefined) return [];
  finish(state, request.id);
  const { search, empty } = request.purpose;
  if (search !== state.search) return [];
  const fresh = found.messages.filter(({ from }) => !isIgnored(state.ignored, from));
  search.hits = [...search.hits, ...fresh].slice(0, MAX_HITS);
  search.before = found.more ? found.before : undefined;
  search.status = { kind: 'idle' };
  // The server answers after a while even if it has found nothing yet.
  const isDry = fresh.length === 0 && search.before !== undefined;
  return isDry && empty < EMPTY_ANSWERS && search.shows === 'list' ? askMore(state, env, search, empty + 1) : [];
}

export function searchFailed(state: State, search: Search, text: string): void {
  search.status = { kind: 'failed', text };
  if (search === state.search && search.shows === 'hit') hint(state, text, true);
}

/** A connection was lost, and the answer with it: it is asked for again when one goes on. */
export function searchLost({ search }: State): void {
  if (search?.status.kind === 'asking') search.status = { kind: 'failed', text: 'the connection was lost' };
}

export function searchKey(state: State, env: Env, action: Action): readonly Effect[] | undefined {
  const { search, overlay } = state;
  if (search === undefined) return undefined;
  if (overlay?.kind === 'search') return listKey(state, env, search, action);
  if (search.shows === 'hit' && overlay === undefined) return hitKey(state, env, search, action);
  return undefined;
}

const STEPS: Readonly<Partial<Record<Action['kind'], (page: number) => number>>> = {
  historyNext: () => 1,
  historyPrevious: () => -1,
  nextTab: () => 1,
  previousTab: () => -1,
  pageDown: (page) => page,
  pageUp: (page) => -page,
  top: () => Number.NEGATIVE_INFINITY,
  bottom: () => Number.POSITIVE_INFINITY,
};

function listKey(state: State, env: Env, search: Search, action: Action): readonly Effect[] | undefined {
  const step = STEPS[action.kind]?.(pageOf(state)) ?? letterStep(action, /^[nNjk]+$/);
  if (step !== undefined) return move(state, env, search, step);
  if (action.kind === 'submit') return lookAt(state, env, search);
  if (action.kind === 'cancel') {
    leaveSearch(state, search);
    return [];
  }
  if (action.kind === 'edit') return edge(state, env, search, action.edit);
  if (action.kind === 'insert' || action.kind === 'paste' || action.kind === 'complete') {
    const [enter, escape] = [keyFor(state, 'send'), keyFor(state, 'cancel')];
    hint(state, `n older, N newer, ${enter} goes there, ${escape} closes; other words: /search words`);
    return [];
  }
  // It leads elsewhere.
  if (action.kind !== 'redraw') leaveSearch(state, search);
  return undefined;
}

/** One notch of the wheel, over the list. */
export function turnSearch(state: State, env: Env, up: boolean): readonly Effect[] {
  const { search, overlay } = state;
  return search === undefined || overlay?.kind !== 'search'
    ? []
    : move(state, env, search, up ? -WHEEL_HITS : WHEEL_HITS);
}

function edge(state: State, env: Env, search: Search, edit: EditAction): readonly Effect[] {
  if (edit === 'lineStart') return move(state, env, search, Number.NEGATIVE_INFINITY);
  return edit === 'lineEnd' ? move(state, env, search, Number.POSITIVE_INFINITY) : [];
}

/** Hits that PgUp and PgDn pass over. */
const pageOf = (state: State): number => Math.max(1, geometryOf(state).paneHeight - 2);

/** Keys that are pressed fast come as one text. */
function letterStep(action: Action, letters: RegExp): number | undefined {
  if (action.kind !== 'insert' || !letters.test(action.text)) return undefined;
  return Array.from(action.text).reduce((sum, letter) => sum + (letter === 'n' || letter === 'j' ? 1 : -1), 0);
}

function move(state: State, env: Env, search: Search, by: number): readonly Effect[] {
  const last = Math.max(0, search.hits.length - 1);
  const to = Math.max(0, Math.min(last, search.index + by));
  if (to === search.index && by > 0 && search.before === undefined && search.status.kind === 'idle') {
    hint(state, search.hits.length >= MAX_HITS ? `${MAX_HITS} hits: search for more words` : 'the last hit');
  }
  search.index = to;
  return more(state, env, search);
}

const more = (state: State, env: Env, search: Search): Effect[] =>
  search.before !== undefined && search.index >= search.hits.length - MORE_FROM ? askMore(state, env, search) : [];

/** The chosen hit, where it stands. */
function lookAt(state: State, env: Env, search: Search): readonly Effect[] {
  const hit = search.hits[search.index];
  if (hit === undefined) {
    // Nothing has come, or it went wrong: once more.
    return search.status.kind === 'asking' ? [] : askMore(state, env, search);
  }
  const tab = tabOf(state, hit.room);
  if (tab === undefined) {
    hint(state, `you are no longer in ${hit.room}: /join ${hit.room}`, true);
    return [];
  }
  state.overlay = undefined;
  search.shows = 'hit';
  search.kept = undefined;
  goToTab(state, tab);
  return [...jumpTo(state, env, tab, hit.seq), ...more(state, env, search)];
}

/** The hit that is looked at stays in sight, whatever happens around it, until one scrolls. Called after every event. */
export function keepHitInSight(state: State): void {
  const tab = activeTab(state);
  const { search } = state;
  const hit = hitIn(state, tab);
  const entry = hit === undefined ? undefined : logOf(tab).find(hit.seq);
  if (search === undefined || entry === undefined) return;
  const { kept } = search;
  if (kept !== undefined && !isSameScroll(kept, tab.scroll)) return;
  showMessage(state, tab, entry);
  search.kept = tab.scroll;
}

const isSameScroll = (a: Scroll, b: Scroll): boolean =>
  a.kind === 'tail' || b.kind === 'tail' ? a.kind === b.kind : a.bottom === b.bottom && a.hidden === b.hidden;

function hitKey(state: State, env: Env, search: Search, action: Action): readonly Effect[] | undefined {
  // Another tab has come to the front, and its keys are its own.
  if (hitIn(state, activeTab(state)) === undefined) {
    search.shows = 'left';
    return undefined;
  }
  const by = activeTab(state).draft.text === '' ? letterStep(action, /^[nN]+$/) : undefined;
  if (by !== undefined) return step(state, env, search, by);
  if (action.kind === 'cancel') {
    leaveSearch(state, search);
    return goBackTo(state, env, search.from);
  }
  if (action.kind === 'submit' && activeTab(state).draft.text === '') {
    showSearch(state);
    return [];
  }
  // Whoever writes, or goes elsewhere, has found what they looked for.
  if (!STAYS.has(action.kind)) search.shows = 'left';
  return undefined;
}

/** What does its work while one looks at a hit. */
const STAYS: ReadonlySet<Action['kind']> = new Set(['pageUp', 'pageDown', 'redraw', 'toggleList']);

function step(state: State, env: Env, search: Search, by: number): readonly Effect[] {
  const before = search.index;
  const effects = move(state, env, search, by);
  return search.index === before ? effects : [...effects, ...lookAt(state, env, search)];
}

function leaveSearch(state: State, search: Search): void {
  search.shows = 'left';
  if (state.overlay?.kind === 'search') state.overlay = undefined;
}
