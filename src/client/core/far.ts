/**
 * Reading far from a log's end. The log itself stays what it is, the newest messages without gaps; beside it there is a
 * window of bounded length over what is older, which moves as one reads: what comes at one end goes at the other. Where
 * both touch, they become one again.
 */
import { NO_SEQ, type Seq, seqAfter } from '../../base/ids.ts';
import { MAX_HISTORY_PAGE } from '../../protocol/limits.ts';
import type { HistoryEntry, ServerMessages } from '../../protocol/server-messages.ts';
import { scrollToMessage } from '../view/scroll.ts';
import { ascending, askOlder } from './backfill.ts';
import type { Effect, Env } from './event.ts';
import { knowFirst } from './gone.ts';
import { olderWords } from './lan-people.ts';
import { hint, logOf, roomOf, roomTabs } from './lookup.ts';
import { createLog, type Far, MAX_LOG_ENTRIES, type MessageLog } from './message-log.ts';
import { reaches } from './reaches.ts';
import { answered, ask, finish } from './requests.ts';
import type { RoomTab, State, Tab } from './state.ts';

/** Entries of a window: beyond, those at its other end are dropped. */
export const MAX_FAR_ENTRIES = 5000;
/** Entries that a window begins with where it leaves the log: more than any screen and what is kept above it. */
const TAKEN_ALONG = 1000;

/** What is older than the oldest line that is shown. */
export function askFurther(state: State, env: Env, tab: RoomTab): Effect[] {
  if (tab.far === undefined && (tab.log.entries.length < MAX_LOG_ENTRIES || !leaveLog(tab))) {
    return askOlder(state, env, tab);
  }
  const { far } = tab;
  if (far?.log.older !== 'more') return [];
  if (!reaches(state, tab.room)) return offline(state);
  const page = { type: 'history', room: tab.room, before: far.log.first, limit: MAX_HISTORY_PAGE } as const;
  return asked(askFar(state, env, tab, page, { page: 'older', far }), () => {
    far.log.older = 'loading';
  });
}

/** What is newer than the newest line of the window. */
export function askNewer(state: State, env: Env, tab: RoomTab): Effect[] {
  const { far } = tab;
  if (far?.newer !== 'more') return [];
  if (!reaches(state, tab.room)) return offline(state);
  const page = { type: 'history', room: tab.room, since: far.log.last, limit: MAX_HISTORY_PAGE } as const;
  return asked(askFar(state, env, tab, page, { page: 'newer', far }), () => {
    far.newer = 'loading';
  });
}

/** To a message, wherever it is: now where it is held here, else when its page has come. */
export function jumpTo(state: State, env: Env, tab: RoomTab, seq: Seq): Effect[] {
  tab.seeking = undefined;
  if (tab.far !== undefined && tab.far.log.find(seq) === undefined && tab.log.find(seq) !== undefined) {
    tab.far = undefined;
  }
  if (logOf(tab).find(seq) !== undefined) {
    tab.scroll = scrollToMessage(state, tab, seq);
    return [];
  }
  return seek(state, env, tab, seq, { type: 'history', room: tab.room, around: seq, limit: MAX_HISTORY_PAGE });
}

/** To the first message of all. */
export function jumpToStart(state: State, env: Env, tab: RoomTab): Effect[] {
  const first = seqAfter(NO_SEQ);
  return seek(state, env, tab, first, { type: 'history', room: tab.room, since: NO_SEQ, limit: MAX_HISTORY_PAGE });
}

type Question = Extract<Extract<Effect, { do: 'send' }>['message'], { type: 'history' }>;

function seek(state: State, env: Env, tab: RoomTab, seq: Seq, page: Question): Effect[] {
  if (!reaches(state, tab.room)) return offline(state);
  return asked(askFar(state, env, tab, page, { page: 'there', seq }), () => {
    tab.seeking = seq;
  });
}

function offline(state: State): Effect[] {
  hint(state, olderWords(state));
  return [];
}

function asked(effects: Effect[], then: () => void): Effect[] {
  if (effects.length > 0) then();
  return effects;
}

type Which = { readonly page: 'older' | 'newer'; readonly far: Far } | { readonly page: 'there'; readonly seq: Seq };

const askFar = (state: State, env: Env, tab: RoomTab, message: Question, which: Which): Effect[] =>
  ask(state, env, message, { kind: 'far', room: tab.room, rev: roomOf(state, tab.room).rev, ...which });

/** The window begins with the oldest lines of the log. @returns false where the screen is somewhere else. */
export function leaveLog(tab: Tab): boolean {
  const { log, scroll } = tab;
  if (scroll.kind === 'tail' || log.older !== 'more') return false;
  const taken = log.oldest(TAKEN_ALONG);
  const newest = taken.entries.at(-1);
  if (newest === undefined || newest.key <= scroll.bottom) return false;
  tab.far = { log: taken, newer: 'more' };
  return true;
}

/** @returns false for a page that is no answer to what was asked here. */
export function receiveFar(state: State, tab: RoomTab, page: ServerMessages['history']): boolean {
  const found = answered(state, page.id, 'far');
  if (found === undefined) return false;
  finish(state, found.id);
  const { purpose } = found;
  // It may have been read before changes that have come since it was asked for: these are asked for again.
  const room = roomOf(state, tab.room);
  room.rev = Math.min(room.rev, purpose.rev);
  const messages = ascending(page.messages);
  knowFirst(tab, page.first);
  // Whatever is shown by now: a window that may come back can go on.
  if (purpose.page !== 'there' && tab.far !== purpose.far) asks(purpose.far);
  else if (purpose.page === 'there') {
    if (tab.seeking !== purpose.seq) return true;
    tab.seeking = undefined;
    const backwards = purpose.seq > seqAfter(NO_SEQ) && page.moreOlder !== false;
    arrive(state, tab, messages, purpose.seq, backwards);
    if (messages.length > 0 && purpose.seq > seqAfter(NO_SEQ) && purpose.seq < tab.first)
      hint(state, 'that message is no longer kept: this is the oldest one');
  } else if (purpose.page === 'older') prependFar(purpose.far, messages, page.more);
  else appendFar(tab, purpose.far, messages, page.more);
  return true;
}

/** The page with what was sought has come. */
export function arrive(state: State, tab: Tab, messages: readonly HistoryEntry[], seq: Seq, older: boolean): void {
  if (messages.length === 0) {
    hint(state, 'that message is not to be had any more', true);
    return;
  }
  const log = createLog();
  log.open(messages);
  log.older = older ? 'more' : 'none';
  tab.far = { log, newer: 'more' };
  // Some way from the end, and joined below if it isn't.
  tab.scroll = { kind: 'at', bottom: log.entries.at(-1)?.key ?? 0, hidden: 0 };
  tab.scroll = scrollToMessage(state, tab, seq);
  joinLog(tab, tab.far);
}

export function prependFar(far: Far, messages: readonly HistoryEntry[], more: boolean): void {
  const added = far.log.prepend(messages);
  far.log.older = more && added > 0 ? 'more' : 'none';
  if (far.log.trimNewest(MAX_FAR_ENTRIES) && far.newer === 'none') far.newer = 'more';
}

export function appendFar(tab: Tab, far: Far, messages: readonly HistoryEntry[], more: boolean): void {
  const added = messages.filter((message) => far.log.append(message)).length;
  far.newer = added > 0 || more ? 'more' : 'none';
  far.log.trim(MAX_FAR_ENTRIES);
  joinLog(tab, far);
}

/** Where the window has come to the log, its lines go in front of the log's, and the screen stays where it is. */
function joinLog(tab: Tab, far: Far): void {
  const { log, scroll } = tab;
  if (seqAfter(far.log.last) < log.first) return;
  const here = scroll.kind === 'at' ? messageAt(far.log, scroll.bottom) : undefined;
  log.prepend(far.log.entries.filter((entry) => entry.kind === 'message'));
  log.older = far.log.older === 'loading' ? 'more' : far.log.older;
  tab.far = undefined;
  const there = here === undefined ? undefined : log.find(here);
  tab.scroll =
    there === undefined || scroll.kind === 'tail'
      ? { kind: 'tail' }
      : { kind: 'at', bottom: there.key, hidden: scroll.hidden };
}

/** The message with this key, or the last before it. */
function messageAt({ entries }: MessageLog, key: number): Seq | undefined {
  let found: Seq | undefined;
  for (const entry of entries) {
    if (entry.key > key) break;
    if (entry.kind === 'message') found = entry.seq;
  }
  return found;
}

/** Whoever is at the end again, by whatever way, reads the log. Called after every event. */
export function settleFar(state: State): void {
  for (const tab of state.tabs) if (tab.far !== undefined && tab.scroll.kind === 'tail') tab.far = undefined;
}

/** Without a connection, or when it was refused, nothing more comes. */
export function farFailed(tab: Tab): void {
  tab.seeking = undefined;
  if (tab.far !== undefined) asks(tab.far);
}

/** What was asked for it hasn't come, and can be asked for once more. */
export function asks(far: Far): void {
  if (far.log.older === 'loading') far.log.older = 'more';
  if (far.newer === 'loading') far.newer = 'more';
}

export function farLost(state: State): void {
  for (const tab of roomTabs(state)) farFailed(tab);
}
