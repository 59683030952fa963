import { change } from './change.ts';
import type { Handler } from './handler.ts';

export const edit: Handler<'edit'> = {
  allowed: 'online',
  handle(context, message) {
    const { seq, text } = message;
    change(context, message, (lobby) => lobby.edit({ seq, text }));
  },
};
