import type { Handler } from './handler.ts';

export const ping: Handler<'ping'> = {
  allowed: 'any',
  handle({ core, session }, { n }) {
    core.sessions.pinged(session);
    core.sessions.send(session, n === undefined ? { type: 'pong' } : { type: 'pong', n });
  },
};
