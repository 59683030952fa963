import { ERROR_CODES } from '../../protocol/errors.ts';
import { isGuest } from '../../protocol/names.ts';
import { MAX_ROOMS_OF_USER } from '../../protocol/server-messages.ts';
import { mayMakeRoom } from '../core/arrival.ts';
import { change } from '../core/changes.ts';
import { enteredRoom, isMember } from '../core/core.ts';
import { MAX_ROOMS, NEW_ROOMS } from '../core/limits.ts';
import { isOperator } from '../core/operators.ts';
import { refuse, send } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { originOf } from './origin.ts';
import { mayWrite } from './rate.ts';

export const join: Handler<'join'> = {
  allowed: 'online',
  handle(context, { room: name, id }) {
    const { core, session, online, at } = context;
    const user = online.user.name;
    const room = core.rooms.get(name);
    if (room !== undefined && isMember(room, user)) {
      return send(core, session, { type: 'room', ...(id === undefined ? {} : { id }), room: enteredRoom(core, room) });
    }
    if (room?.closed === true && !isOperator(core, online.user))
      return refuse(core, session, 'room_closed', ERROR_CODES.room_closed.says, at, id);
    // With #lobby, which is in no list of memberships.
    if ((core.roomsOf.get(user)?.size ?? 0) + 1 >= MAX_ROOMS_OF_USER) {
      const text = `you are in ${MAX_ROOMS_OF_USER} rooms, as many as one may: leave one first`;
      return refuse(core, session, 'too_many_rooms', text, at, id);
    }
    if (room === undefined && core.rooms.size + core.creating >= MAX_ROOMS)
      return refuse(core, session, 'too_many_rooms', `the server has ${MAX_ROOMS} rooms, as many as it may`, at, id);
    if (!mayWrite(context, id)) return;
    if (room === undefined && !mayMakeRoom(core, session, at)) {
      const text = `you have made ${NEW_ROOMS.burst} rooms of late, as many as one may: make this one later`;
      return refuse(core, session, 'too_many_new_rooms', text, at, id);
    }
    change(core, session, {
      kind: 'join',
      room: name,
      user,
      time: at.wall,
      creates: room === undefined,
      lasting: !isGuest(user),
      ...(room?.closed === true
        ? { reopens: { time: at.wall, by: user, action: 'reopen', target: name, detail: '' } }
        : {}),
      origin: originOf(context, id),
    });
  },
};
