/** block, unblock, mute, unmute: asked for, stored, carried out, and shown to every session of who asked. */
import { longDuration } from '../../base/duration.ts';
import type { UnixMs, UserName } from '../../base/ids.ts';
import { MAX_IGNORED } from '../../protocol/limits.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { ServerEvent } from '../bus/bus.ts';
import type { Core } from './core.ts';
import { hide, show } from './hiding.ts';
import type { Instant } from './instant.ts';
import type { Session } from './session.ts';
import { send } from './sessions.ts';

type IgnoreEvent = Extract<ServerEvent, { kind: 'ignore' }>;

/** It is stored, or is a guest's, which isn't. */
export function carryOutIgnore(core: Core, event: IgnoreEvent, at: Instant): void {
  const { user, origin } = event;
  const text = apply(core, event, at);
  for (const session of core.users.get(user)?.sessions ?? []) send(core, session, ignored(core, user, at));
  watchMutes(core, user, at);
  const session = origin.server === core.options.serverId ? core.sessions.get(origin.session) : undefined;
  if (session?.state.kind === 'online')
    send(core, session, { type: 'done', ...(origin.id === undefined ? {} : { id: origin.id }), text });
}

/** @returns what it means, for who asked. */
function apply(core: Core, { user, action, target, until, time }: IgnoreEvent, at: Instant): string {
  switch (action) {
    case 'block':
      if (!core.ignores.block(user, target)) return `you block ${target} already`;
      hide(core, user, target, at);
      return `you block ${target}: they can't write to you or see you, and you don't see what they write`;
    case 'unblock':
      if (!core.ignores.unblock(user, target)) return `you don't block ${target}`;
      show(core, user, target, at);
      return `you don't block ${target} any more`;
    case 'mute': {
      core.ignores.mute(user, target, until);
      const end = until === undefined ? '' : ` for ${longDuration(until - time)}`;
      return `you mute ${target}${end}: you don't see what they write`;
    }
    case 'unmute':
      return core.ignores.unmute(user, target) ? `you don't mute ${target} any more` : `you don't mute ${target}`;
  }
}

/** Whom somebody ignores, as their client wants it. */
function ignored(core: Core, user: UserName, at: Instant): ServerMessages['ignored'] {
  core.ignores.endMutes(user, at.wall);
  // Two sessions that ask at once may get past the limit by a few; the frame must not.
  const blocked = [...core.ignores.blockedBy(user)].slice(0, MAX_IGNORED);
  const muted = [...core.ignores.mutedBy(user)].slice(0, MAX_IGNORED).map(([name, until]) => mutedUser(name, until));
  return { type: 'ignored', blocked, muted };
}

const mutedUser = (user: UserName, until: UnixMs | undefined) => (until === undefined ? { user } : { user, until });

/** After the welcome: what the session must leave out from the start. */
export function welcomeIgnored(core: Core, session: Session, user: UserName, at: Instant): void {
  const frame = ignored(core, user, at);
  if (frame.blocked.length > 0 || frame.muted.length > 0) send(core, session, frame);
  watchMutes(core, user, at);
}

/** Notes when the next mute of somebody who is here ends. */
function watchMutes(core: Core, user: UserName, at: Instant): void {
  const end = core.users.has(user) ? core.ignores.nextMuteEnd(user) : undefined;
  if (end === undefined) core.muteEnds.delete(user);
  else {
    core.muteEnds.set(user, at.mono + Math.max(0, end - at.wall));
    core.deadlineMoved = true;
  }
}

/** Tells those whose mutes end now. */
export function endMutes(core: Core, at: Instant): void {
  for (const [user, due] of core.muteEnds) {
    if (due > at.mono) continue;
    if (core.ignores.endMutes(user, at.wall))
      for (const session of core.users.get(user)?.sessions ?? []) send(core, session, ignored(core, user, at));
    watchMutes(core, user, at);
  }
}

/** A guest has gone, and nobody could tell a later one of that name from this one. Who was blocked sees them no more for it. */
export function forgetGuest(core: Core, user: UserName): void {
  core.recent.hideFrom(user, core.ignores.blockedBy(user));
  core.ignores.forget(user);
}
