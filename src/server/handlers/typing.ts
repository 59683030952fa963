import { isTyping } from '../core/typing.ts';
import type { Handler } from './handler.ts';

/** Nobody answers, and nobody hears that there were too many. */
export const typing: Handler<'typing'> = {
  allowed: 'online',
  handle({ core, session, online, at }, { to }) {
    if (!core.options.rateLimit || session.typing.take(at.mono)) isTyping(core, online.user.name, to);
  },
};
