import { LOBBY } from '../../../protocol/names.ts';
import { LOBBY_KEPT_MS } from '../../limits.ts';
import { withId } from './common.ts';
import { everybody } from './everybody.ts';
import type { Handler } from './handler.ts';

export const rooms: Handler<'rooms'> = {
  allowed: 'online',
  handle({ core, session }, { id }) {
    const members = everybody(core).length;
    const lobby = { name: LOBBY, topic: '', members, joined: true, keep: { age: LOBBY_KEPT_MS } };
    core.sessions.send(session, { type: 'rooms', ...withId(id), rooms: [lobby], more: false });
  },
};
