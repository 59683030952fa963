import { longDuration } from '../../../base/duration.ts';
import { unixMs } from '../../../base/ids.ts';
import { LAST_TIME } from '../../../protocol/fields.ts';
import type { Handler } from './handler.ts';
import { ignore } from './ignore.ts';

export const mute: Handler<'mute'> = {
  allowed: 'online',
  handle(context, message) {
    const { core, session } = context;
    const { for: lasts, id } = message;
    if (lasts === 0) return core.sessions.refuse(session, 'bad_message', 'for must be more than 0 milliseconds', id);
    const until = lasts === undefined ? undefined : unixMs(Math.min(core.clock.now() + lasts, LAST_TIME));
    ignore(context, 'mute', message, ({ device, user }) => {
      core.ignored.mute(device, until);
      const end = lasts === undefined ? '' : ` for ${longDuration(lasts)}`;
      return `you mute ${user}${end}: you don't see what they write`;
    });
  },
};
