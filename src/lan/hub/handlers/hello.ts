import { PROTOCOL_VERSION } from '../../../protocol/limits.ts';
import { LOBBY } from '../../../protocol/names.ts';
import { AWAY_AFTER_MS } from '../../limits.ts';
import type { Handler } from './handler.ts';

/** However one would log in to a server: nobody but the owner of this data folder comes this way. */
export const hello: Handler<'hello'> = {
  allowed: 'connected',
  handle({ core, session }, { version, visible = true }) {
    const { sessions, clock, room, ignored } = core;
    if (version !== PROTOCOL_VERSION)
      return sessions.refuse(
        session,
        'version_unsupported',
        `this program speaks version ${PROTOCOL_VERSION}, not ${version}`,
      );
    sessions.loggedIn(session);
    session.visible = visible;
    const { last, rev } = room.lobby;
    sessions.send(session, {
      type: 'welcome',
      version: PROTOCOL_VERSION,
      server: 'local network',
      user: core.self,
      time: clock.now(),
      awayAfter: AWAY_AFTER_MS,
      logOffAfter: 0,
      rooms: [{ name: LOBBY, topic: '', last, ...(rev === 0 ? {} : { rev }) }],
      lan: { device: core.device, since: core.since },
      sparse: [LOBBY],
    });
    const who = ignored.message();
    if (who.blocked.length > 0 || who.muted.length > 0) sessions.send(session, who);
    if (visible) core.own.active();
  },
};
