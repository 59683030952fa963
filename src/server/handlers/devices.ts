import { askDevices } from '../core/devices.ts';
import { whyNot } from '../core/reach.ts';
import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { mayClaim, mayRead } from './rate.ts';

export const devices: Handler<'devices'> = {
  allowed: 'online',
  handle(context, { id, user, claim = [] }) {
    const { core, session, online, at } = context;
    if (!mayRead(context, id)) return;
    const refusal = whyNot(core, online.user.name, user);
    if (refusal !== undefined) return refuse(core, session, refusal.code, refusal.text, at, id);
    if (claim.length > 0 && !mayClaim(context, user, id)) return;
    askDevices(core, session, { user, claim, ...(id === undefined ? {} : { id }) }, at);
  },
};
