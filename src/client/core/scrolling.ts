/** Reading back: where a pane stands, and that what is older is there when it is reached. */
import { pageRows, scrollBy, scrollToMessage, scrollToTop, visibleSpan } from '../view/scroll.ts';
import type { Effect, Env } from './event.ts';
import { askFurther, askNewer, jumpTo, jumpToStart } from './far.ts';
import { askFurtherPast, askNewerPast, jumpToFirstPast } from './far-past.ts';
import { hint, logOf } from './lookup.ts';
import { logUnavailable } from './messenger.ts';
import type { PersonTab, RoomTab, Scroll, State, Tab } from './state.ts';
import { endWelcome } from './welcome.ts';

/** Entries above the screen below which the next older page is asked for: it should be there when they are reached. */
export const OLDER_FROM = 50;

type Scrolling = 'firstUnread' | 'pageUp' | 'pageDown' | 'top' | 'bottom';

export function scroll(state: State, env: Env, tab: Tab, kind: Scrolling): Effect[] {
  if (kind === 'firstUnread' && tab.unreadFrom === undefined) {
    const { late } = tab.inner;
    // One that came late stands anywhere: the line that tells of it is all that there is of it here.
    if (late !== undefined && tab.kind === 'room') {
      tab.inner.late = undefined;
      return jumpTo(state, env, tab, late);
    }
    hint(state, 'nothing here is unread');
    return [];
  }
  tab.seeking = undefined;
  if (kind === 'pageUp' && endWelcome(state, tab)) return [];
  const away = kind === 'top' || kind === 'firstUnread' ? elsewhere(state, env, tab, kind) : undefined;
  if (away !== undefined) return away;
  tab.scroll = target(state, tab, kind);
  if (kind === 'pageDown') return newer(state, env, tab);
  return kind === 'bottom' ? [] : older(state, env, tab);
}

/** @param rows towards what is older; negative: towards what is newer. */
export function scrollLines(state: State, env: Env, tab: Tab, rows: number): Effect[] {
  tab.seeking = undefined;
  if (rows > 0 && endWelcome(state, tab)) return [];
  tab.scroll = scrollBy(state, tab, rows);
  return rows > 0 ? older(state, env, tab) : newer(state, env, tab);
}

/** Where one goes is not held here. @returns undefined where it is. */
function elsewhere(state: State, env: Env, tab: Tab, kind: 'top' | 'firstUnread'): Effect[] | undefined {
  if (tab.kind === 'chat') return undefined;
  if (kind === 'top') return logOf(tab).older === 'none' ? undefined : toStart(state, env, tab);
  const { unreadFrom } = tab;
  const held = logOf(tab);
  if (unreadFrom === undefined || (unreadFrom >= held.first && unreadFrom <= held.last)) return undefined;
  if (unreadFrom >= tab.log.first) tab.far = undefined;
  else if (tab.kind === 'room' && tab.log.older !== 'none') return jumpTo(state, env, tab, unreadFrom);
  return undefined;
}

function toStart(state: State, env: Env, tab: RoomTab | PersonTab): Effect[] {
  return tab.kind === 'room' ? jumpToStart(state, env, tab) : jumpToFirstPast(state, tab);
}

/** What is newer than the newest line of a window, where its end is near. */
export function newer(state: State, env: Env, tab: Tab): Effect[] {
  if (tab.far === undefined || (visibleSpan(state, tab)?.below ?? 0) >= OLDER_FROM) return [];
  if (tab.kind === 'room') return askNewer(state, env, tab);
  if (tab.kind === 'person') askNewerPast(state, tab);
  return [];
}

function older(state: State, env: Env, tab: Tab): Effect[] {
  if ((visibleSpan(state, tab)?.above ?? 0) >= OLDER_FROM) return [];
  return askBefore(state, env, tab);
}

/** What is older than the oldest line here, where there is anything. */
export function askBefore(state: State, env: Env, tab: Tab): Effect[] {
  switch (tab.kind) {
    case 'room':
      return askFurther(state, env, tab);
    case 'person':
      if (logOf(tab).older === 'more' || (tab.log.older === 'unknown' && logUnavailable(state) !== undefined)) {
        askFurtherPast(state, tab);
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
