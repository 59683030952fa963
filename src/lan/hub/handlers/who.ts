import { sendList } from './common.ts';
import { everybody } from './everybody.ts';
import type { Handler } from './handler.ts';

export const who: Handler<'who'> = {
  allowed: 'online',
  handle(context, { id, follow, since }) {
    const people = everybody(context.core, since);
    sendList(context, people, id, (page, rest) => ({ type: 'users', users: page, ...rest }));
    // After the list, so that it and the changes make one story without a gap.
    if (follow === true) context.session.follows = true;
  },
};
