/**
 * Each room's log stays contiguous: a message that follows on is shown at once, one that came too early is kept aside
 * until the pages of history in between have come. So after a reconnect nothing is lost, nothing shown twice, and all is
 * in order.
 */

import { NO_SEQ, ownPlace, type RoomName, type Seq, seqAfter } from '../../base/ids.ts';
import { MAX_HISTORY_PAGE } from '../../protocol/limits.ts';
import { LOBBY } from '../../protocol/names.ts';
import type { HistoryEntry, ServerMessages } from '../../protocol/server-messages.ts';
import { scrollToMessage } from '../view/scroll.ts';
import type { Effect, Env } from './event.ts';
import { knowFirst, nextKept, passGone } from './gone.ts';
import type { RoomState } from './inner.ts';
import { olderWords } from './lan-people.ts';
import { activeTab, hint, notice, roomOf, roomTabs } from './lookup.ts';
import { forgetPlaces } from './mailbox.ts';
import { MAX_LOG_ENTRIES, MAX_LOG_ENTRIES_READING } from './message-log.ts';
import { stored } from './outbox.ts';
import { contradicts, mustProve } from './proof.ts';
import { reaches, reachesAnybody } from './reaches.ts';
import { answered, ask, finish, isAsked } from './requests.ts';
import { firstNews, forgetSeen } from './seen.ts';
import { askSparse, isBehind, knowSparseEnd, placeSparse, receiveWalk, takeWaiting } from './sparse.ts';
import type { RoomTab, State } from './state.ts';
import { arrived } from './unread.ts';

/** Messages of one room that are kept aside while the ones before them are fetched; later ones are fetched with these. */
export const MAX_HELD = 1000;
/**
 * Messages. Across a larger gap the log starts anew at its newest page: nobody reads a thousand lines in one go, and the
 * rest is there to scroll back to.
 */
const MAX_GAP = 1000;
/** Rooms whose pages are under way at once: a hundred pages in one burst would make us the slow reader that is cut off. */
export const MAX_PAGES_AT_ONCE = 4;

/** A message, or our own one that an `ack` gives its place to. */
export function place(state: State, env: Env, tab: RoomTab, message: HistoryEntry): Effect[] {
  if (tab.sparse) return placeSparse(state, env, tab, message);
  const room = roomOf(state, tab.room);
  if (message.seq > room.target) room.target = message.seq;
  if (message.seq <= tab.log.last) {
    settle(state, env, message);
    return [];
  }
  if (!room.opened || message.seq > seqAfter(tab.log.last)) {
    if (room.held.size < MAX_HELD) room.held.set(message.seq, message);
    return [];
  }
  const effects = append(state, env, tab, message, true);
  return room.held.size === 0 ? effects : [...effects, ...takeHeld(state, env, tab, room)];
}

const isOwn = (state: State, message: HistoryEntry): boolean => message.from === state.self?.name;

/** It is stored: if it is one of ours, its acknowledgement may have been lost with a connection. */
function settle(state: State, env: Env, message: HistoryEntry): void {
  if (message.id !== undefined && isOwn(state, message)) stored(state, env, message.id);
}

function append(state: State, env: Env, tab: RoomTab, message: HistoryEntry, live: boolean): Effect[] {
  settle(state, env, message);
  if (!tab.log.append(message)) return [];
  const room = roomOf(state, tab.room);
  if (message.seq > room.target) room.target = message.seq;
  tab.log.trim(tab.scroll.kind === 'tail' ? MAX_LOG_ENTRIES : MAX_LOG_ENTRIES_READING);
  return isOwn(state, message) ? [] : arrived(state, env, tab, message, live);
}

/** Shows what now follows on, and drops what the pages have brought too. */
function takeHeld(state: State, env: Env, tab: RoomTab, room: RoomState): Effect[] {
  const effects: Effect[] = [];
  for (const [seq, message] of room.held) {
    if (seq > tab.log.last) continue;
    room.held.delete(seq);
    settle(state, env, message);
  }
  let next = room.held.get(seqAfter(tab.log.last));
  while (next !== undefined) {
    room.held.delete(next.seq);
    effects.push(...append(state, env, tab, next, true));
    next = room.held.get(seqAfter(tab.log.last));
  }
  return effects;
}

/** The server says where the room ends: on entering it, and after every reconnect. */
export function knowEnd(state: State, env: Env, tab: RoomTab, last: Seq, reconnected: boolean): void {
  const room = roomOf(state, tab.room);
  if (tab.sparse) {
    knowSparseEnd(tab, room, last, reconnected);
    return;
  }
  // A log that is longer than the room belongs to another life of this server.
  if (reconnected && room.opened && last < tab.log.last) anotherLife(state, env, tab, last);
  else if (reconnected && room.opened) room.unproven = mustProve(state, tab, last);
  if (last > room.target) room.target = last;
  if (!room.opened && room.target === NO_SEQ) {
    room.opened = true;
    tab.log.older = 'none';
  }
}

/** The server's data is not what it was: what is here has other places there, or none. */
function anotherLife(state: State, env: Env, tab: RoomTab, last: Seq): void {
  const room = roomOf(state, tab.room);
  startAnew(tab, room);
  tab.unread = 0;
  tab.mentioned = false;
  forgetSeen(state, tab.room);
  // Everybody is in the lobby, so our mailbox there is another one too.
  if (tab.room === LOBBY) forgetPlaces(state);
  room.held.clear();
  room.target = last;
  notice(tab, env, 'the server has lost messages that were here: this is what it has now', true);
}

export function startAnew(tab: RoomTab, room: RoomState, notices = false): void {
  tab.log.reset(notices);
  tab.far = undefined;
  tab.seeking = undefined;
  tab.scroll = { kind: 'tail' };
  tab.unreadFrom = undefined;
  tab.inner.line = 'unseen';
  room.opened = false;
  room.unproven = false;
}

const isForward = (state: State, room: RoomName): boolean =>
  isAsked(state, (purpose) => purpose.kind === 'history' && purpose.page !== 'older' && purpose.room === room);

/** Asks for the pages that fill the gaps, the open tab's first. Called after every event. */
export function fillGaps(state: State, env: Env): Effect[] {
  if (!reachesAnybody(state)) return [];
  const behind = roomTabs(state).filter((tab) => {
    const room = roomOf(state, tab.room);
    const { joined, opened, target, unproven } = room;
    if (tab.sparse) return joined && isBehind(room);
    return joined && (!opened || unproven || tab.log.last < target);
  });
  if (behind.length === 0) return [];
  const open = activeTab(state);
  const effects: Effect[] = [];
  let underWay = behind.filter((tab) => isForward(state, tab.room)).length;
  for (const tab of behind.toSorted((a, b) => Number(b === open) - Number(a === open))) {
    if (underWay >= MAX_PAGES_AT_ONCE) break;
    if (isForward(state, tab.room)) continue;
    underWay++;
    effects.push(...askForward(state, env, tab));
  }
  return effects;
}

function askForward(state: State, env: Env, tab: RoomTab): Effect[] {
  if (tab.sparse) return askSparse(state, env, tab);
  const { room, log } = tab;
  const { opened, target, rev, unproven } = roomOf(state, room);
  const { last } = log;
  const since = unproven ? ownPlace(last - 1) : last;
  const message = { type: 'history', room, limit: MAX_HISTORY_PAGE } as const;
  return !opened || target - nextKept(tab, last) >= MAX_GAP
    ? ask(state, env, message, { kind: 'history', room, page: 'newest', last, target, rev })
    : ask(state, env, { ...message, since }, { kind: 'history', room, page: 'since', last: since, target, rev });
}

/** The page before the oldest line, for somebody who reads back. */
export function askOlder(state: State, env: Env, tab: RoomTab): Effect[] {
  const { log } = tab;
  if (log.older !== 'more') return [];
  if (!reaches(state, tab.room)) {
    hint(state, olderWords(state));
    return [];
  }
  if (log.entries.length >= MAX_LOG_ENTRIES_READING) {
    hint(state, `${MAX_LOG_ENTRIES_READING} lines are held here: go to the end and come back to read on`);
    return [];
  }
  const purpose = { kind: 'history', room: tab.room, page: 'older', rev: roomOf(state, tab.room).rev } as const;
  const effects = ask(
    state,
    env,
    { type: 'history', room: tab.room, before: log.first, limit: MAX_HISTORY_PAGE },
    purpose,
  );
  if (effects.length > 0) log.older = 'loading';
  return effects;
}

/** A page that was asked for has come. */
export function receivePage(state: State, env: Env, tab: RoomTab, page: ServerMessages['history']): Effect[] {
  const found = answered(state, page.id, 'history');
  if (found === undefined) return [];
  finish(state, found.id);
  // It may have been read before changes that have come since it was asked for: these are asked for again.
  const room = roomOf(state, tab.room);
  room.rev = Math.min(room.rev, found.purpose.rev);
  const messages = ascending(page.messages);
  knowFirst(tab, page.first);
  if (room.opened && found.purpose.page !== 'older' && !tab.sparse) {
    room.unproven = false;
    if (contradicts(tab.log, messages)) {
      anotherLife(state, env, tab, room.target);
      return [];
    }
  }
  switch (found.purpose.page) {
    case 'older': {
      const { message } = found.request;
      // The log may have lost its oldest lines, or begun anew, meanwhile: then this page no longer touches it.
      const fits = message.type === 'history' && message.before === tab.log.first;
      for (const one of messages) settle(state, env, one);
      const added = fits ? tab.log.prepend(messages) : 0;
      tab.log.older = !fits || (page.more && added > 0) ? 'more' : 'none';
      return [];
    }
    case 'newest':
      return receiveNewest(state, env, tab, messages, page.more, found.purpose);
    case 'since':
      if (tab.sparse) return receiveWalk(state, env, tab, messages, page.more);
      return receiveNext(state, env, tab, messages, found.purpose);
  }
}

/** The order of a page is the server's promise; what breaks it is left out, so that a log never runs backwards. */
export function ascending(messages: readonly HistoryEntry[]): HistoryEntry[] {
  const kept: HistoryEntry[] = [];
  for (const message of messages) if (message.seq > (kept.at(-1)?.seq ?? NO_SEQ)) kept.push(message);
  return kept;
}

interface Asked {
  readonly last: Seq;
  readonly target: Seq;
}

function receiveNewest(
  state: State,
  env: Env,
  tab: RoomTab,
  messages: HistoryEntry[],
  more: boolean,
  asked: Asked,
): Effect[] {
  const room = roomOf(state, tab.room);
  const oldest = messages[0];
  const { last } = tab.log;
  const wasOpened = room.opened;
  if (wasOpened && (oldest === undefined || oldest.seq <= nextKept(tab, last))) {
    return receiveNext(state, env, tab, messages, asked);
  }
  // Where somebody looks, it is seen at the end of this event.
  if (wasOpened && oldest !== undefined) tab.unread += oldest.seq - nextKept(tab, last);
  const missedFrom = tab.inner.line === 'seen' ? nextKept(tab, last) : (tab.unreadFrom ?? nextKept(tab, last));
  // What was told before a room's first page is about the start: nobody has had the time to read it.
  const reading = wasOpened ? readingBack(tab) : undefined;
  startAnew(tab, room, !wasOpened);
  if (reading !== undefined) Object.assign(tab, reading);
  // What was missed begins before this page.
  if (wasOpened && oldest !== undefined) tab.unreadFrom = missedFrom;
  tab.log.open(messages);
  tab.log.older = more && messages.length > 0 ? 'more' : 'none';
  // Where all of it is gone, the next one that is said follows on.
  if (oldest === undefined) passGone(state, env, tab, messages);
  room.opened = true;
  if (tab.log.last > room.target) room.target = tab.log.last;
  const effects: Effect[] = [];
  // Of a room that was open before, the page is news; of one that is opened, what has come since one has read it.
  const news = wasOpened ? oldest?.seq : firstNews(state, tab);
  if (!wasOpened && news !== undefined && oldest !== undefined && news < oldest.seq) {
    // Where nobody counts, how many they are is not known.
    if (!tab.sparse) tab.unread += oldest.seq - news;
    tab.unreadFrom = news;
  }
  const isRead = !wasOpened && tab.scroll.kind === 'tail';
  if (isRead) standAt(state, tab, news);
  for (const message of messages) {
    settle(state, env, message);
    const isNews = news !== undefined && message.seq >= news;
    if (isNews && !isOwn(state, message)) effects.push(...arrived(state, env, tab, message, false));
  }
  effects.push(...afterPage(state, env, tab, room, asked));
  // Again, since the line has a row of its own now; or nothing of it is news.
  if (isRead) standAt(state, tab, tab.unreadFrom);
  return effects;
}

/** Whoever reads far from the end goes on doing so: what they read is as true as before. */
function readingBack(tab: RoomTab): Pick<RoomTab, 'far' | 'seeking' | 'scroll'> | undefined {
  const { log, scroll, seeking } = tab;
  if (scroll.kind === 'tail') return undefined;
  const far = tab.far ?? { log: log.oldest(log.entries.length), newer: 'more' };
  if (far.newer === 'none') far.newer = 'more';
  return { far, scroll, seeking };
}

/** A room that one has been away from is read from where one left it, where that is here. */
function standAt(state: State, tab: RoomTab, news: Seq | undefined): void {
  const isHere = news !== undefined && news >= tab.log.first;
  tab.scroll = isHere ? scrollToMessage(state, tab, news) : { kind: 'tail' };
}

function receiveNext(state: State, env: Env, tab: RoomTab, messages: HistoryEntry[], asked: Asked): Effect[] {
  passGone(state, env, tab, messages);
  const effects = messages.flatMap((message) => append(state, env, tab, message, false));
  return [...effects, ...afterPage(state, env, tab, roomOf(state, tab.room), asked)];
}

function afterPage(state: State, env: Env, tab: RoomTab, room: RoomState, asked: Asked): Effect[] {
  if (tab.sparse) return takeWaiting(state, env, tab);
  const effects = takeHeld(state, env, tab, room);
  // Nothing has come, by the page or meanwhile: asked once more, the server would say the same.
  const stuck = tab.log.last === asked.last && room.target === asked.target && room.target > tab.log.last;
  return stuck ? [...effects, ...takeAll(state, env, tab, room)] : effects;
}

/** What is missing can't be had: what is here is all there is. */
function takeAll(state: State, env: Env, tab: RoomTab, room: RoomState): Effect[] {
  const held = [...room.held.values()].toSorted((a, b) => a.seq - b.seq);
  room.held.clear();
  const effects = held.flatMap((message) => append(state, env, tab, message, true));
  room.target = tab.log.last;
  return effects;
}

/** The server has refused to give what is missing. */
export function giveUp(state: State, env: Env, tab: RoomTab): Effect[] {
  const room = roomOf(state, tab.room);
  room.unproven = false;
  if (!room.opened) {
    room.opened = true;
    tab.log.older = 'more';
  }
  room.walk = undefined;
  return tab.sparse ? takeWaiting(state, env, tab) : takeAll(state, env, tab, room);
}

/** Without a connection nothing more comes. What is held stays: it is stored, so it is true. */
export function connectionLost(state: State): void {
  for (const tab of roomTabs(state)) {
    roomOf(state, tab.room).joined = false;
    if (tab.log.older === 'loading') tab.log.older = 'more';
  }
}
