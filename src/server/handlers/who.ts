import { countPeople, people, sendList } from '../core/lists.ts';
import type { Handler } from './handler.ts';
import { mayRead } from './rate.ts';

export const who: Handler<'who'> = {
  allowed: 'online',
  handle(context, { id, follow }) {
    const { core, session, at } = context;
    if (!mayRead(context, id, countPeople(core, at))) return;
    sendList(core, session, people(core, at), id, (page, rest) => ({ type: 'users', users: page, ...rest }));
    // After the list, so that it and the changes make one gap-free story.
    if (follow === true) core.effects.push({ kind: 'subscribe', session: session.id, channel: 'presence' });
  },
};
