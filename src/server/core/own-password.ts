/** The password of the account that one is logged in to. */
import type { ClientId } from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import type { Core } from './core.ts';
import { guessed, inSeconds, mayGuess } from './guessing.ts';
import type { Instant } from './instant.ts';
import type { SetPasswordQuestion } from './login-question.ts';
import type { Online, Session } from './session.ts';
import { hold, refuse, release, send } from './sessions.ts';

export type PasswordSet = 'done' | 'wrong' | 'old_missing' | 'busy' | 'failed';

/** @param password one that may be kept. @param old as it was, where there was one. */
export function setPassword(
  core: Core,
  session: Session,
  { user }: Online,
  { password, old, id }: { password: Secret; old: Secret | undefined; id: ClientId | undefined },
  at: Instant,
): void {
  const source = session.from ?? session.peer.host;
  // Whoever finds a terminal open could guess here as well.
  const locked = old === undefined ? undefined : mayGuess(core, user.name, source, at);
  if (locked !== undefined) return refuse(core, session, 'wrong_old_password', locked.text, at, id);
  const answers = { ...(old === undefined ? {} : { old }), ...(id === undefined ? {} : { id }) };
  const about = { session: session.id, user: user.name, source };
  hold(core, session);
  core.effects.push({ kind: 'ask-logins', question: { kind: 'set-password', ...about, password, ...answers } });
}

export function passwordSet(
  core: Core,
  { session: asked, user, source, old, id }: SetPasswordQuestion,
  came: PasswordSet,
  at: Instant,
): void {
  const outcome = came === 'done' ? 'right' : came === 'wrong' ? 'wrong' : 'unknown';
  const lockedFor = old === undefined ? undefined : guessed(core, user, source, outcome, at);
  const session = core.sessions.get(asked);
  if (session?.state.kind !== 'online') return;
  const answers = id === undefined ? {} : { id };
  switch (came) {
    case 'done':
      send(core, session, { type: 'done', ...answers, text: `the password of ${user} is set` });
      break;
    case 'wrong': {
      const lock = lockedFor === undefined ? '' : `; you are locked out for ${inSeconds(lockedFor)}`;
      refuse(core, session, 'wrong_old_password', `the old password is wrong${lock}`, at, id);
      break;
    }
    case 'old_missing':
      refuse(core, session, 'wrong_old_password', 'this account has a password: give the old one too', at, id);
      break;
    case 'busy':
      refuse(core, session, 'not_stored', 'too many passwords wait to be hashed; try again in a few seconds', at, id);
      break;
    case 'failed':
      refuse(core, session, 'not_stored', 'the server could not store the password; try again later', at, id);
      break;
  }
  release(core, session, at);
}
