import { MAX_BANS_PAGE } from '../../protocol/limits.ts';
import { sendList } from '../core/lists.ts';
import type { Handler } from './handler.ts';
import { mayOrder } from './order.ts';

export const bans: Handler<'bans'> = {
  allowed: 'online',
  handle(context, { id }) {
    const { core, session, at } = context;
    if (!mayOrder(context, id)) return;
    const held = core.bans.list(at);
    sendList(core, session, held, id, (page, rest) => ({ type: 'bans', bans: page, ...rest }), MAX_BANS_PAGE);
  },
};
