import type { ClientId } from '../../base/ids.ts';
import { refuse } from '../core/sessions.ts';
import type { OnlineContext } from './handler.ts';

/** @returns false where this is a guest, and that was said. */
export function hasAccount({ core, session, online, at }: OnlineContext, id: ClientId | undefined): boolean {
  if (online.user.identity.kind === 'account') return true;
  refuse(
    core,
    session,
    'no_account',
    'guests have no account: make one with /register, where the server lets you',
    at,
    id,
  );
  return false;
}
