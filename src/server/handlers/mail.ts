import { sendMail } from '../core/mail.ts';
import { wasActive } from '../core/presence.ts';
import type { Handler } from './handler.ts';
import { mayMail } from './rate.ts';

export const mail: Handler<'mail'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session, online, at } = context;
    if (!mayMail(context, message.id)) return;
    if (online.visible) wasActive(core, online.user, at);
    sendMail(core, session, online, message, at);
  },
};
