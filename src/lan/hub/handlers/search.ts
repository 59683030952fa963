import { isLobby, withId } from './common.ts';
import type { Handler } from './handler.ts';

export const search: Handler<'search'> = {
  allowed: 'online',
  handle(context, { id, room, words, before, limit }) {
    const { core, session } = context;
    if (room !== undefined && !isLobby(context, room, id)) return;
    const found = core.room.lobby.search({ words, before, limit });
    if ('code' in found) core.sessions.refuse(session, found.code, found.text, id);
    else core.sessions.send(session, { type: 'found', ...withId(id), ...found });
  },
};
