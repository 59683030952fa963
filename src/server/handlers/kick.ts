import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { findUser, giveOrder, hitsProtected, mayOrder } from './order.ts';

export const kick: Handler<'kick'> = {
  allowed: 'online',
  handle(context, { user: name, reason = '', id }) {
    const { core, session, at } = context;
    if (!mayOrder(context, id)) return;
    const user = findUser(context, name);
    if (user === undefined) return refuse(core, session, 'no_such_user', `${name} is not here`, at, id);
    if (hitsProtected(context, user.name, id)) return;
    giveOrder(context, { kind: 'kick', user: user.name }, { target: user.name, detail: reason }, id);
  },
};
