import { NO_SEQ, seqAfter } from '../../../base/ids.ts';
import { LOBBY_KEPT_MS } from '../../limits.ts';
import { isLobby, withId } from './common.ts';
import type { Handler } from './handler.ts';
import { KEEP_NEEDS_SERVER } from './needs-server.ts';

/** How long the lobby is kept can be asked, and not be changed. */
export const keep: Handler<'keep'> = {
  allowed: 'online',
  handle(context, { id, room, keep: wanted, default: isDefault }) {
    const { core, session } = context;
    if (!isLobby(context, room, id)) return;
    if (wanted !== undefined || isDefault !== undefined)
      return core.sessions.refuse(session, 'needs_server', KEEP_NEEDS_SERVER, id);
    const { lobby } = core.room;
    const page = lobby.page({ since: NO_SEQ, limit: 1 });
    const oldest = 'code' in page ? undefined : page.messages[0];
    core.sessions.send(session, {
      type: 'kept',
      ...withId(id),
      room,
      keep: { age: LOBBY_KEPT_MS },
      own: false,
      first: oldest?.seq ?? seqAfter(lobby.last),
      ...(oldest === undefined ? {} : { since: oldest.time }),
    });
  },
};
