/** The device keys of the account that one is logged in to. */
import type { ClientId, UserName } from '../../base/ids.ts';
import { MAX_KEYS } from '../../protocol/limits.ts';
import type { DeviceKey } from '../store/store.ts';
import type { Core } from './core.ts';
import type { Instant } from './instant.ts';
import type { KeysQuestion } from './login-question.ts';
import type { Online, Session } from './session.ts';
import { hold, refuse, release, send } from './sessions.ts';

export type KeysAnswer =
  | { readonly kind: 'added' | 'known'; readonly fingerprint: string }
  | { readonly kind: 'full' | 'no_key' | 'failed' }
  | { readonly kind: 'removed'; readonly was: boolean }
  | { readonly kind: 'list'; readonly keys: readonly DeviceKey[] };

export function askKeys(
  core: Core,
  session: Session,
  { user }: Online,
  wanted: KeysQuestion['wanted'],
  id: ClientId | undefined,
): void {
  const about = { session: session.id, user: user.name, ...(id === undefined ? {} : { id }) };
  hold(core, session);
  core.effects.push({ kind: 'ask-logins', question: { kind: 'keys', ...about, wanted } });
}

export function keysAnswered(core: Core, asked: KeysQuestion, answer: KeysAnswer, at: Instant): void {
  const { user, wanted, id } = asked;
  if (answer.kind === 'removed' && answer.was && wanted.kind === 'remove')
    core.effects.push({ kind: 'publish', event: { kind: 'key-removed', user, fingerprint: wanted.fingerprint } });
  const session = core.sessions.get(asked.session);
  if (session?.state.kind !== 'online') return;
  tell(core, session, answer, id, at);
  release(core, session, at);
}

function tell(core: Core, session: Session, answer: KeysAnswer, id: ClientId | undefined, at: Instant): void {
  const answers = id === undefined ? {} : { id };
  const done = (text: string): void => send(core, session, { type: 'done', ...answers, text });
  switch (answer.kind) {
    case 'added':
      return done(`the device key ${answer.fingerprint} logs in to this account now`);
    case 'known':
      return done(`the device key ${answer.fingerprint} is one of this account already`);
    case 'full':
      return refuse(core, session, 'too_many_keys', `an account has at most ${MAX_KEYS} keys: remove one`, at, id);
    case 'no_key':
      return refuse(core, session, 'bad_message', 'key must be an Ed25519 public key', at, id);
    case 'removed':
      if (answer.was) return done('the device key logs in no more, and its sessions are ended');
      return refuse(core, session, 'no_such_key', 'the account has no key with this fingerprint', at, id);
    case 'list': {
      const keys = answer.keys.map(({ fingerprint, label, added }) => ({ fingerprint, label, added }));
      return send(core, session, { type: 'keys', ...answers, keys });
    }
    case 'failed':
      return refuse(core, session, 'not_stored', 'the server could not do this; try again later', at, id);
  }
}

/** Whoever has the device has no business here any more. */
export function keyRemoved(core: Core, user: UserName, fingerprint: string, at: Instant): void {
  for (const session of core.users.get(user)?.sessions ?? [])
    if (session.state.kind === 'online' && session.state.key === fingerprint)
      refuse(core, session, 'wrong_key', 'this device key was removed from the account', at);
}
