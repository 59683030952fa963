import { ERROR_CODES } from '../../protocol/errors.ts';
import { append } from '../core/messages.ts';
import { wasActive } from '../core/presence.ts';
import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { mayWrite, mayWriteNow } from './rate.ts';
import { roomOfMember } from './room-of.ts';

export const say: Handler<'say'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session, online, at } = context;
    const room = roomOfMember(context, message.to, message.id);
    if (room === undefined || !mayWrite(context, message.id) || !mayWriteNow(context, room, message.id)) return;
    if (message.re !== undefined && (message.re < 1 || message.re > room.last))
      return refuse(core, session, 'no_such_message', ERROR_CODES.no_such_message.says, at, message.id);
    if (online.visible) wasActive(core, online.user, at);
    append(core, session, online, message, at);
  },
};
