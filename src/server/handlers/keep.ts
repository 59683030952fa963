import { keepText } from '../../base/keep.ts';
import { isOperator } from '../core/operators.ts';
import { hold, refuse } from '../core/sessions.ts';
import type { Handler, OnlineContext } from './handler.ts';
import { giveOrder, mayOrder } from './order.ts';
import { mayRead } from './rate.ts';
import { existingRoom, roomOfMember } from './room-of.ts';

export const keep: Handler<'keep'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session, at } = context;
    const { room, keep: wanted, default: isDefault, id } = message;
    if (wanted === undefined && isDefault === undefined) return ask(context, message);
    if (!mayOrder(context, id) || existingRoom(context, room, id) === undefined) return;
    if (wanted !== undefined && isDefault !== undefined)
      return refuse(core, session, 'bad_message', 'keep and default exclude each other', at, id);
    const order =
      wanted === undefined ? ({ kind: 'keep', room } as const) : ({ kind: 'keep', room, keep: wanted } as const);
    giveOrder(context, order, { target: room, detail: wanted === undefined ? 'default' : keepText(wanted) }, id);
  },
};

/** An operator need not be in the room. */
function ask(context: OnlineContext, { room, id }: Parameters<typeof keep.handle>[1]): void {
  const { core, session, online } = context;
  const found = isOperator(core, online.user) ? existingRoom(context, room, id) : roomOfMember(context, room, id);
  if (found === undefined || !mayRead(context, id)) return;
  // One read of the store a session at a time: what follows waits.
  hold(core, session);
  core.effects.push({ kind: 'read-kept', session: session.id, room, ...(id === undefined ? {} : { id }) });
}
