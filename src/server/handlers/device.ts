import { sayDevice } from '../core/devices.ts';
import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { mayWrite } from './rate.ts';

export const device: Handler<'device'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session, online, at } = context;
    const { id } = message;
    if (!mayWrite(context, id)) return;
    if (!online.visible)
      return refuse(core, session, 'bad_message', 'a session that is not visible is no device', at, id);
    if (session.device !== undefined && session.device !== message.device)
      return refuse(core, session, 'bad_message', 'device must be the one that this session has said', at, id);
    sayDevice(core, session, online, message, at);
  },
};
