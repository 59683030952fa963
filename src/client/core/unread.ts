/** What has been seen: the counts in the tab bar, and the line above the first message that has not. */
import type { HistoryEntry } from '../../protocol/server-messages.ts';
import { visibleSpan } from '../view/scroll.ts';
import type { Effect, Env } from './event.ts';
import { activeTab, roomOf } from './lookup.ts';
import { mentions } from './mentions.ts';
import type { State, Tab } from './state.ts';

/** Milliseconds between two bells: ten people who call at once ring once. */
export const BELL_EVERY_MS = 2000;

/**
 * A message of somebody else has come into the log.
 * @param live it was written just now. Otherwise it was written while we were away from the server: the unread line is
 * drawn above it even in the tab that is open.
 */
export function arrived(state: State, env: Env, tab: Tab, message: HistoryEntry, live: boolean): Effect[] {
  const room = roomOf(state, tab.room);
  const inView = tab === activeTab(state) && tab.scroll.kind === 'tail';
  const names = state.self !== undefined && mentions(message.text, state.self.name);
  if (!inView) {
    tab.unread++;
    tab.mentioned ||= names;
  }
  if (!(inView && live) && (tab.unreadFrom === undefined || room.line === 'seen')) {
    tab.unreadFrom = message.seq;
    room.line = 'unseen';
  }
  if (!names || !live || env.mono - state.inner.bellAt < BELL_EVERY_MS) return [];
  state.inner.bellAt = env.mono;
  return [{ do: 'bell' }];
}

/** Notes what the screen shows now. Called after every event, so it is cheap where nothing is unread. */
export function look(state: State): void {
  const tab = activeTab(state);
  const atTail = tab.scroll.kind === 'tail';
  if (atTail) {
    tab.unread = 0;
    tab.mentioned = false;
  }
  const room = roomOf(state, tab.room);
  if (tab.unreadFrom === undefined || room.line === 'seen') return;
  if (room.line === 'unseen') {
    const span = visibleSpan(state, tab);
    // Older than the oldest line here: its beginning can't be shown before it is paged in, so the oldest stands for it.
    const from = Math.max(tab.unreadFrom, tab.log.first);
    if (span !== undefined && span.first <= from && from <= span.last) room.line = 'begun';
  }
  if (room.line === 'begun' && atTail) room.line = 'seen';
}

/** The line has done its work once all under it has been seen and we go on: by writing, or to another tab. */
export function moveOn(state: State, tab: Tab): void {
  const room = roomOf(state, tab.room);
  if (room.line !== 'seen') return;
  tab.unreadFrom = undefined;
  room.line = 'unseen';
}
