/** Reading far from the end of a person's tab: `far.ts`, over the encrypted log on this device. */
import { NO_SEQ, type Seq, type UserName } from '../../base/ids.ts';
import { scrollToMessage, scrollToTop } from '../view/scroll.ts';
import { leaveLog } from './far.ts';
import type { TabInner } from './inner.ts';
import { hint, logOf, personTabOf } from './lookup.ts';
import { MAX_LOG_ENTRIES, OWN_PLACES_FROM } from './message-log.ts';
import { logUnavailable, tell } from './messenger.ts';
import { askPast, PAGE } from './past.ts';
import { placeInLog, placeInTab } from './places.ts';
import type { PersonTab, State } from './state.ts';

type Asked = NonNullable<Extract<TabInner['past'], { kind: 'asked' }>['far']>;

/** What is older than the oldest line that is shown. */
export function askFurtherPast(state: State, tab: PersonTab): void {
  const isShort = tab.log.entries.length < MAX_LOG_ENTRIES || tab.log.first >= OWN_PLACES_FROM;
  if (tab.far === undefined && (isShort || !leaveLog(tab))) {
    askPast(state, tab);
    return;
  }
  const { far } = tab;
  if (far?.log.older !== 'more' || !askPage(state, tab, placeInLog(far.log.first), { page: 'older', far })) return;
  far.log.older = 'loading';
}

/** What is newer than the newest line of the window. */
export function askNewerPast(state: State, tab: PersonTab): void {
  const { far } = tab;
  if (far?.newer !== 'more') return;
  // The log gives what is before a place.
  if (askPage(state, tab, placeInLog(far.log.last) + 1 + PAGE, { page: 'newer', far })) far.newer = 'loading';
}

/** To the first message that the log has. */
export function jumpToFirstPast(state: State, tab: PersonTab): [] {
  seek(state, tab, 0, PAGE);
  return [];
}

/** To a message by its place in the log on this device, wherever that is. */
export function jumpToPast(state: State, tab: PersonTab, at: number): void {
  const seq = placeInTab(at);
  tab.seeking = undefined;
  const isHeld = (here: Seq): boolean => tab.log.find(here) !== undefined;
  if (tab.far?.log.find(seq) === undefined && isHeld(seq)) tab.far = undefined;
  if (logOf(tab).find(seq) !== undefined) tab.scroll = scrollToMessage(state, tab, seq);
  else seek(state, tab, at, at + 1 + PAGE / 2);
}

function seek(state: State, tab: PersonTab, at: number, before: number): void {
  // A page is under way: it goes there when that has come.
  if (tab.inner.past.kind === 'asked') tab.seeking = placeInTab(at);
  else if (askPage(state, tab, before, { page: 'there', at })) tab.seeking = placeInTab(at);
}

/** A page has come; where it wasn't the one with what is sought, that is asked for now. */
export function seekOn(state: State, person: UserName): void {
  const tab = personTabOf(state, person);
  if (tab?.seeking === undefined || tab.inner.past.kind !== 'read') return;
  const at = placeInLog(tab.seeking);
  if (at > 0 || tab.log.older !== 'none') jumpToPast(state, tab, at);
  else {
    tab.seeking = undefined;
    tab.scroll = scrollToTop(state, tab);
  }
}

/** @returns whether it was asked: one page at a time. */
function askPage(state: State, tab: PersonTab, before: number, far: Asked): boolean {
  if (tab.inner.past.kind === 'asked') return false;
  const why = logUnavailable(state);
  if (why !== undefined) {
    hint(state, why);
    return false;
  }
  tab.inner.past = { kind: 'asked', before, limit: PAGE, first: NO_SEQ, show: false, far };
  tell(state, { do: 'history', user: tab.person, limit: PAGE, before });
  return true;
}
