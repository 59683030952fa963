import type { Handler } from './handler.ts';
import { ignore } from './ignore.ts';

export const unblock: Handler<'unblock'> = {
  allowed: 'online',
  handle(context, message) {
    ignore(context, 'unblock', message, ({ device, user }) =>
      context.core.ignored.unblock(device) ? `you don't block ${user} any more` : `you don't block ${user}`,
    );
  },
};
