/** Whose name is whose: what is typed at a log-in, and what a newcomer may be called. */
import type { UserName } from '../../base/ids.ts';
import { skeleton } from '../../base/text/confusables.ts';
import { accountName } from '../../protocol/names.ts';
import type { Core } from './core.ts';
import type { Session } from './session.ts';

/** The account that is meant: a name is found in any case. Where there is none, the name as it was typed. */
export function accountMeant(core: Core, typed: string): UserName {
  const name = accountName(typed);
  if (core.lastSeen.has(name)) return name;
  const alike = core.names.conflict(typed);
  return alike?.toLowerCase() === typed.toLowerCase() ? accountName(alike) : name;
}

/** @returns why a new account may not have this name; undefined: it may. */
export function whyTaken(core: Core, session: Session, name: string): string | undefined {
  const taken = core.names.conflict(name) ?? core.registering.conflict(name);
  if (taken !== undefined)
    return taken.toLowerCase() === name.toLowerCase()
      ? `${taken} is taken`
      : `${name} looks like ${taken}, which is taken`;
  const form = skeleton(name);
  // Whoever is here as that guest may go on as the account.
  for (const { name: guest, identity } of core.guests.values())
    if (identity.kind === 'guest' && identity.source !== session.from && skeleton(guest) === form)
      return `${guest} is here right now, and ${name} looks like them`;
  return undefined;
}
