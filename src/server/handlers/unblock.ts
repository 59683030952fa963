import type { Handler } from './handler.ts';
import { askToIgnore } from './ignore.ts';

export const unblock: Handler<'unblock'> = {
  allowed: 'online',
  handle(context, message) {
    askToIgnore(context, 'unblock', message);
  },
};
