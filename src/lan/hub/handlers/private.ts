import { ERROR_CODES } from '../../../protocol/errors.ts';
import { reachable } from './common.ts';
import type { Handler } from './handler.ts';

/** No sign of life: much of it is sent by programs. */
export const private_: Handler<'private'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session } = context;
    const { id, to } = message;
    if (!session.isDevice) return core.sessions.refuse(session, 'device_expected', undefined, id);
    if (to === core.self) return core.sessions.refuse(session, 'not_here', ERROR_CODES.not_here.says, id);
    const person = reachable(context, to, id);
    if (person === undefined) return;
    // Much else is the answer of a program to whoever has asked it.
    if (message.frame.kind === 'ask' || message.frame.kind === 'accept') core.people.dealWith(person);
    else core.people.keep(person);
    core.privates.send(session, message, person);
  },
};
