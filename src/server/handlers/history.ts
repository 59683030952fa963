import { MAX_FRAME_BYTES, MAX_HISTORY_PAGE } from '../../protocol/limits.ts';
import { HISTORY_ENVELOPE_BYTES } from '../core/limits.ts';
import { hold, refuse } from '../core/sessions.ts';
import type { Page } from '../store/store.ts';
import type { Handler } from './handler.ts';
import { mayRead } from './rate.ts';
import { roomOfMember } from './room-of.ts';

export const history: Handler<'history'> = {
  allowed: 'online',
  handle(context, { room, before, since, around, changes, limit, id }) {
    const { core, session, at } = context;
    if ([before, since, around, changes].filter((from) => from !== undefined).length > 1)
      return refuse(core, session, 'bad_message', 'before, since, around and changes exclude each other', at, id);
    if (roomOfMember(context, room, id) === undefined || !mayRead(context, id)) return;
    let page: Page = { kind: 'newest' };
    if (before !== undefined) page = { kind: 'before', seq: before };
    if (since !== undefined) page = { kind: 'since', seq: since };
    if (around !== undefined) page = { kind: 'around', seq: around };
    if (changes !== undefined) page = { kind: 'changes', rev: changes };
    // One read of the store a session at a time: what follows waits.
    hold(core, session);
    core.effects.push({
      kind: 'read-history',
      session: session.id,
      room,
      page,
      limit: limit ?? MAX_HISTORY_PAGE,
      maxBytes: MAX_FRAME_BYTES - HISTORY_ENVELOPE_BYTES,
      ...(id === undefined ? {} : { id }),
    });
  },
};
