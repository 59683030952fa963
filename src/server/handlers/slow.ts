import { longDuration } from '../../base/duration.ts';
import { MAX_SLOW_MS } from '../core/limits.ts';
import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { giveOrder, mayOrder } from './order.ts';
import { existingRoom } from './room-of.ts';

export const slow: Handler<'slow'> = {
  allowed: 'online',
  handle(context, { room, every, id }) {
    const { core, session, at } = context;
    if (!mayOrder(context, id) || existingRoom(context, room, id) === undefined) return;
    if (every > MAX_SLOW_MS) {
      const text = `at most ${longDuration(MAX_SLOW_MS)} between two messages: else close the room`;
      return refuse(core, session, 'bad_message', text, at, id);
    }
    const detail = every === 0 ? 'off' : `every ${longDuration(every)}`;
    giveOrder(context, { kind: 'slow', room, every }, { target: room, detail }, id);
  },
};
