import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { giveOrder, mayOrder } from './order.ts';

export const deop: Handler<'deop'> = {
  allowed: 'online',
  handle(context, { user, id }) {
    const { core, session, at } = context;
    if (!mayOrder(context, id)) return;
    const { operatorUid } = core.options;
    if (operatorUid !== undefined && core.accounts.get(operatorUid)?.name === user)
      return refuse(core, session, 'protected_user', `${user} runs this server, and stays an operator`, at, id);
    if (!core.operators.has(user)) return refuse(core, session, 'no_such_user', `${user} is no operator`, at, id);
    giveOrder(context, { kind: 'deop', user }, { target: user, detail: '' }, id);
  },
};
