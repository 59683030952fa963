import { isLobby, mayWrite, wasActive } from './common.ts';
import type { Handler } from './handler.ts';

export const say: Handler<'say'> = {
  allowed: 'online',
  handle(context, { id, to, text, re }) {
    const { core, session } = context;
    if (!isLobby(context, to, id) || !mayWrite(context, id)) return;
    wasActive(context);
    const said = core.room.say(session, { id: id ?? core.newId(), text, ...(re === undefined ? {} : { re }) });
    if (!said.ok) core.sessions.refuse(session, said.error.code, said.error.text, id);
    else if (id !== undefined) core.sessions.send(session, { type: 'ack', id, to, ...said.value });
  },
};
