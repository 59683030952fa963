import { NO_SEQ } from '../../base/ids.ts';
import { changeMessage } from '../core/message-changes.ts';
import { wasActive } from '../core/presence.ts';
import type { Handler } from './handler.ts';
import { mayWrite } from './rate.ts';
import { roomOfMember } from './room-of.ts';

export const react: Handler<'react'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session, online, at } = context;
    const { room, emoji, on, id } = message;
    if (roomOfMember(context, room, id) === undefined || !mayWrite(context, id)) return;
    if (online.visible) wasActive(core, online.user, at);
    const may = { kind: 'own', after: NO_SEQ } as const;
    changeMessage(core, session, online, message, { what: { kind: 'react', emoji, on }, may }, at);
  },
};
