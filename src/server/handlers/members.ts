import { countAllMembers, members as listMembers, sendList } from '../core/lists.ts';
import type { Handler } from './handler.ts';
import { mayRead } from './rate.ts';
import { existingRoom } from './room-of.ts';

export const members: Handler<'members'> = {
  allowed: 'online',
  handle(context, { room: name, id }) {
    const { core, session, online, at } = context;
    const room = existingRoom(context, name, id);
    if (room === undefined || !mayRead(context, id, countAllMembers(core, room, at))) return;
    const entries = listMembers(core, room, online.user.name, at);
    sendList(core, session, entries, id, (page, rest) => ({ type: 'members', room: name, members: page, ...rest }));
  },
};
