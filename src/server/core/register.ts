/** A new account, made by whoever knows its password from then on. */
import { PASSWORD_FAULTS, type PasswordFault } from '../../base/password.ts';
import { accountName } from '../../protocol/names.ts';
import type { Registered } from '../store/store.ts';
import { whyTaken } from './account-names.ts';
import type { RegisterClaim } from './claim.ts';
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import { parseInviteCode } from './invites.ts';
import { accountUser, letIn } from './let-in.ts';
import { MAX_ACCOUNTS } from './limits.ts';
import type { RegisterQuestion } from './login-question.ts';
import { notNow } from './password-login.ts';
import { noteSeen } from './presence.ts';
import type { Session } from './session.ts';
import { refuse } from './sessions.ts';

export type RegisterAnswer = Registered | PasswordFault | 'busy' | 'failed';

/** @param reserved the name is a Unix login of the host, or looks like one. */
export function register(core: Core, session: Session, claim: RegisterClaim, reserved: boolean, at: Instant): void {
  const { name, password } = claim;
  if (reserved) {
    const text = `${name} is a Unix login of the server's host, or looks like one: whoever has it logs in there and sets a password with /password`;
    return refuse(core, session, 'name_reserved', text, at);
  }
  const taken = whyTaken(core, session, name);
  if (taken !== undefined) return refuse(core, session, 'name_taken', taken, at);
  if (!mayMakeAccount(core, session, at)) {
    const text = 'too many accounts were made from where you are, or on this server; try again in an hour';
    return refuse(core, session, 'too_many_accounts', text, at);
  }
  const code = inviteFor(core, claim, at);
  if (code === 'none') {
    const text = 'the invite code is unknown, used or too old: ask an operator for another';
    return refuse(core, session, 'invite_invalid', text, at);
  }
  core.registering.add(name);
  const invite = code === 'not needed' ? {} : { invite: code.code };
  const about = { session: session.id, name: accountName(name), time: at.wall, ...invite };
  const source = session.from ?? session.peer.host;
  core.effects.push({ kind: 'ask-logins', question: { kind: 'register', ...about, password, source } });
}

const mayMakeAccount = (core: Core, { source }: Session, at: Instant): boolean =>
  core.lastSeen.size < MAX_ACCOUNTS &&
  (!core.options.rateLimit || source === undefined || source.newAccounts.take(at.mono));

/** Holds the code, so that of two people with one the second is told at once. */
function inviteFor(
  core: Core,
  { invite }: RegisterClaim,
  at: Instant,
): 'not needed' | 'none' | { readonly code: string } {
  if (core.options.registration !== 'invite') return 'not needed';
  const code = invite === undefined ? undefined : parseInviteCode(invite);
  const reserved = code === undefined ? undefined : core.invites.reserve(code, at.wall);
  return reserved?.ok === true ? { code: reserved.value.code } : 'none';
}

/** The store has answered. An account that was made stays, also where nobody waits for it. */
export function registered(core: Core, asked: RegisterQuestion, came: RegisterAnswer, at: Instant): void {
  const { name, invite } = asked;
  core.registering.delete(name);
  if (invite !== undefined) core.invites.settle(invite, came === 'done' || came === 'no_such_invite');
  const session = core.sessions.get(asked.session);
  if (came === 'done') {
    const from = session?.from ?? asked.source;
    core.effects.push({ kind: 'notice', event: { kind: 'registered', user: name, from } });
    noteSeen(core, undefined, name, asked.time);
  }
  if (session?.state.kind !== 'authenticating') return;
  switch (came) {
    case 'done': {
      const user = accountUser(core, name, undefined, at);
      if (user !== undefined) return letIn(core, session, user, 'register', at);
      return refuse(core, session, 'name_taken', `the host has given ${name} to somebody just now`, at);
    }
    case 'name_taken':
      return refuse(core, session, 'name_taken', `${name} is taken`, at);
    case 'no_such_invite':
      return refuse(core, session, 'invite_invalid', 'the invite code was used just now', at);
    case 'busy':
      return refuse(
        core,
        session,
        'login_busy',
        'too many passwords wait to be hashed; try again in a few seconds',
        at,
      );
    case 'failed':
      return notNow(core, session, 'not_stored', 'the server could not store the account; try again later', at);
    case 'too_short':
    case 'too_long':
    case 'bad_characters':
      return notNow(core, session, 'password_unusable', PASSWORD_FAULTS[came], at);
  }
}
