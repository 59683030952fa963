import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';

/** Each program knows its own network; a server is on one, and no part of it. */
export const lan: Handler<'lan'> = {
  allowed: 'online',
  handle({ core, session, at }, { id }) {
    refuse(core, session, 'not_lan', 'this is a server: ask your own program about the local network', at, id);
  },
};
