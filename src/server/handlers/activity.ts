import { wasActive } from '../core/presence.ts';
import type { Handler } from './handler.ts';

export const activity: Handler<'activity'> = {
  allowed: 'online',
  handle({ core, online, at }) {
    if (online.visible) wasActive(core, online.user, at);
  },
};
