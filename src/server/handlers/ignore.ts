/** What block, unblock, mute and unmute have in common. */
import type { ClientId, UnixMs, UserName } from '../../base/ids.ts';
import { MAX_IGNORED } from '../../protocol/limits.ts';
import { isGuest } from '../../protocol/names.ts';
import { change } from '../core/changes.ts';
import type { Change } from '../core/effect.ts';
import { refuse } from '../core/sessions.ts';
import type { OnlineContext } from './handler.ts';
import { originOf } from './origin.ts';
import { mayWrite } from './rate.ts';

type Action = Extract<Change, { kind: 'ignore' }>['action'];

/** @param until when a mute ends; undefined: never. */
export function askToIgnore(
  context: OnlineContext,
  action: Action,
  { user: target, id }: { readonly user: UserName; readonly id?: ClientId },
  until?: UnixMs,
): void {
  const { core, online, at } = context;
  const user = online.user.name;
  if (!isAllowed(context, action, target, id) || !mayWrite(context, id)) return;
  change(core, context.session, {
    kind: 'ignore',
    action,
    user,
    target,
    ...(until === undefined ? {} : { until }),
    time: at.wall,
    lasting: !isGuest(user),
    origin: originOf(context, id),
  });
}

function isAllowed(context: OnlineContext, action: Action, target: UserName, id: ClientId | undefined): boolean {
  const { core, session, online, at } = context;
  const user = online.user.name;
  if (action === 'unblock' || action === 'unmute') return true;
  if (target === user) {
    refuse(core, session, 'bad_message', `user is you: nobody can ${action} themselves`, at, id);
    return false;
  }
  // Guests come and go; whether one is here is not for everybody to know.
  if (!isGuest(target) && !core.lastSeen.has(target)) {
    refuse(core, session, 'no_such_user', `nobody here is called ${target}`, at, id);
    return false;
  }
  const list = action === 'block' ? core.ignores.blockedBy(user) : core.ignores.mutedBy(user);
  if (list.size < MAX_IGNORED || list.has(target)) return true;
  refuse(core, session, 'too_many_ignored', `you ${action} ${MAX_IGNORED} people, as many as one may`, at, id);
  return false;
}
