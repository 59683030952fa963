import type { Handler } from './handler.ts';

export const received: Handler<'received'> = {
  allowed: 'online',
  handle({ core, session }, { n }) {
    if (session.isDevice) core.mailbox.received(session, n);
  },
};
