/**
 * What a guest has written themself. Somebody else may have had their name before, so it is only what they have written
 * in a room since they came into it; of accounts the store knows which names were others'.
 */
import { NO_SEQ, type RoomName, type Seq, type SessionId } from '../../base/ids.ts';
import { LOBBY } from '../../protocol/names.ts';
import type { Core, Room } from './core.ts';
import type { Stay, User } from './session.ts';

/** A guest's first session has logged in. */
export const beginStay = (core: Core, first: SessionId): Stay => ({
  first,
  rooms: new Map([[LOBBY, core.rooms.get(LOBBY)?.last ?? NO_SEQ]]),
});

/** Messages up to this place aren't theirs, whatever name stands on them. */
export function ownAfter({ identity, stay }: User, room: Room): Seq {
  if (identity.kind === 'account') return NO_SEQ;
  return stay?.rooms.get(room.name) ?? room.last;
}

/**
 * A message has its place only now, when whoever wrote it has gone: where somebody else has the name already, it isn't
 * theirs. Sessions are counted, so an earlier one is of somebody before.
 */
export function lateMessage(core: Core, from: User['name'], session: SessionId, room: RoomName, seq: Seq): void {
  const stay = core.users.get(from)?.stay;
  if (stay !== undefined && session < stay.first) stay.rooms.set(room, seq);
}
