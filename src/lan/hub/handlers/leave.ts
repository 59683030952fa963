import { LOBBY } from '../../../protocol/names.ts';
import type { Handler } from './handler.ts';
import { LEAVE_NEEDS_SERVER } from './needs-server.ts';

export const leave: Handler<'leave'> = {
  allowed: 'online',
  handle({ core, session }, { id, room }) {
    if (room === LOBBY) core.sessions.refuse(session, 'lobby_is_for_all', undefined, id);
    else core.sessions.refuse(session, 'needs_server', LEAVE_NEEDS_SERVER, id);
  },
};
