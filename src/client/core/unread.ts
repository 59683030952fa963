/** What has been seen: the counts in the tab bar, and the line above the first message that has not. */
import type { Seq, UserName } from '../../base/ids.ts';
import { visibleSpan } from '../view/scroll.ts';
import type { Effect, Env } from './event.ts';
import { type Ignored, isIgnored } from './ignored.ts';
import { activeTab } from './lookup.ts';
import { mentions } from './mentions.ts';
import type { State, Tab } from './state.ts';

/** Milliseconds between two bells: ten people who call at once ring once. */
export const BELL_EVERY_MS = 2000;

interface Arrived {
  readonly seq: Seq;
  readonly from: UserName;
  readonly text: string;
}

/** In a room, what names us speaks to us; in private, everything does. */
const calls = (state: State, tab: Tab, text: string): boolean =>
  tab.kind !== 'room' || (state.self !== undefined && mentions(text, state.self.name));

/** Whether what comes now is on the screen at once. */
export const isInView = (state: State, tab: Tab): boolean => tab === activeTab(state) && tab.scroll.kind === 'tail';

/**
 * A message of somebody else has come into the log.
 * @param live it was written just now. Otherwise it was written while we were away from the server: the unread line is
 * drawn above it even in the tab that is open.
 */
export function arrived(state: State, env: Env, tab: Tab, message: Arrived, live: boolean): Effect[] {
  if (isIgnored(state.ignored, message.from)) return [];
  const { inner } = tab;
  const inView = isInView(state, tab);
  const isForUs = calls(state, tab, message.text);
  if (!inView) {
    tab.unread++;
    tab.mentioned ||= isForUs;
  }
  if (!(inView && live) && (tab.unreadFrom === undefined || inner.line === 'seen')) {
    tab.unreadFrom = message.seq;
    inner.line = 'unseen';
  }
  return isForUs && live ? ring(state, env) : [];
}

export function ring(state: State, env: Env): Effect[] {
  if (env.mono - state.inner.bellAt < BELL_EVERY_MS) return [];
  state.inner.bellAt = env.mono;
  return [{ do: 'bell' }];
}

/** Notes what the screen shows now. Called after every event, so it is cheap where nothing is unread. */
export function look(state: State): void {
  const tab = activeTab(state);
  const { inner } = tab;
  const atTail = tab.scroll.kind === 'tail';
  if (atTail) {
    tab.unread = 0;
    tab.mentioned = false;
    inner.unseenAfter = undefined;
  }
  if (tab.unreadFrom === undefined || inner.line === 'seen') return;
  if (inner.line === 'unseen') {
    const span = visibleSpan(state, tab);
    // Older than the oldest line here: its beginning can't be shown before it is paged in, so the oldest stands for it.
    const from = Math.max(tab.unreadFrom, tab.log.first);
    if (span !== undefined && span.first <= from && from <= span.last) inner.line = 'begun';
  }
  if (inner.line === 'begun' && atTail) inner.line = 'seen';
}

/** The line has done its work once all under it has been seen and we go on: by writing, or to another tab. */
export function moveOn(tab: Tab): void {
  if (tab.inner.line !== 'seen') return;
  tab.unreadFrom = undefined;
  tab.inner.line = 'unseen';
}

/** Counts again what is unread, after the messages of some have come to be left out. */
export function recount(state: State, tab: Tab, before: Ignored): void {
  if (tab.unread > 0) countAgain(state, tab, before);
  if (tab.unread === 0) tab.inner.unseenAfter = undefined;
  const { unreadFrom } = tab;
  const under = (seq: Seq, from: UserName): boolean =>
    unreadFrom !== undefined && seq >= unreadFrom && !isIgnored(state.ignored, from);
  if (tab.log.entries.some((entry) => entry.kind === 'message' && under(entry.seq, entry.from))) return;
  tab.unreadFrom = undefined;
  tab.inner.line = 'unseen';
}

function countAgain(state: State, tab: Tab, before: Ignored): void {
  let left = tab.unread;
  let stay = false;
  for (let i = tab.log.entries.length - 1; i >= 0 && left > 0; i--) {
    const entry = tab.log.entries[i];
    if (entry?.kind !== 'message' || entry.from === state.self?.name || isIgnored(before, entry.from)) continue;
    left--;
    if (isIgnored(state.ignored, entry.from)) tab.unread--;
    else stay ||= calls(state, tab, entry.text);
  }
  // What isn't here any more can't be looked at again.
  if (left === 0) tab.mentioned = stay;
}
