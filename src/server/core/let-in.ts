/** It is known who a session is: is it welcome? */
import type { UserName } from '../../base/ids.ts';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';
import { isKeptOut } from './arrival.ts';
import { type Core, roomInfo, roomsOf } from './core.ts';
import { welcomeIgnored } from './ignoring.ts';
import type { Instant } from './instant.ts';
import { openMailbox } from './mailbox.ts';
import { isOperator } from './operators.ts';
import { noteSeen, sessionEnters } from './presence.ts';
import type { Online, Session, User } from './session.ts';
import { release, send } from './sessions.ts';
import type { LoginMethod, UserIdentity } from './user.ts';

export const newUser = (name: UserName, identity: UserIdentity, at: Instant): User => ({
  name,
  identity,
  sessions: new Set(),
  visible: 0,
  state: 'offline',
  since: at.wall,
});

/** @returns undefined where somebody is here under this name who isn't this account: the host has given it away just now. */
export function accountUser(core: Core, name: UserName, uid: number | undefined, at: Instant): User | undefined {
  const here = core.users.get(name);
  if (here === undefined) return newUser(name, { kind: 'account', ...(uid === undefined ? {} : { uid }) }, at);
  return here.identity.kind === 'account' && here.identity.uid === uid ? here : undefined;
}

/** @param key the fingerprint of the device key by which they came. */
export function letIn(core: Core, session: Session, user: User, by: LoginMethod, at: Instant, key?: string): void {
  if (session.state.kind !== 'authenticating' || isKeptOut(core, session, user, at)) return;
  const { visible } = session.state;
  welcome(core, session, { kind: 'online', user, visible, ...(key === undefined ? {} : { key }) }, by, at);
}

function welcome(core: Core, session: Session, online: Online, by: LoginMethod, at: Instant): void {
  const { user } = online;
  const { identity, name } = user;
  const wasOffline = user.state === 'offline';
  core.counts.logins[by].ok += 1;
  session.state = online;
  core.hellos.delete(session);
  if (session.source !== undefined) session.source.pending -= 1;
  const rooms = roomsOf(core, name);
  send(core, session, {
    type: 'welcome',
    version: PROTOCOL_VERSION,
    server: core.options.name,
    user: name,
    time: at.wall,
    awayAfter: core.options.awayAfter,
    logOffAfter: core.options.logOffAfter,
    rooms: rooms.map(roomInfo),
    ...(isOperator(core, user) ? { operator: true } : {}),
  });
  if (session.peer.console !== true)
    for (const room of rooms) core.effects.push({ kind: 'subscribe', session: session.id, channel: room.name });
  sessionEnters(core, session, online, at);
  welcomeIgnored(core, session, name, at);
  openMailbox(core, session, online);
  // A script's log-in is no sign of its user.
  if (identity.kind === 'account' && online.visible) noteSeen(core, identity.uid, name, at.wall);
  if (wasOffline && online.visible) {
    const from = by === 'host' && identity.kind === 'account' ? `uid ${identity.uid}` : fromOf(session, user);
    core.effects.push({ kind: 'notice', event: { kind: 'online', user: name, by, from } });
  }
  release(core, session, at);
}

const fromOf = (session: Session, { identity }: User): string =>
  identity.kind === 'guest' ? identity.source : (session.from ?? session.peer.host);
