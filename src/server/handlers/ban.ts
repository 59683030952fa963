import { longDuration } from '../../base/duration.ts';
import { unixMs } from '../../base/ids.ts';
import { LAST_TIME } from '../../protocol/fields.ts';
import { banTarget } from '../core/bans.ts';
import { MAX_BANS } from '../core/limits.ts';
import { refuse } from '../core/sessions.ts';
import type { Ban } from '../store/store.ts';
import type { Handler } from './handler.ts';
import { giveOrder, hitsProtected, mayOrder } from './order.ts';

export const ban: Handler<'ban'> = {
  allowed: 'online',
  handle(context, { target: typed, for: lasts, reason = '', id }) {
    const { core, session, online, at } = context;
    if (!mayOrder(context, id)) return;
    const target = banTarget(typed);
    if (!target.ok) return refuse(core, session, 'bad_message', target.error, at, id);
    if (lasts === 0) return refuse(core, session, 'bad_message', 'a ban of no time is none: use unban', at, id);
    if (hitsProtected(context, target.value, id)) return;
    if (core.bans.get(target.value, at) === undefined && core.bans.list(at).length >= MAX_BANS) {
      const text = `there are ${MAX_BANS} bans, as many as there may be: end some first`;
      return refuse(core, session, 'too_many_bans', text, at, id);
    }
    const made: Ban = {
      target: target.value,
      by: online.user.name,
      time: at.wall,
      // Longer than a date can say is for good.
      ...(lasts === undefined || at.wall + lasts > LAST_TIME ? {} : { until: unixMs(at.wall + lasts) }),
      reason,
    };
    const how = made.until === undefined ? '' : `for ${longDuration(made.until - made.time)}`;
    const detail = [how, reason].filter(Boolean).join(': ');
    giveOrder(context, { kind: 'ban', ban: made }, { target: target.value, detail }, id);
  },
};
