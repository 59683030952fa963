import { ERROR_CODES } from '../../protocol/errors.ts';
import { isGuest, LOBBY } from '../../protocol/names.ts';
import { change } from '../core/changes.ts';
import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { originOf } from './origin.ts';
import { mayWrite } from './rate.ts';
import { roomOfMember } from './room-of.ts';

export const leave: Handler<'leave'> = {
  allowed: 'online',
  handle(context, { room, id }) {
    const { core, session, online, at } = context;
    if (room === LOBBY) return refuse(core, session, 'lobby_is_for_all', ERROR_CODES.lobby_is_for_all.says, at, id);
    if (roomOfMember(context, room, id) === undefined || !mayWrite(context, id)) return;
    const user = online.user.name;
    const origin = originOf(context, id);
    change(core, session, { kind: 'leave', room, user, time: at.wall, lasting: !isGuest(user), origin });
  },
};
