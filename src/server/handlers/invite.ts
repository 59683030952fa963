import { askInvite } from '../core/inviting.ts';
import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { mayOrder } from './order.ts';

export const invite: Handler<'invite'> = {
  allowed: 'online',
  handle(context, { id }) {
    const { core, session, online, at } = context;
    if (!mayOrder(context, id)) return;
    const { registration } = core.options;
    if (registration === 'invite') return askInvite(core, session, online, id, at);
    const who = registration === 'open' ? 'everybody may register' : 'nobody may register';
    refuse(core, session, 'no_invites', `${who} on this server, so there are no invite codes`, at, id);
  },
};
