import { reachable, withId } from './common.ts';
import type { Handler } from './handler.ts';

/** A person is one key, so each has exactly one device. */
export const devices: Handler<'devices'> = {
  allowed: 'online',
  handle(context, { id, user, claim = [] }) {
    const { core, session } = context;
    const answer = (device: typeof core.device, given?: string): void => {
      const one = given === undefined ? { device } : { device, package: given };
      core.sessions.send(session, { type: 'devices', ...withId(id), user, devices: [one] });
    };
    if (user === core.self) return answer(core.device);
    const person = reachable(context, user, id);
    if (person === undefined) return;
    core.people.keep(person);
    if (claim.includes(person.device)) core.packages.claim(person.device, (given) => answer(person.device, given));
    else answer(person.device);
  },
};
