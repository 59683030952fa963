import { ERROR_CODES } from '../../protocol/errors.ts';
import { announce as announceToAll } from '../core/announce.ts';
import { isOperator } from '../core/operators.ts';
import { hold, refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { originOf } from './origin.ts';
import { mayWrite } from './rate.ts';

export const announce: Handler<'announce'> = {
  allowed: 'online',
  handle(context, { text, id }) {
    const { core, session, online, at } = context;
    if (!isOperator(core, online.user))
      return refuse(core, session, 'not_operator', ERROR_CODES.not_operator.says, at, id);
    if (!mayWrite(context, id)) return;
    hold(core, session);
    announceToAll(core, online.user.name, text, at, originOf(context, id));
  },
};
