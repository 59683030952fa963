import type { Handler } from './handler.ts';
import { ignore } from './ignore.ts';

export const unmute: Handler<'unmute'> = {
  allowed: 'online',
  handle(context, message) {
    ignore(context, 'unmute', message, ({ device, user }) =>
      context.core.ignored.unmute(device) ? `you don't mute ${user} any more` : `you don't mute ${user}`,
    );
  },
};
