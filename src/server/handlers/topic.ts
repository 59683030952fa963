import { change } from '../core/changes.ts';
import { isOperator } from '../core/operators.ts';
import type { Handler } from './handler.ts';
import { originOf } from './origin.ts';
import { mayWrite } from './rate.ts';
import { existingRoom, roomOfMember } from './room-of.ts';

export const topic: Handler<'topic'> = {
  allowed: 'online',
  handle(context, { room, text, id }) {
    const { core, session, online, at } = context;
    // An operator need not be in the room.
    const isOrder = isOperator(core, online.user);
    const found = isOrder ? existingRoom(context, room, id) : roomOfMember(context, room, id);
    if (found === undefined || !mayWrite(context, id)) return;
    const by = online.user.name;
    const entry = { time: at.wall, by, action: 'topic', target: room, detail: text };
    change(core, session, {
      kind: 'topic',
      room,
      text,
      by,
      time: at.wall,
      ...(isOrder ? { audit: entry } : {}),
      origin: originOf(context, id),
    });
  },
};
