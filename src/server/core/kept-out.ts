/** Whom a ban hits. */
import type { Ban } from '../store/store.ts';
import { banKey } from './bans.ts';
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import { isOwner } from './operators.ts';
import type { Session, User } from './session.ts';

/** What a ban may say to hit this session. @param user who it is, or is about to be. */
function targetsOf(session: Session, user: User | undefined): string[] {
  const targets = session.from === undefined ? [] : [session.from];
  if (user !== undefined) targets.push(user.name);
  if (user?.identity.kind === 'account' && user.identity.uid !== undefined) targets.push(`uid ${user.identity.uid}`);
  return targets;
}

/** The user of a session that is logged in. */
export const userOf = ({ state }: Session): User | undefined => (state.kind === 'online' ? state.user : undefined);

export const isHit = (target: string, session: Session, user: User | undefined): boolean =>
  targetsOf(session, user).some((own) => banKey(own) === banKey(target));

/** The ban that keeps this session out, if one does. The server's own user is never kept out. */
export function banOn(core: Core, session: Session, user: User | undefined, at: Instant): Ban | undefined {
  if (isOwners(core, session, user)) return undefined;
  for (const target of targetsOf(session, user)) {
    const ban = core.bans.get(target, at);
    if (ban !== undefined) return ban;
  }
  return undefined;
}

/** Does it belong to the user who runs the server? A guest who comes from the same Unix user is a guest. */
export function isOwners(core: Core, session: Session, user: User | undefined): boolean {
  if (session.peer.console === true) return true;
  if (user !== undefined) return isOwner(core, user);
  return core.options.operatorUid !== undefined && session.from === `uid ${core.options.operatorUid}`;
}
