import { change } from '../core/changes.ts';
import type { Handler } from './handler.ts';
import { originOf } from './origin.ts';
import { mayWrite } from './rate.ts';
import { roomOfMember } from './room-of.ts';

export const topic: Handler<'topic'> = {
  allowed: 'online',
  handle(context, { room, text, id }) {
    const { core, session, online, at } = context;
    if (roomOfMember(context, room, id) === undefined || !mayWrite(context, id)) return;
    const by = online.user.name;
    change(core, session, { kind: 'topic', room, text, by, time: at.wall, origin: originOf(context, id) });
  },
};
