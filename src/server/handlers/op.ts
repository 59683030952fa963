import { isGuest } from '../../protocol/names.ts';
import { isOperator } from '../core/operators.ts';
import { refuse, send } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { giveOrder, mayOrder } from './order.ts';

export const op: Handler<'op'> = {
  allowed: 'online',
  handle(context, { user, id }) {
    const { core, session, at } = context;
    if (!mayOrder(context, id)) return;
    if (isGuest(user)) {
      const text = `${user} is a guest, for whom nobody vouches: only accounts can be operators`;
      return refuse(core, session, 'no_account', text, at, id);
    }
    const here = core.users.get(user);
    if (core.operators.has(user) || (here !== undefined && isOperator(core, here)))
      return send(core, session, { type: 'done', ...(id === undefined ? {} : { id }), text: `${user} is one already` });
    giveOrder(context, { kind: 'op', user }, { target: user, detail: '' }, id);
  },
};
