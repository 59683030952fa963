/** hello -> who is it? -> welcome. */
import type { UserName } from '../../base/ids.ts';
import type { ClientMessages } from '../../protocol/client-messages.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import * as fields from '../../protocol/fields.ts';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';
import { guestName } from '../../protocol/names.ts';
import { parse } from '../../protocol/schema.ts';
import { type Core, enter, exit, roomsOf } from './core.ts';
import type { Instant } from './instant.ts';
import { saveAccount, sessionEnters } from './presence.ts';
import type { Online, Session, User } from './session.ts';
import { hold, refuse, release, send } from './sessions.ts';
import type { UserIdentity } from './user.ts';

type Hello = ClientMessages['hello'];

/** What the host says about a connection. */
export type Identified =
  /** `source`: `uid N` on loopback, else an address. `reserved`: the name is a Unix login of the host. */
  | { readonly kind: 'guest'; readonly source: string; readonly reserved: boolean }
  /** `login`: the Unix name of `uid`, where it has one. */
  | { readonly kind: 'host'; readonly uid: number; readonly login: string | undefined }
  /** It can't say. */
  | { readonly kind: 'unknown' };

/** Asks the host. What the session sends meanwhile waits. */
export function authenticate(core: Core, session: Session, hello: Hello, name: string): void {
  session.state = { kind: 'authenticating', hello };
  hold(core, session);
  core.effects.push({ kind: 'identify', session: session.id, method: hello.auth.method, name });
}

/** The host has answered. */
export function identified(core: Core, session: Session, answer: Identified, at: Instant): void {
  if (session.state.kind !== 'authenticating') return;
  const { hello } = session.state;
  const user = userOf(core, session, hello, answer, at);
  if (user === undefined) return;
  const online: Online = { kind: 'online', user, visible: hello.visible ?? true };
  welcome(core, session, online, at);
}

function userOf(core: Core, session: Session, hello: Hello, answer: Identified, at: Instant): User | undefined {
  switch (answer.kind) {
    case 'guest':
      return guest(core, session, hello.name ?? '', answer, at);
    case 'host':
      return account(core, session, hello, answer, at);
    case 'unknown':
      refuse(core, session, 'host_login_failed', ERROR_CODES.host_login_failed.says, at);
      return undefined;
  }
}

function guest(
  core: Core,
  session: Session,
  name: string,
  { source, reserved }: Extract<Identified, { kind: 'guest' }>,
  at: Instant,
): User | undefined {
  if (reserved) {
    refuse(core, session, 'name_reserved', `${name} is a Unix login of this host, so no guest may have it`, at);
    return undefined;
  }
  const wanted = guestName(name);
  const holder = core.guests.get(wanted.toLowerCase());
  if (holder === undefined) return newUser(wanted, { kind: 'guest', source }, at);
  if (holder.identity.kind === 'guest' && holder.identity.source === source) return holder;
  refuse(core, session, 'name_taken', `somebody else is ${holder.name} right now`, at);
  return undefined;
}

function account(
  core: Core,
  session: Session,
  hello: Hello,
  { uid, login }: Extract<Identified, { kind: 'host' }>,
  at: Instant,
): User | undefined {
  if (login === undefined) {
    refuse(core, session, 'host_login_failed', `the host has no name for the Unix user id ${uid}`, at);
    return undefined;
  }
  const plain = parse(fields.plainName, login);
  const name = plain.ok ? parse(fields.user, plain.value) : plain;
  if (!name.ok) {
    refuse(core, session, 'name_unusable', ERROR_CODES.name_unusable.says, at);
    return undefined;
  }
  if (hello.name !== undefined && hello.name !== name.value) {
    refuse(core, session, 'name_mismatch', `the host says that you are ${name.value}`, at);
    return undefined;
  }
  const known = core.accounts.get(uid);
  if (known?.name !== name.value) {
    rename(core, uid, known?.name, name.value);
    // A visible session is saved with its welcome.
    if (hello.visible === false) saveAccount(core, uid, name.value, at);
  }
  const here = core.users.get(name.value);
  if (here?.identity.kind === 'account' && here.identity.uid === uid) return here;
  return newUser(name.value, { kind: 'account', uid }, at);
}

/**
 * The host has given this uid another name, or this name another uid. The uid is the person: it keeps its rooms, and
 * nobody inherits those of a name that was somebody else's.
 */
function rename(core: Core, uid: number, before: UserName | undefined, name: UserName): void {
  for (const room of core.roomsOf.get(name) ?? []) exit(core, room, name);
  for (const other of core.accounts.values())
    if (other.name === name && other.uid !== uid) core.accounts.delete(other.uid);
  core.recent.delete(name);
  if (before === undefined) return;
  for (const room of core.roomsOf.get(before) ?? []) {
    exit(core, room, before);
    enter(core, room, name);
  }
  core.recent.delete(before);
}

const newUser = (name: UserName, identity: UserIdentity, at: Instant): User => ({
  name,
  identity,
  sessions: new Set(),
  visible: 0,
  state: 'offline',
  since: at.wall,
});

function welcome(core: Core, session: Session, online: Online, at: Instant): void {
  const { user } = online;
  const wasOffline = user.state === 'offline';
  session.state = online;
  core.hellos.delete(session);
  const rooms = roomsOf(core, user.name);
  send(core, session, {
    type: 'welcome',
    version: PROTOCOL_VERSION,
    server: core.options.name,
    user: user.name,
    time: at.wall,
    awayAfter: core.options.awayAfter,
    logOffAfter: core.options.logOffAfter,
    rooms: rooms.map(({ name, topic, last }) => ({ name, topic, last })),
  });
  for (const { name } of rooms) core.effects.push({ kind: 'subscribe', session: session.id, channel: name });
  sessionEnters(core, session, online, at);
  // A script's log-in is no sign of its user.
  if (user.identity.kind === 'account' && online.visible) saveAccount(core, user.identity.uid, user.name, at);
  if (wasOffline && online.visible)
    core.effects.push({
      kind: 'notice',
      event: {
        kind: 'online',
        user: user.name,
        by: user.identity.kind === 'guest' ? 'guest' : 'host',
        from: user.identity.kind === 'guest' ? user.identity.source : `uid ${user.identity.uid}`,
      },
    });
  release(core, session, at);
}
