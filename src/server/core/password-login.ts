/** A log-in by password. An unknown name, and an account without a password, cost and say the same as a wrong one. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Account } from '../store/store.ts';
import { accountMeant } from './account-names.ts';
import type { PasswordClaim } from './claim.ts';
import type { Core } from './core.ts';
import { guessed, inSeconds, mayGuess } from './guessing.ts';
import type { Instant } from './instant.ts';
import { accountUser, letIn } from './let-in.ts';
import type { PasswordQuestion } from './login-question.ts';
import type { Session } from './session.ts';
import { refuse, release } from './sessions.ts';

export type PasswordAnswer =
  | { readonly kind: 'right'; readonly account: Account }
  | { readonly kind: 'wrong' }
  /** Nobody has looked at it. */
  | { readonly kind: 'busy' | 'failed' };

/** The password is to be looked at, off this thread. */
export function checkPassword(core: Core, session: Session, { name, password }: PasswordClaim, at: Instant): void {
  const source = session.from ?? session.peer.host;
  const locked = mayGuess(core, name, source, at);
  if (locked !== undefined) return refuse(core, session, locked.code, locked.text, at);
  const account = accountMeant(core, name);
  const question: PasswordQuestion = { kind: 'password', session: session.id, name: account, password, source };
  core.effects.push({ kind: 'ask-logins', question });
}

/** Whoever doesn't wait for the answer has guessed all the same. */
export function passwordChecked(
  core: Core,
  { session: id, name, source }: PasswordQuestion,
  answer: PasswordAnswer,
  at: Instant,
): void {
  const outcome = answer.kind === 'right' || answer.kind === 'wrong' ? answer.kind : 'unknown';
  const lockedFor = guessed(core, name, source, outcome, at);
  const session = core.sessions.get(id);
  if (session?.state.kind !== 'authenticating') return;
  // As it was typed: how the account itself is written would tell that there is one.
  const typed = session.state.claim.name ?? name;
  switch (answer.kind) {
    case 'right': {
      const user = accountUser(core, answer.account.name, answer.account.uid, at);
      if (user === undefined) return wrong(core, session, typed, undefined, at);
      return letIn(core, session, user, 'password', at);
    }
    case 'wrong':
      return wrong(core, session, typed, lockedFor, at);
    case 'busy':
      return refuse(
        core,
        session,
        'login_busy',
        'too many passwords wait to be checked; try again in a few seconds',
        at,
      );
    case 'failed':
      return notNow(core, session, 'internal', 'the server could not check your password; try again later', at);
  }
}

function wrong(core: Core, session: Session, name: string, lockedFor: number | undefined, at: Instant): void {
  const { registration } = core.options;
  const lock = lockedFor === undefined ? '' : `; you are locked out for ${inSeconds(lockedFor)}`;
  const more = registration === 'closed' ? {} : { registration };
  refuse(core, session, 'wrong_password', `there is no account ${name} with this password${lock}`, at, undefined, more);
}

/** The log-in has come to nothing for now: the client may say hello once more. */
export function notNow(core: Core, session: Session, code: ErrorCode, text: string, at: Instant): void {
  refuse(core, session, code, text, at);
  if (session.state.kind !== 'authenticating') return;
  session.state = { kind: 'connected' };
  release(core, session, at);
}
