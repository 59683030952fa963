/** Reading back: where a pane stands, and that what is older is there when it is reached. */
import { pageRows, scrollBy, scrollToMessage, scrollToTop, visibleSpan } from '../view/scroll.ts';
import { askOlder } from './backfill.ts';
import type { Effect, Env } from './event.ts';
import { hint } from './lookup.ts';
import { logUnavailable } from './messenger.ts';
import { askPast } from './past.ts';
import type { Scroll, State, Tab } from './state.ts';

/** Entries above the screen below which the next older page is asked for: it should be there when they are reached. */
const OLDER_FROM = 50;

type Scrolling = 'firstUnread' | 'pageUp' | 'pageDown' | 'top' | 'bottom';

export function scroll(state: State, env: Env, tab: Tab, kind: Scrolling): Effect[] {
  if (kind === 'firstUnread' && tab.unreadFrom === undefined) {
    hint(state, 'nothing here is unread');
    return [];
  }
  tab.scroll = target(state, tab, kind);
  return kind === 'pageUp' || kind === 'top' || kind === 'firstUnread' ? older(state, env, tab) : [];
}

/** @param rows towards what is older; negative: towards what is newer. */
export function scrollLines(state: State, env: Env, tab: Tab, rows: number): Effect[] {
  tab.scroll = scrollBy(state, tab, rows);
  return rows > 0 ? older(state, env, tab) : [];
}

function older(state: State, env: Env, tab: Tab): Effect[] {
  if ((visibleSpan(state, tab)?.above ?? 0) >= OLDER_FROM) return [];
  return askBefore(state, env, tab);
}

/** What is older than the oldest line here, where there is anything. */
export function askBefore(state: State, env: Env, tab: Tab): Effect[] {
  switch (tab.kind) {
    case 'room':
      return askOlder(state, env, tab);
    case 'person':
      if (tab.log.older === 'more' || (tab.log.older === 'unknown' && logUnavailable(state) !== undefined)) {
        askPast(state, tab);
      }
      return [];
    // What was said in it is nowhere else.
    case 'chat':
      return [];
  }
}

function target(state: State, tab: Tab, kind: Scrolling): Scroll {
  switch (kind) {
    case 'firstUnread':
      return tab.unreadFrom === undefined ? tab.scroll : scrollToMessage(state, tab, tab.unreadFrom);
    case 'pageUp':
      return scrollBy(state, tab, pageRows(state, tab));
    case 'pageDown':
      return scrollBy(state, tab, -pageRows(state, tab));
    case 'top':
      return scrollToTop(state, tab);
    case 'bottom':
      return { kind: 'tail' };
  }
}
