import { isLobby, sendList } from './common.ts';
import { everybody } from './everybody.ts';
import type { Handler } from './handler.ts';

export const members: Handler<'members'> = {
  allowed: 'online',
  handle(context, { id, room }) {
    if (!isLobby(context, room, id)) return;
    const names = everybody(context.core).map(({ name }) => name);
    sendList(context, names, id, (page, rest) => ({ type: 'members', room, members: page, ...rest }));
  },
};
