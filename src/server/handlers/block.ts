import type { Handler } from './handler.ts';
import { askToIgnore } from './ignore.ts';

export const block: Handler<'block'> = {
  allowed: 'online',
  handle(context, message) {
    askToIgnore(context, 'block', message);
  },
};
