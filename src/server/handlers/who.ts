import { MAX_LIST_PAGE } from '../../protocol/limits.ts';
import { countPeople, people, peopleSince, sendList } from '../core/lists.ts';
import type { Handler } from './handler.ts';
import { mayRead } from './rate.ts';

export const who: Handler<'who'> = {
  allowed: 'online',
  handle(context, { id, follow, since }) {
    const { core, session, online, at } = context;
    const viewer = online.user.name;
    if (!mayRead(context, id, since === undefined ? countPeople(core, at) : 1)) return;
    const list = since === undefined ? people(core, viewer, at) : peopleSince(core, viewer, since, at);
    // How long this one is is known when it is made.
    const rest = since === undefined ? 0 : list.length - MAX_LIST_PAGE;
    if (rest > 0 && !mayRead(context, id, rest)) return;
    sendList(core, session, list, id, (page, rest) => ({ type: 'users', users: page, ...rest }));
    // After the list, so that it and the changes make one gap-free story.
    if (follow !== true) return;
    session.follows = true;
    core.effects.push({ kind: 'subscribe', session: session.id, channel: 'presence' });
  },
};
