import { ERROR_CODES } from '../../protocol/errors.ts';
import { MAX_FOUND, MAX_FRAME_BYTES } from '../../protocol/limits.ts';
import { roomsOf } from '../core/core.ts';
import { HISTORY_ENVELOPE_BYTES } from '../core/limits.ts';
import { readCursor, readWords } from '../core/search-words.ts';
import { hold, refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { maySearch } from './rate.ts';
import { roomOfMember } from './room-of.ts';

export const search: Handler<'search'> = {
  allowed: 'online',
  handle(context, { room: name, words, before: cursor, limit, id }) {
    const { core, session, online, at } = context;
    const wanted = readWords(words);
    if (wanted === undefined) return refuse(core, session, 'no_words', ERROR_CODES.no_words.says, at, id);
    const before = cursor === undefined ? undefined : readCursor(cursor);
    if (cursor !== undefined && before === undefined)
      return refuse(core, session, 'bad_message', 'before is not what an answer had', at, id);
    const only = name === undefined ? undefined : roomOfMember(context, name, id);
    if ((name !== undefined && only === undefined) || !maySearch(context, id)) return;
    const rooms = only === undefined ? roomsOf(core, online.user.name).filter(({ closed }) => !closed) : [only];
    // One read of the store a session at a time: what follows waits.
    hold(core, session);
    core.effects.push({
      kind: 'search',
      session: session.id,
      search: {
        rooms: rooms.map((room) => room.name),
        ...wanted,
        ...(before === undefined ? {} : { before }),
        limit: limit ?? MAX_FOUND,
        maxBytes: MAX_FRAME_BYTES - HISTORY_ENVELOPE_BYTES,
      },
      ...(id === undefined ? {} : { id }),
    });
  },
};
