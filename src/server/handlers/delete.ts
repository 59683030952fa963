import { changeMessage } from '../core/message-changes.ts';
import { isOperator } from '../core/operators.ts';
import { ownAfter } from '../core/own-messages.ts';
import { wasActive } from '../core/presence.ts';
import type { Handler } from './handler.ts';
import { mayWrite } from './rate.ts';
import { existingRoom, roomOfMember } from './room-of.ts';

export const delete_: Handler<'delete'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session, online, at } = context;
    // An operator need not be in the room.
    const isOrder = isOperator(core, online.user);
    const room = (isOrder ? existingRoom : roomOfMember)(context, message.room, message.id);
    if (room === undefined || !mayWrite(context, message.id)) return;
    if (online.visible) wasActive(core, online.user, at);
    const may = isOrder ? ({ kind: 'any' } as const) : ({ kind: 'own', after: ownAfter(online.user, room) } as const);
    changeMessage(core, session, online, message, { what: { kind: 'delete' }, may }, at);
  },
};
