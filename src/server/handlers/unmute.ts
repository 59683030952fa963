import type { Handler } from './handler.ts';
import { askToIgnore } from './ignore.ts';

export const unmute: Handler<'unmute'> = {
  allowed: 'online',
  handle(context, message) {
    askToIgnore(context, 'unmute', message);
  },
};
