/** What has been seen: the counts in the tab bar, and the line above the first message that has not. */

import type { Seq, UserName } from '../../base/ids.ts';
import { thousands } from '../../base/text/number.ts';
import { visibleSpan } from '../view/scroll.ts';
import { countAfter, shownEntries } from '../view/shown.ts';
import type { Effect, Env } from './event.ts';
import { type Ignored, isIgnored } from './ignored.ts';
import { activeTab, hint, keyFor, logOf } from './lookup.ts';
import { mentions } from './mentions.ts';
import { tabsOnScreen } from './panes/on-screen.ts';
import type { State, Tab } from './state.ts';
import { tellNews } from './telling.ts';

interface Arrived {
  readonly seq: Seq;
  readonly from: UserName;
  readonly text: string;
  readonly re?: Seq | undefined;
}

/** In a room, what names us speaks to us, and what answers us; in private, everything does. */
function calls({ self, telling }: State, { kind, log }: Tab, { text, re }: Pick<Arrived, 'text' | 're'>): boolean {
  if (kind !== 'room') return true;
  if (self === undefined) return false;
  return mentions(text, self.name, telling.words) || (re !== undefined && log.find(re)?.from === self.name);
}

/** Whether what comes now is on the screen at once, with somebody before it. */
export const isInView = (state: State, tab: Tab): boolean =>
  state.focused !== false && tab.scroll.kind === 'tail' && tabsOnScreen(state).includes(tab);

/**
 * A message of somebody else has come into the log.
 * @param live it was written just now. Otherwise it was written while we were away from the server: the unread line is
 * drawn above it even in the tab that is open.
 * @param line what is unread may begin with it.
 */
export function arrived(
  state: State,
  env: Env,
  tab: Tab,
  message: Arrived,
  live: boolean,
  line: boolean = true,
): Effect[] {
  if (isIgnored(state.ignored, message.from)) return [];
  const { inner } = tab;
  const inView = isInView(state, tab);
  const isForUs = calls(state, tab, message);
  if (!inView) {
    tab.unread++;
    tab.mentioned ||= isForUs;
  }
  if (line && !(inView && live) && (tab.unreadFrom === undefined || inner.line === 'seen')) {
    tab.unreadFrom = message.seq;
    inner.line = 'unseen';
  }
  return live ? tellNews(state, env, { tab, from: message.from, text: message.text, calls: isForUs }) : [];
}

/** Notes what the screen shows now. Called after every event, so it is cheap where nothing is unread. */
export function look(state: State): void {
  if (state.focused === false) return;
  for (const tab of tabsOnScreen(state)) lookAt(state, tab);
}

function lookAt(state: State, tab: Tab): void {
  const { inner } = tab;
  const atTail = tab.scroll.kind === 'tail';
  if (atTail) {
    if (tab.unread > 0) tellAbove(state, tab);
    tab.unread = 0;
    tab.mentioned = false;
    inner.unseenAfter = undefined;
  }
  if (tab.unreadFrom === undefined || inner.line === 'seen') return;
  if (inner.line === 'unseen') {
    const span = visibleSpan(state, tab);
    const from = lineAt(tab, tab.unreadFrom);
    if (span !== undefined && span.first <= from && from <= span.last) inner.line = 'begun';
  }
  if (inner.line === 'begun' && atTail) inner.line = 'seen';
}

/** Where the line stands: older than the oldest line of all that there is to read, the oldest stands for it. */
function lineAt(tab: Tab, unreadFrom: Seq): Seq {
  const { older, first } = logOf(tab);
  const isThere = tab.kind === 'room' && (older === 'more' || older === 'loading');
  return isThere || unreadFrom > first ? unreadFrom : first;
}

/** The end is on the screen, and what is above it has never been. */
function tellAbove(state: State, tab: Tab): void {
  const { unreadFrom } = tab;
  // In lines all of it is told.
  if (state.lines || tab !== activeTab(state) || state.hint !== undefined || unreadFrom === undefined) return;
  const span = visibleSpan(state, tab);
  if (span === undefined || span.first <= unreadFrom) return;
  const entries = shownEntries(state, tab);
  const above = countAfter(state, tab, entries, unreadFrom - 1) - countAfter(state, tab, entries, span.first - 1);
  if (above > 0) hint(state, `${thousands(above)} unread above: ${keyFor(state, 'first-unread')}`);
}

/** Nothing is left that wasn't heard of. */
export function allSeen({ tabs }: State): void {
  for (const tab of tabs) {
    tab.unread = 0;
    tab.mentioned = false;
    tab.unreadFrom = undefined;
    tab.inner.line = 'unseen';
    tab.inner.unseenAfter = undefined;
  }
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
    else stay ||= calls(state, tab, entry);
  }
  // What isn't here any more can't be looked at again.
  if (left === 0) tab.mentioned = stay;
}
