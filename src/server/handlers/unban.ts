import { banTarget } from '../core/bans.ts';
import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { giveOrder, mayOrder } from './order.ts';

export const unban: Handler<'unban'> = {
  allowed: 'online',
  handle(context, { target: typed, id }) {
    const { core, session, at } = context;
    if (!mayOrder(context, id)) return;
    const target = banTarget(typed);
    const held = target.ok ? core.bans.get(target.value, at) : undefined;
    if (held === undefined) return refuse(core, session, 'no_such_ban', `${typed} is not banned`, at, id);
    giveOrder(context, { kind: 'unban', target: held.target }, { target: held.target, detail: '' }, id);
  },
};
