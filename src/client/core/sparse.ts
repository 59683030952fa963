/**
 * Rooms whose messages nobody counts, as on the local network. A message has its place from its author's clock, the same for
 * everybody, so places ascend with gaps, and one that was long on its way belongs before others that are here. It is put
 * there. Nothing is waited for, and nothing is asked for between two places; what was missed without a connection may be
 * anywhere, so after each all that is here is gone through once more.
 */
import { NO_SEQ, ownPlace, type Seq } from '../../base/ids.ts';
import { MAX_HISTORY_PAGE } from '../../protocol/limits.ts';
import type { HistoryEntry } from '../../protocol/server-messages.ts';
import type { Effect, Env } from './event.ts';
import { isIgnored } from './ignored.ts';
import type { RoomState } from './inner.ts';
import { isFarUp, NEAR, tellLate } from './late.ts';
import { roomOf } from './lookup.ts';
import {
  type Inserted,
  isSame,
  MAX_LOG_ENTRIES,
  MAX_LOG_ENTRIES_READING,
  type MessageEntry,
  type MessageLog,
} from './message-log.ts';
import { stored } from './outbox.ts';
import { ask } from './requests.ts';
import type { RoomTab, State } from './state.ts';
import { arrived, isInView } from './unread.ts';

/** Messages that wait for a room's first page: as many as come while a program starts. */
const MAX_WAITING = 1000;
/** Milliseconds by which a message may be older than our log-in, and still is news of now: as clocks may differ. */
const LIVE_MS = 60_000;
/** Milliseconds within which what comes belongs to the same catching up, so that one unread line stands above all of it. */
const CATCHING_UP_MS = 5000;
/** Messages that others have the place of, until they are told again: that comes at once. */
const MAX_DISPLACED = 1000;

/** A message, or our own one that an `ack` gives its place to. */
export function placeSparse(state: State, env: Env, tab: RoomTab, message: HistoryEntry): Effect[] {
  const room = roomOf(state, tab.room);
  settle(state, env, message);
  if (message.seq > room.target) room.target = message.seq;
  if (room.opened) return take(state, env, tab, message, false);
  if (room.held.size < MAX_WAITING) room.held.set(message.seq, message);
  return [];
}

const isOwn = (state: State, message: HistoryEntry): boolean => message.from === state.self?.name;

function settle(state: State, env: Env, message: HistoryEntry): void {
  if (message.id !== undefined && isOwn(state, message)) stored(state, env, message.id);
}

/** @param missed it was said while there was no connection, and is newer than what was here then. */
function take(state: State, env: Env, tab: RoomTab, message: HistoryEntry, missed: boolean): Effect[] {
  const { log, far } = tab;
  const here = log.find(message.seq);
  if (here !== undefined && isSame(here, message)) return [];
  // Read already, where one reads far back.
  if (message.seq < log.first && far?.log.find(message.seq) !== undefined) return [];
  const isNewest = message.seq > log.last;
  const isKnown = makeWay(roomOf(state, tab.room), tab, message);
  const isHere = insert(tab, message);
  if (isHere) log.trim(tab.scroll.kind === 'tail' ? MAX_LOG_ENTRIES : MAX_LOG_ENTRIES_READING);
  if (isKnown || isOwn(state, message)) return [];
  const isLive = !missed && message.time >= state.inner.mail.since - LIVE_MS;
  if (isNewest || missed) return newest(state, env, tab, message, isLive);
  return isHere ? between(state, env, tab, message, isLive) : above(state, env, tab, message, isLive, false);
}

const nameOf = ({ from, id }: Pick<MessageEntry, 'from' | 'id'>): string => `${from} ${id}`;

/**
 * Two that would have the same place stand side by side, so a late message may take the place of one that is here: that is
 * told again, at its new place, and is no news there. @returns whether this one has been here.
 */
function makeWay(room: RoomState, tab: RoomTab, message: HistoryEntry): boolean {
  const { displaced } = room;
  const other = tab.log.find(message.seq);
  if (other !== undefined) displaced.set(nameOf(other), other.seq);
  const [oldest] = displaced.keys();
  if (displaced.size > MAX_DISPLACED && oldest !== undefined) displaced.delete(oldest);
  tab.far?.log.withdraw(message);
  const before = tab.log.withdraw(message) ?? displaced.get(nameOf(message));
  displaced.delete(nameOf(message));
  if (before !== undefined) follow(tab, before, message.seq);
  return before !== undefined;
}

/** A message stands somewhere else: so does what is about it. */
function follow(tab: RoomTab, from: Seq, to: Seq): void {
  const { writing, pick } = tab;
  tab.log.moveAnswers(from, to);
  tab.far?.log.moveAnswers(from, to);
  tab.pending = tab.pending.map((pending) => (pending.re === from ? { ...pending, re: to } : pending));
  if (writing?.kind === 'reply' && writing.to === from) tab.writing = { ...writing, to };
  if (writing?.kind === 'correct' && writing.seq === from) tab.writing = { ...writing, seq: to };
  if (pick?.seq === from) tab.pick = { ...pick, seq: to };
  if (tab.unreadFrom === from && to < from) tab.unreadFrom = to;
}

/** In the log, and in a window over what is older, where it belongs there. The screen stays where it is. */
function insert(tab: RoomTab, message: HistoryEntry): boolean {
  const { far, log } = tab;
  const isInFar = far !== undefined && message.seq >= far.log.first && message.seq <= far.log.last;
  if (isInFar) stay(tab, far.log, far.log.insert(message));
  const inserted = log.insert(message);
  stay(tab, log, inserted);
  return isInFar || inserted !== undefined;
}

/** Entries may have got other keys: what is at the screen's lower edge has, too. */
function stay(tab: RoomTab, log: MessageLog, inserted: Inserted | undefined): void {
  const { scroll, far } = tab;
  if (inserted?.moved === undefined || scroll.kind === 'tail' || (far?.log ?? tab.log) !== log) return;
  tab.scroll = { ...scroll, bottom: movedKey(inserted.moved, scroll.bottom) };
}

/** Of the entry itself, or of the last one before where it was. */
function movedKey(moved: ReadonlyMap<number, number>, key: number): number {
  let found = Number.NEGATIVE_INFINITY;
  for (const [before, now] of moved) if (before <= key) found = now;
  return Number.isFinite(found) ? found : key;
}

/** At the end, or on the way there. */
function newest(state: State, env: Env, tab: RoomTab, message: HistoryEntry, live: boolean): Effect[] {
  const room = roomOf(state, tab.room);
  const isCatchingUp = env.mono - room.missedAt < CATCHING_UP_MS;
  if (!live) room.missedAt = env.mono;
  // The line stands above the first of what was missed, although all before it has been on the screen meanwhile.
  const keepsLine = !live && isCatchingUp && tab.unreadFrom !== undefined;
  const effects = arrived(state, env, tab, message, live, !keepsLine);
  extendLine(tab, message.seq);
  return effects;
}

/** What is unread begins no later than there. */
function extendLine(tab: RoomTab, seq: Seq): void {
  if (tab.unreadFrom !== undefined && tab.inner.line !== 'seen' && seq < tab.unreadFrom) tab.unreadFrom = seq;
}

/** Others that are here stand after it. */
function between(state: State, env: Env, tab: RoomTab, message: HistoryEntry, live: boolean): Effect[] {
  const { unreadFrom, inner, log } = tab;
  const unread = inner.line === 'seen' ? undefined : unreadFrom;
  // It is to be read anyway.
  if (unread !== undefined && message.seq >= unread) return arrived(state, env, tab, message, live, false);
  const below = log.countBetween(message.seq, unread, NEAR + 1);
  if (isFarUp(tab, message, below)) return above(state, env, tab, message, live, true);
  // Before all that is unread, with nothing read between: that begins with it. Else it is as good as the newest.
  const effects = arrived(state, env, tab, message, live, !isInView(state, tab));
  extendLine(tab, message.seq);
  return effects;
}

/** It stands far up, or is still to come with what is older. */
function above(state: State, env: Env, tab: RoomTab, message: HistoryEntry, live: boolean, isHere: boolean): Effect[] {
  // In lines, what is here is told itself.
  if (!isIgnored(state.ignored, message.from) && !(state.lines && isHere)) tellLate(env, tab, message);
  return arrived(state, env, tab, message, live, false);
}

/** The server says where the room ends: on entering it, and after every reconnect. */
export function knowSparseEnd(tab: RoomTab, room: RoomState, last: Seq, reconnected: boolean): void {
  const { log } = tab;
  room.target = last;
  if (!room.opened && last === NO_SEQ) {
    room.opened = true;
    log.older = 'none';
  } else if (reconnected && room.opened) {
    room.walk = { since: log.older === 'none' ? NO_SEQ : ownPlace(log.first - 1), known: log.last };
  }
}

/** What has changed is found with what has come. @param last how many changes the room has had. */
export function knowSparseChanges(room: RoomState, last: number, reconnected: boolean): void {
  room.lastRev = reconnected ? last : Math.max(room.lastRev, last);
  if (reconnected) room.rev = last;
}

/** Whether there is a page to be asked for. */
export const isBehind = ({ opened, walk }: RoomState): boolean => !opened || walk !== undefined;

export function askSparse(state: State, env: Env, tab: RoomTab): Effect[] {
  const { room } = tab;
  const { opened, walk, target, rev } = roomOf(state, room);
  const { last } = tab.log;
  const message = { type: 'history', room, limit: MAX_HISTORY_PAGE } as const;
  return opened && walk !== undefined
    ? ask(state, env, { ...message, since: walk.since }, { kind: 'history', room, page: 'since', last, target, rev })
    : ask(state, env, message, { kind: 'history', room, page: 'newest', last, target, rev });
}

/** As it is now. Who counts the changes may be another program, so their numbers say nothing of it. */
function bringUpToDate(log: MessageLog, message: HistoryEntry): boolean {
  const held = log.find(message.seq);
  return held !== undefined && isSame(held, message) && log.change(message.seq, message);
}

/** A page of those that are gone through again. */
export function receiveWalk(
  state: State,
  env: Env,
  tab: RoomTab,
  messages: readonly HistoryEntry[],
  more: boolean,
): Effect[] {
  const room = roomOf(state, tab.room);
  const newest = messages.at(-1);
  const known = room.walk?.known ?? tab.log.last;
  room.walk = more && newest !== undefined ? { since: newest.seq, known } : undefined;
  return messages.flatMap((message) => {
    settle(state, env, message);
    const isHere = bringUpToDate(tab.log, message);
    if (tab.far !== undefined) bringUpToDate(tab.far.log, message);
    return isHere ? [] : take(state, env, tab, message, message.seq > known);
  });
}

/** The first page is here: what came before it has its place. */
export function takeWaiting(state: State, env: Env, tab: RoomTab): Effect[] {
  const room = roomOf(state, tab.room);
  const waiting = [...room.held.values()].toSorted((a, b) => a.seq - b.seq);
  room.held.clear();
  return waiting.flatMap((message) => take(state, env, tab, message, false));
}
