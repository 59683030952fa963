import { passOn } from '../core/private.ts';
import type { Handler } from './handler.ts';
import { mayAsk, mayPassOn } from './rate.ts';

/** No sign of life: much of it is sent by programs. */
export const private_: Handler<'private'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session, online, at } = context;
    const { id, frame } = message;
    if (!(frame.kind === 'ask' ? mayAsk(context, id) : mayPassOn(context, id))) return;
    passOn(core, session, online, message, at);
  },
};
