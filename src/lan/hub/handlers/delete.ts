import { change } from './change.ts';
import type { Handler } from './handler.ts';

export const delete_: Handler<'delete'> = {
  allowed: 'online',
  handle(context, message) {
    change(context, message, (lobby) => lobby.delete({ seq: message.seq }));
  },
};
