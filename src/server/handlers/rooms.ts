import { rooms as listRooms, sendList } from '../core/lists.ts';
import { isOperator } from '../core/operators.ts';
import type { Handler } from './handler.ts';
import { mayRead } from './rate.ts';

export const rooms: Handler<'rooms'> = {
  allowed: 'online',
  handle(context, { id }) {
    const { core, session, online, at } = context;
    if (!mayRead(context, id, core.rooms.size)) return;
    const all = listRooms(core, online.user.name, at);
    const entries = isOperator(core, online.user)
      ? all
      : all.filter(({ name }) => core.rooms.get(name)?.closed !== true);
    sendList(core, session, entries, id, (page, rest) => ({ type: 'rooms', rooms: page, ...rest }));
  },
};
