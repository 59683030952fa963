/**
 * Who is here. A person is
 *
 * offline ──first visible session──► online ◄──activity── away
 *                                      └──awayAfter──────► ┘
 *
 * and offline again when the last visible session closes, or after logOffAfter away.
 */
import type { UnixMs } from '../../base/ids.ts';
import type { PresenceState } from '../../protocol/server-messages.ts';
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import { beginStay } from './own-messages.ts';
import type { Online, Session, User } from './session.ts';

/** A session has logged in. */
export function sessionEnters(core: Core, session: Session, { user, visible }: Online, at: Instant): void {
  user.sessions.add(session);
  core.users.set(user.name, user);
  if (user.identity.kind === 'guest') {
    core.guests.set(user.name.toLowerCase(), user);
    user.stay ??= beginStay(core, session.id);
  }
  if (!visible) return;
  user.visible += 1;
  if (user.state === 'offline') goOnline(core, user, at);
  else wasActive(core, user, at);
}

/** A session has closed, or is about to. */
export function sessionLeaves(core: Core, session: Session, { user, visible }: Online, at: Instant): void {
  if (!user.sessions.delete(session)) return;
  if (visible) user.visible -= 1;
  if (user.identity.kind === 'guest') core.guestDevices.leave(user, session.device);
  if (user.visible === 0 && user.state !== 'offline') goOffline(core, user, at);
  if (user.sessions.size > 0) return;
  core.users.delete(user.name);
  core.muteEnds.delete(user.name);
  if (user.identity.kind === 'account') return;
  core.guests.delete(user.name.toLowerCase());
  // A guest's membership ends with the guest: nobody could tell a later one of that name from this one.
  for (const room of core.roomsOf.get(user.name) ?? [])
    core.effects.push({
      kind: 'publish',
      event: { kind: 'left', room: room.name, user: user.name, time: at.wall },
    });
  // After all that is said of them, so that nobody hears it whom they block.
  core.effects.push({ kind: 'publish', event: { kind: 'gone', user: user.name } });
}

/** A visible session has shown that somebody is there. */
export function wasActive(core: Core, user: User, at: Instant): void {
  if (user.state === 'offline') return;
  core.active.touch(user, at.mono);
  if (user.state === 'online') return;
  core.away.delete(user);
  core.effects.push({ kind: 'notice', event: { kind: 'back', user: user.name } });
  change(core, user, 'online', at);
}

export function goAway(core: Core, user: User, at: Instant): void {
  core.active.delete(user);
  core.away.touch(user, at.mono);
  core.effects.push({ kind: 'notice', event: { kind: 'away', user: user.name } });
  change(core, user, 'away', at);
}

/** @param reason for people, where it isn't plain. */
export function goOffline(core: Core, user: User, at: Instant, reason?: string): void {
  core.present -= 1;
  core.active.delete(user);
  core.away.delete(user);
  core.recent.add(user.name, at.wall, at.wall);
  if (user.identity.kind === 'account') noteSeen(core, user.identity.uid, user.name, at.wall);
  core.effects.push({
    kind: 'notice',
    event: { kind: 'offline', user: user.name, ...(reason === undefined ? {} : { reason }) },
  });
  change(core, user, 'offline', at, reason);
}

function goOnline(core: Core, user: User, at: Instant): void {
  core.present += 1;
  core.recent.delete(user.name);
  core.active.touch(user, at.mono);
  change(core, user, 'online', at);
}

function change(core: Core, user: User, state: PresenceState, at: Instant, reason?: string): void {
  user.state = state;
  user.since = at.wall;
  core.effects.push({
    kind: 'publish',
    event: {
      kind: 'presence',
      user: user.name,
      state,
      since: at.wall,
      ...(reason === undefined ? {} : { reason }),
    },
  });
}

/** Notes when the account was here last. @param uid where it is a Unix user's. */
export function noteSeen(core: Core, uid: number | undefined, name: User['name'], lastSeen: UnixMs): void {
  core.lastSeen.set(name, lastSeen);
  core.names.add(name);
  if (uid === undefined) core.effects.push({ kind: 'seen', user: name, time: lastSeen });
  else {
    const account = { name, uid, lastSeen };
    core.accounts.set(uid, account);
    core.effects.push({ kind: 'save-account', account });
  }
}
