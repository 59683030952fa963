import { hold, sayBye } from '../core/sessions.ts';
import type { Handler } from './handler.ts';

export const bye: Handler<'bye'> = {
  allowed: 'any',
  handle({ core, session, at }, message) {
    if (session.appends > 0) {
      // Whoever said something before is told first what became of it.
      session.held.unshift(message);
      hold(core, session, 'appends');
    } else sayBye(core, session, 'logged-out', 'logged out', at);
  },
};
