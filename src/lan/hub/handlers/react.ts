import { change } from './change.ts';
import type { Handler } from './handler.ts';

export const react: Handler<'react'> = {
  allowed: 'online',
  handle(context, message) {
    const { seq, emoji, on } = message;
    change(context, message, (lobby) => lobby.react({ seq, emoji, on }));
  },
};
