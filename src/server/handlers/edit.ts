import { changeMessage } from '../core/message-changes.ts';
import { ownAfter } from '../core/own-messages.ts';
import { wasActive } from '../core/presence.ts';
import type { Handler } from './handler.ts';
import { mayWrite } from './rate.ts';
import { roomOfMember } from './room-of.ts';

export const edit: Handler<'edit'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session, online, at } = context;
    const room = roomOfMember(context, message.room, message.id);
    if (room === undefined || !mayWrite(context, message.id)) return;
    if (online.visible) wasActive(core, online.user, at);
    const may = { kind: 'own', after: ownAfter(online.user, room) } as const;
    changeMessage(core, session, online, message, { what: { kind: 'edit', text: message.text }, may }, at);
  },
};
