/** Who is in a room: its list, and the list that is still on its way. */
import type { UserName } from '../../base/ids.ts';
import { MAX_MEMBERS } from './presence.ts';
import type { RoomTab, State } from './state.ts';

function listsOf(state: State, tab: RoomTab): Set<UserName>[] {
  const lists = tab.members === undefined ? [] : [tab.members];
  for (const { purpose } of state.inner.requests.values()) {
    if (purpose.kind === 'members' && purpose.room === tab.room) lists.push(purpose.names);
  }
  return lists;
}

/** @returns false where the list had them already. */
export function memberCame(state: State, tab: RoomTab, user: UserName): boolean {
  const known = tab.members?.has(user) === true;
  for (const names of listsOf(state, tab)) if (names.size < MAX_MEMBERS) names.add(user);
  return !known;
}

export function memberWent(state: State, tab: RoomTab, user: UserName): void {
  for (const names of listsOf(state, tab)) names.delete(user);
}
