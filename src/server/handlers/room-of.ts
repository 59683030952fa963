import type { ClientId, RoomName } from '../../base/ids.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import { isMember, type Room } from '../core/core.ts';
import { refuse } from '../core/sessions.ts';
import type { OnlineContext } from './handler.ts';

/** @returns the room; where there is none, or the user isn't in it, that is said. */
export function roomOfMember(context: OnlineContext, name: RoomName, id: ClientId | undefined): Room | undefined {
  const room = existingRoom(context, name, id);
  if (room?.closed === true) {
    refuse(context.core, context.session, 'room_closed', ERROR_CODES.room_closed.says, context.at, id);
    return undefined;
  }
  if (room === undefined || isMember(room, context.online.user.name)) return room;
  refuse(context.core, context.session, 'not_a_member', `you are not in ${name}: join it first`, context.at, id);
  return undefined;
}

/** @returns the room; where there is none, that is said. */
export function existingRoom(context: OnlineContext, name: RoomName, id: ClientId | undefined): Room | undefined {
  const room = context.core.rooms.get(name);
  if (room === undefined)
    refuse(context.core, context.session, 'no_such_room', ERROR_CODES.no_such_room.says, context.at, id);
  return room;
}
