/** Who keeps order. */
import type { Core } from './core.ts';
import type { User } from './session.ts';

/** The account of the Unix user who runs the server: nobody puts them out, and nobody makes them less. */
export const isOwner = (core: Core, { identity }: Pick<User, 'identity'>): boolean =>
  core.options.operatorUid !== undefined && identity.kind === 'account' && identity.uid === core.options.operatorUid;

/** The server's own user, and accounts that were made operators. Never a guest: nobody vouches for one. */
export const isOperator = (core: Core, user: Pick<User, 'identity' | 'name'>): boolean =>
  isOwner(core, user) || (user.identity.kind === 'account' && core.operators.has(user.name));
