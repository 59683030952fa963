import { withId } from './common.ts';
import type { Handler } from './handler.ts';

/** All of our own programs are the one device that this data folder is. */
export const device: Handler<'device'> = {
  allowed: 'online',
  handle({ core, session }, { id, device: said, packages }) {
    const { sessions } = core;
    if (!session.visible)
      return sessions.refuse(session, 'bad_message', 'a session that is not visible is no device', id);
    if (said !== core.device)
      return sessions.refuse(session, 'bad_message', 'device must be the key that this data folder has here', id);
    const isNews = !session.isDevice;
    const count = core.packages.add(packages);
    session.isDevice = true;
    sessions.send(session, { type: 'device', ...withId(id), device: said, packages: count });
    if (isNews) core.mailbox.open(session);
  },
};
