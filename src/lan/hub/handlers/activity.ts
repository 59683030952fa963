import { wasActive } from './common.ts';
import type { Handler } from './handler.ts';

export const activity: Handler<'activity'> = {
  allowed: 'online',
  handle(context) {
    wasActive(context);
  },
};
