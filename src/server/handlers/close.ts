import { ERROR_CODES } from '../../protocol/errors.ts';
import { LOBBY } from '../../protocol/names.ts';
import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { giveOrder, mayOrder } from './order.ts';
import { existingRoom } from './room-of.ts';

export const close: Handler<'close'> = {
  allowed: 'online',
  handle(context, { room: name, reason = '', id }) {
    const { core, session, at } = context;
    if (!mayOrder(context, id)) return;
    if (name === LOBBY)
      return refuse(core, session, 'lobby_is_for_all', '#lobby is for all: it can not be closed', at, id);
    const room = existingRoom(context, name, id);
    if (room === undefined) return;
    if (room.closed) return refuse(core, session, 'room_closed', ERROR_CODES.room_closed.says, at, id);
    giveOrder(context, { kind: 'close', room: name }, { target: name, detail: reason }, id);
  },
};
