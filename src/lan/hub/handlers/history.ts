import { isLobby, withId } from './common.ts';
import type { Handler } from './handler.ts';

export const history: Handler<'history'> = {
  allowed: 'online',
  handle(context, { id, room, before, since, around, changes, limit }) {
    const { core, session } = context;
    if ([before, since, around, changes].filter((from) => from !== undefined).length > 1) {
      const text = 'before, since, around and changes exclude each other';
      return core.sessions.refuse(session, 'bad_message', text, id);
    }
    if (!isLobby(context, room, id)) return;
    const page = core.room.lobby.page({ before, since, around, changes, limit });
    if ('code' in page) core.sessions.refuse(session, page.code, page.text, id);
    else core.sessions.send(session, { type: 'history', ...withId(id), ...page });
  },
};
