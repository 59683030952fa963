import type { Handler } from './handler.ts';
import { ignore } from './ignore.ts';

export const block: Handler<'block'> = {
  allowed: 'online',
  handle(context, message) {
    ignore(context, 'block', message, ({ device, user }) =>
      context.core.ignored.block(device)
        ? `you block ${user}: nothing private of theirs reaches you, and you don't see what they write`
        : `you block ${user} already`,
    );
  },
};
