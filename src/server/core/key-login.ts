/** A log-in by device key. What fails says the same, whether there is such an account or not. */
import { ERROR_CODES } from '../../protocol/errors.ts';
import type { Account } from '../store/store.ts';
import { accountMeant } from './account-names.ts';
import type { KeyClaim } from './claim.ts';
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import { accountUser, letIn } from './let-in.ts';
import type { KeyQuestion } from './login-question.ts';
import { notNow } from './password-login.ts';
import type { Session } from './session.ts';
import { refuse } from './sessions.ts';

export type KeyAnswer =
  | { readonly kind: 'right'; readonly account: Account; readonly fingerprint: string }
  | { readonly kind: 'wrong' }
  /** The connection has no channel binding that could be signed. */
  | { readonly kind: 'plain' }
  | { readonly kind: 'failed' };

export function checkKey(core: Core, session: Session, { name, key, signature }: KeyClaim, at: Instant): void {
  const about = { session: session.id, name: accountMeant(core, name), time: at.wall };
  core.effects.push({ kind: 'ask-logins', question: { kind: 'key', ...about, key, signature } });
}

export function keyChecked(core: Core, { session: id }: KeyQuestion, answer: KeyAnswer, at: Instant): void {
  const session = core.sessions.get(id);
  if (session?.state.kind !== 'authenticating') return;
  switch (answer.kind) {
    case 'right': {
      const user = accountUser(core, answer.account.name, answer.account.uid, at);
      if (user === undefined) return refuse(core, session, 'wrong_key', ERROR_CODES.wrong_key.says, at);
      return letIn(core, session, user, 'key', at, answer.fingerprint);
    }
    case 'wrong':
      return refuse(core, session, 'wrong_key', ERROR_CODES.wrong_key.says, at);
    case 'plain':
      return refuse(core, session, 'wrong_key', 'a device key signs a TLS connection, and this one is plain', at);
    case 'failed':
      return notNow(core, session, 'internal', 'the server could not check your key; try again later', at);
  }
}
