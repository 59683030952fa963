import type { ClientId, RoomName } from '../../base/ids.ts';
import { giveUp } from '../core/backfill.ts';
import { changeRefused } from '../core/change-request.ts';
import { giveUpChanges } from '../core/changes.ts';
import { refusedByServer } from '../core/connection.ts';
import type { Effect, Env } from '../core/event.ts';
import { farFailed } from '../core/far.ts';
import type { Purpose } from '../core/inner.ts';
import { isOnLan } from '../core/lan-people.ts';
import { hint, isOnline, notice, roomOf, tabOf } from '../core/lookup.ts';
import { findPending, postponed, refuseAll, refused, slowed } from '../core/outbox.ts';
import { askLater, finish, isCommand } from '../core/requests.ts';
import { searchFailed } from '../core/search.ts';
import type { State } from '../core/state.ts';
import { closeRoom } from '../core/tabs.ts';
import type { Receive } from './handler.ts';

/** What the server says there is for programs: that it is to be sent again, which we do by ourselves. */
const notStored = (state: State): string =>
  `${isOnLan(state) ? 'this program' : 'the server'} can store nothing at this moment`;

/** The server is busy, or its disk is: the same message may be welcome later. */
const isForNow = (code: string): boolean => code === 'rate_limited' || code === 'not_stored';

export const error: Receive<'error'> = (state, { id, code, text, closes, registration }, env) => {
  // Before the welcome no error is about less than the connection.
  if (closes || !isOnline(state)) return refusedByServer(state, env, code, text, registration);
  return refusal(state, { id, code, text }, env);
};

/** It is about something that was said, and no more. */
export function refusal(
  state: State,
  { id, code, text }: { readonly id?: ClientId | undefined; readonly code: string; readonly text: string },
  env: Env,
): readonly Effect[] {
  if (id !== undefined && findPending(state, id) !== undefined) {
    if (code === 'slow_mode') slowed(state, env, id, text);
    else if (isForNow(code)) postponed(state, env, id, code === 'not_stored' ? notStored(state) : text);
    else refused(state, env, id, text);
    return [];
  }
  if (id !== undefined && state.inner.requests.has(id)) return requestFailed(state, env, id, code, text);
  hint(state, text, true);
  return [];
}

function requestFailed(state: State, env: Env, id: ClientId, code: string, text: string): readonly Effect[] {
  const request = state.inner.requests.get(id);
  if (request === undefined) return [];
  const { purpose } = request;
  if ((isForNow(code) || code === 'internal') && !isCommand(purpose)) {
    askLater(request, env);
    return [];
  }
  finish(state, id);
  return failed(state, env, purpose, code, text);
}

function failed(state: State, env: Env, purpose: Purpose, code: string, text: string): readonly Effect[] {
  switch (purpose.kind) {
    case 'leave':
      // Out of it already, by another terminal: then the tab has no use.
      if (code === 'not_a_member' || code === 'no_such_room') closeRoom(state, env, purpose.room);
      else hint(state, text, true);
      return [];
    case 'join':
      hint(state, `${purpose.room}: ${text}`, true);
      if (!purpose.asked) shutOut(state, env, purpose.room, text);
      return [];
    case 'history':
      hint(state, `the history of ${purpose.room}: ${text}`, true);
      return historyFailed(state, env, purpose.room, purpose.page === 'older');
    case 'search':
      searchFailed(state, purpose.search, text);
      return [];
    case 'far': {
      hint(state, `the history of ${purpose.room}: ${text}`, true);
      const tab = tabOf(state, purpose.room);
      if (tab !== undefined) farFailed(tab);
      return [];
    }
    case 'changes':
      giveUpChanges(roomOf(state, purpose.room));
      return [];
    case 'change':
      changeRefused(state, env, purpose, text);
      return [];
    case 'directory':
      return [];
    case 'topic':
    case 'rooms':
    case 'since':
    case 'bans':
    case 'kept':
    case 'order':
    case 'keys':
    case 'invite':
    case 'lan':
    case 'keyAdd':
    case 'keyRemove':
    case 'members':
    case 'who':
      hint(state, text, true);
      return [];
  }
}

/** A room that we were in before the connection broke takes us no more. */
function shutOut(state: State, env: Env, room: RoomName, text: string): void {
  const tab = tabOf(state, room);
  if (tab === undefined) return;
  notice(tab, env, `you are no longer in ${room}: ${text}`, true);
  refuseAll(tab, text);
}

function historyFailed(state: State, env: Env, room: RoomName, older: boolean): readonly Effect[] {
  const tab = tabOf(state, room);
  if (tab === undefined) return [];
  if (!older) return giveUp(state, env, tab);
  tab.log.older = 'more';
  return [];
}
