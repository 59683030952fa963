import { send } from '../core/sessions.ts';
import type { Handler } from './handler.ts';

export const ping: Handler<'ping'> = {
  allowed: 'any',
  handle({ core, session, at }, { n }) {
    // Who has pinged once is expected to go on.
    core.pinging.touch(session, at.mono);
    send(core, session, n === undefined ? { type: 'pong' } : { type: 'pong', n });
  },
};
