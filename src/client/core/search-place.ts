/** Where one was when a search began, to go back to. Lines come and go meanwhile, so it is kept by a message's place. */
import { visibleSpan } from '../view/scroll.ts';
import type { Effect, Env } from './event.ts';
import { jumpTo } from './far.ts';
import { jumpToPast } from './far-past.ts';
import { logOf, tabName } from './lookup.ts';
import { OWN_PLACES_FROM } from './message-log.ts';
import { placeInLog } from './places.ts';
import type { Place } from './search-state.ts';
import type { State, Tab } from './state.ts';
import { goToTab } from './tabs.ts';

export function placeOf(state: State, tab: Tab): Place {
  const { scroll, log } = tab;
  const name = tabName(tab);
  if (scroll.kind === 'tail') return { tab: name, at: undefined };
  const newest = logOf(tab).entries.findLast(({ kind, key }) => kind === 'message' && key <= scroll.bottom);
  if (newest?.kind !== 'message') return { tab: name, at: undefined };
  // Below a message there may be lines that are none, of which nothing is hidden then.
  const hidden = newest.key === scroll.bottom ? scroll.hidden : 0;
  const top = visibleSpan(state, tab)?.first ?? newest.seq;
  return { tab: name, at: { resets: log.resets, bottom: newest.seq, hidden, top } };
}

/** To where one was, unless that tab is gone. What is no longer held there is asked for once more. */
export function goBackTo(state: State, env: Env, place: Place): Effect[] {
  const tab = state.tabs.find((one) => tabName(one) === place.tab);
  if (tab === undefined) return [];
  goToTab(state, tab);
  tab.seeking = undefined;
  const { at } = place;
  if (at === undefined || at.resets !== tab.log.resets) {
    tab.far = undefined;
    tab.scroll = { kind: 'tail' };
    return [];
  }
  // The log itself rather than a window: it goes on.
  if (tab.log.find(at.bottom) !== undefined) tab.far = undefined;
  const bottom = logOf(tab).find(at.bottom);
  if (bottom !== undefined) tab.scroll = { kind: 'at', bottom: bottom.key, hidden: at.hidden };
  else return fetched(state, env, tab, at);
  return [];
}

function fetched(state: State, env: Env, tab: Tab, { top }: NonNullable<Place['at']>): Effect[] {
  // Until it has come one is at the end, not among the hits.
  tab.far = undefined;
  tab.scroll = { kind: 'tail' };
  if (tab.kind === 'room') return jumpTo(state, env, tab, top);
  if (tab.kind === 'person' && top < OWN_PLACES_FROM) jumpToPast(state, tab, placeInLog(top));
  return [];
}
