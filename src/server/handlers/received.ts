import { received as noteReceived } from '../core/mailbox.ts';
import type { Handler } from './handler.ts';

export const received: Handler<'received'> = {
  allowed: 'online',
  handle({ core, session, online }, { n }) {
    noteReceived(core, session, online, n);
  },
};
