/** hello -> who is it? -> welcome. */
import { type UserName, unixMs } from '../../base/ids.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import * as fields from '../../protocol/fields.ts';
import { guestName } from '../../protocol/names.ts';
import { parse } from '../../protocol/schema.ts';
import { mayLogIn } from './arrival.ts';
import type { Claim } from './claim.ts';
import { type Core, enter, exit } from './core.ts';
import type { Instant } from './instant.ts';
import { checkKey } from './key-login.ts';
import { accountUser, letIn, newUser } from './let-in.ts';
import { checkPassword } from './password-login.ts';
import { noteSeen } from './presence.ts';
import { register } from './register.ts';
import type { Session, User } from './session.ts';
import { hold, refuse } from './sessions.ts';

/** What the host says about a connection, and about the name that comes with it. */
export type Identified =
  /** `source`: `uid N` on loopback, else an address. `reserved`: the name is a Unix login of the host, or looks like one. */
  | { readonly kind: 'guest'; readonly source: string; readonly reserved: boolean }
  /** `login`: the Unix name of `uid`, where it has one. */
  | { readonly kind: 'host'; readonly uid: number; readonly login: string | undefined }
  /** Where it comes from is known, which is all that a password or a key needs. */
  | { readonly kind: 'located' }
  /** For a new account. */
  | { readonly kind: 'newcomer'; readonly reserved: boolean }
  /** It can't say. */
  | { readonly kind: 'unknown' };

/** Asks the host. What the session sends meanwhile waits. */
export function authenticate(core: Core, session: Session, claim: Claim, visible: boolean, at: Instant): void {
  if (!mayLogIn(core, session, at)) return;
  session.state = { kind: 'authenticating', claim, visible };
  hold(core, session);
  core.effects.push({ kind: 'identify', session: session.id, method: claim.kind, name: claim.name ?? '' });
}

/** The host has answered, each kind of claim in its own way. */
export function identified(core: Core, session: Session, answer: Identified, at: Instant): void {
  if (session.state.kind !== 'authenticating') return;
  const { claim, visible } = session.state;
  if (claim.kind === 'guest' && answer.kind === 'guest') {
    const user = guest(core, session, claim.name, answer, at);
    if (user !== undefined) letIn(core, session, user, 'guest', at);
  } else if (claim.kind === 'host' && answer.kind === 'host') {
    const user = account(core, session, claim.name, visible, answer, at);
    if (user !== undefined) letIn(core, session, user, 'host', at);
  } else if (claim.kind === 'password' && answer.kind === 'located') checkPassword(core, session, claim, at);
  else if (claim.kind === 'key' && answer.kind === 'located') checkKey(core, session, claim, at);
  else if (claim.kind === 'register' && answer.kind === 'newcomer') register(core, session, claim, answer.reserved, at);
  else refuse(core, session, 'host_login_failed', ERROR_CODES.host_login_failed.says, at);
}

function guest(
  core: Core,
  session: Session,
  name: string,
  { source, reserved }: Extract<Identified, { kind: 'guest' }>,
  at: Instant,
): User | undefined {
  if (reserved) {
    const text = `${name} is a Unix login of this host, or looks like one, so no guest may have it`;
    refuse(core, session, 'name_reserved', text, at);
    return undefined;
  }
  const taken = core.names.conflict(name);
  if (taken !== undefined) {
    const what = taken.toLowerCase() === name.toLowerCase() ? `${taken} has an account` : `${name} looks like ${taken}`;
    refuse(core, session, 'name_reserved', `${what}, so no guest may have the name`, at);
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
  wanted: string | undefined,
  visible: boolean,
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
  if (wanted !== undefined && wanted !== name.value) {
    refuse(core, session, 'name_mismatch', `the host says that you are ${name.value}`, at);
    return undefined;
  }
  // First: whoever is put out leaves a last trace of the name.
  const user = accountUser(core, name.value, uid, at) ?? putOut(core, name.value, uid, at);
  const known = core.accounts.get(uid);
  if (known?.name !== name.value) {
    rename(core, uid, known?.name, name.value);
    // A visible session is saved with its welcome.
    if (!visible) noteSeen(core, uid, name.value, known?.lastSeen ?? NEVER);
  }
  return user;
}

/** Somebody else is here under a name that the host has given to this uid. */
function putOut(core: Core, name: UserName, uid: number, at: Instant): User {
  for (const session of core.users.get(name)?.sessions ?? [])
    refuse(core, session, 'name_taken', `${name} is the login of somebody else on this host now`, at);
  return newUser(name, { kind: 'account', uid }, at);
}

/**
 * The host has given this uid another name, or this name another uid. The uid is the person: it keeps its rooms, and
 * nobody inherits those of a name that was somebody else's.
 */
function rename(core: Core, uid: number, before: UserName | undefined, name: UserName): void {
  for (const room of core.roomsOf.get(name) ?? []) exit(core, room, name);
  core.operators.delete(name);
  for (const other of core.accounts.values())
    if (other.name === name && other.uid !== uid) core.accounts.delete(other.uid);
  core.recent.delete(name);
  core.lastSeen.delete(name);
  core.ignores.forget(name);
  core.ignores.forgive(name);
  if (before === undefined) return;
  core.names.delete(before);
  core.lastSeen.delete(before);
  core.ignores.rename(before, name);
  if (core.operators.delete(before)) core.operators.add(name);
  for (const room of core.roomsOf.get(before) ?? []) {
    exit(core, room, before);
    enter(core, room, name);
  }
  core.recent.delete(before);
}

/** Of an account that only scripts have used. */
const NEVER = unixMs(0);
