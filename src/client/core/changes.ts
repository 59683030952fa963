/**
 * Messages become others after they were said: they are edited, deleted, reacted to. In a room the server counts these
 * changes, 1, 2, 3 … without gaps, so a client finds out by counting whether it has missed any, and asks for them.
 */
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../../base/ids.ts';
import { MAX_HISTORY_PAGE } from '../../protocol/limits.ts';
import type { HistoryEntry, ServerMessages } from '../../protocol/server-messages.ts';
import { MAX_PAGES_AT_ONCE, startAnew } from './backfill.ts';
import type { Effect, Env } from './event.ts';
import type { RoomState } from './inner.ts';
import { roomOf, roomTabs } from './lookup.ts';
import type { Changeable, MessageEntry, MessageLog, Reactions } from './message-log.ts';
import { reachesAnybody } from './reaches.ts';
import { answered, ask, finish, isAsked } from './requests.ts';
import { noteSeen } from './seen.ts';
import { knowSparseChanges } from './sparse.ts';
import type { RoomTab, State, Tab } from './state.ts';

/** Entries from a log's end among which a message is looked for by its id. */
const IDS_FROM = 1000;
/** Changes. Where more were missed, the log starts anew, which costs less than to bring all of it up to date. */
export const MAX_MISSED_CHANGES = 1000;

/** By its place; or, where no server counts, by the id that its author has given it. */
export type Which = { readonly seq: Seq } | { readonly id: ClientId; readonly from: UserName };

/** Only what is another now. */
export interface Change {
  readonly by: UserName;
  readonly text?: string;
  readonly edited?: UnixMs;
  readonly deleted?: true;
  /** All that there are now. */
  readonly reactions?: Reactions;
  /** In a room: the change's number. */
  readonly rev?: number;
}

function find(log: MessageLog, which: Which): MessageEntry | undefined {
  if ('seq' in which) return log.find(which.seq);
  const { entries } = log;
  for (let i = entries.length - 1; i >= Math.max(0, entries.length - IDS_FROM); i--) {
    const entry = entries[i];
    if (entry?.kind === 'message' && entry.id === which.id && entry.from === which.from) return entry;
  }
  return undefined;
}

/** @returns false where it makes no difference: the message isn't here, was deleted, or is newer than that. */
export function applyChange({ log, far }: Tab, which: Which, change: Change): boolean {
  const isHere = applyTo(log, which, change);
  return (far !== undefined && applyTo(far.log, which, change)) || isHere;
}

function applyTo(log: MessageLog, which: Which, { by, ...change }: Change): boolean {
  const entry = find(log, which);
  if (entry === undefined || entry.deleted === true) return false;
  if (change.rev !== undefined && change.rev < (entry.rev ?? 0)) return false;
  const now: Changeable =
    change.deleted === true ? { text: '', deleted: true, deletedBy: by, rev: change.rev } : { ...entry, ...change };
  return log.change(entry.seq, now);
}

/** Of the room of a tab. A change that came before those in front of it is fetched with them. */
export function receiveChange(state: State, tab: RoomTab, { seq, rev, ...change }: ServerMessages['changed']): void {
  const room = roomOf(state, tab.room);
  room.lastRev = Math.max(room.lastRev, rev);
  // A page brings it as it is by then.
  room.held.delete(seq);
  if (rev > room.rev + 1) return;
  // An answer to what was so already has the number of an earlier change, of which it may have come in front.
  room.rev = Math.max(room.rev, rev);
  applyChange(tab, { seq }, { ...change, rev });
}

const isEmpty = ({ first, last }: MessageLog): boolean => first > last;

/** The server says how many changes a room has had: on entering it, and after every reconnect. */
export function knowChanges(state: State, tab: RoomTab, last: number, reconnected: boolean): void {
  const room = roomOf(state, tab.room);
  if (tab.sparse) {
    knowSparseChanges(room, last, reconnected);
    return;
  }
  if (!reconnected) {
    room.lastRev = Math.max(room.lastRev, last);
    return;
  }
  // What was kept aside may be another by now.
  if (last !== room.rev) room.held.clear();
  // Fewer than we know of: another life of this server.
  if (room.opened && !isEmpty(tab.log) && (last < room.rev || last - room.rev > MAX_MISSED_CHANGES)) {
    // What is unread is counted again from where one has read to.
    noteSeen(state);
    startAnew(tab, room);
    tab.unread = 0;
  }
  room.lastRev = last;
  if (isEmpty(tab.log)) room.rev = last;
}

const isUnderWay = (state: State, room: RoomName): boolean =>
  isAsked(state, (purpose) => purpose.kind === 'changes' && purpose.room === room);

/** Asks for the changes that were missed. Called after every event. */
export function fillChanges(state: State, env: Env): Effect[] {
  if (!reachesAnybody(state)) return [];
  const effects: Effect[] = [];
  let underWay = 0;
  for (const { room: name, log } of roomTabs(state)) {
    const room = roomOf(state, name);
    if (!room.joined || room.rev >= room.lastRev) continue;
    // Pages that come are as new as that.
    if (isEmpty(log)) room.rev = room.lastRev;
    else if (underWay >= MAX_PAGES_AT_ONCE) break;
    else {
      underWay++;
      if (!isUnderWay(state, name)) effects.push(...askChanges(state, env, name, room.rev));
    }
  }
  return effects;
}

const askChanges = (state: State, env: Env, room: RoomName, since: number): Effect[] =>
  ask(state, env, { type: 'history', room, changes: since, limit: MAX_HISTORY_PAGE }, { kind: 'changes', room, since });

/** @returns false for a page that is no answer to that. */
export function receiveChanges(state: State, tab: RoomTab, { id, messages }: ServerMessages['history']): boolean {
  const found = answered(state, id, 'changes');
  if (found === undefined) return false;
  finish(state, found.id);
  const room = roomOf(state, tab.room);
  const { since } = found.purpose;
  let newest = since;
  for (const message of messages) {
    const rev = message.rev ?? 0;
    newest = Math.max(newest, rev);
    bringUpToDate(tab.log, message, rev);
    if (tab.far !== undefined) bringUpToDate(tab.far.log, message, rev);
  }
  // A page of history that has come meanwhile may be older: then all is asked for once more.
  if (room.rev < since) return true;
  room.rev = Math.max(room.rev, newest);
  if (newest === since) giveUpChanges(room);
  return true;
}

function bringUpToDate(log: MessageLog, message: HistoryEntry, rev: number): void {
  const held = log.find(message.seq);
  if (held !== undefined && rev >= (held.rev ?? 0)) log.change(message.seq, message);
}

/** What is missing can't be had. */
export function giveUpChanges(room: RoomState): void {
  room.rev = room.lastRev;
}
