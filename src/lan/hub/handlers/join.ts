import { LOBBY } from '../../../protocol/names.ts';
import { withId } from './common.ts';
import type { Handler } from './handler.ts';
import { JOIN_NEEDS_SERVER } from './needs-server.ts';

/** Everybody is in the lobby already, which is no error. */
export const join: Handler<'join'> = {
  allowed: 'online',
  handle({ core, session }, { id, room }) {
    if (room !== LOBBY) return core.sessions.refuse(session, 'needs_server', JOIN_NEEDS_SERVER, id);
    const { last, rev } = core.room.lobby;
    const entered = { name: LOBBY, topic: '', last, sparse: true, ...(rev === 0 ? {} : { rev }) };
    core.sessions.send(session, { type: 'room', ...withId(id), room: entered });
  },
};
