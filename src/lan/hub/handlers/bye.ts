import type { Handler } from './handler.ts';

export const bye: Handler<'bye'> = {
  allowed: 'any',
  handle({ core, session }) {
    core.sessions.sayBye(session, 'logged-out', 'logged out');
  },
};
