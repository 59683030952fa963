import { unixMs } from '../../base/ids.ts';
import { LAST_TIME } from '../../protocol/fields.ts';
import { refuse } from '../core/sessions.ts';
import type { Handler } from './handler.ts';
import { askToIgnore } from './ignore.ts';

export const mute: Handler<'mute'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session, at } = context;
    const { for: lasts, id } = message;
    if (lasts === undefined) return askToIgnore(context, 'mute', message);
    if (lasts === 0) return refuse(core, session, 'bad_message', 'for must be more than 0 milliseconds', at, id);
    askToIgnore(context, 'mute', message, unixMs(Math.min(at.wall + lasts, LAST_TIME)));
  },
};
