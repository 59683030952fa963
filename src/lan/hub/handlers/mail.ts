import { reachable, wasActive } from './common.ts';
import type { Handler } from './handler.ts';

/** Our own programs keep it until it is on the disk of whom it is for: nothing of it is kept here. */
export const mail: Handler<'mail'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session } = context;
    const { id, to, device } = message;
    if (to === core.self) return core.sessions.refuse(session, 'no_such_device', undefined, id);
    const person = reachable(context, to, id);
    if (person === undefined) return;
    if (person.device !== device) return core.sessions.refuse(session, 'no_such_device', undefined, id);
    wasActive(context);
    core.people.dealWith(person);
    core.mailOut.send(session, message, person);
  },
};
