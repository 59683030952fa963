/** `uchat register`: makes an account; on this very host, where the kernel vouches, it sets one's password. */
import { PASSWORD_FAULTS, prepareNewPassword } from '../../base/password.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Secret } from '../../base/secret.ts';
import { addressText } from '../../link/address.ts';
import * as fields from '../../protocol/fields.ts';
import { parse } from '../../protocol/schema.ts';
import { type ClientArguments, type ClientSettings, loginOf } from '../shell/client-settings.ts';
import type { AccountLogin } from '../shell/credentials.ts';
import { askNew, isFailure } from '../shell/credentials.ts';
import { done, type Failure, type Outcome, wrongUsage } from '../shell/outcome.ts';
import { ownName } from '../shell/own-name.ts';
import { print } from './print.ts';
import { asFailure, openTalk, request } from './talk.ts';

async function newPassword({ password }: ClientSettings, name: string): Promise<Result<Secret, Failure>> {
  if (password === undefined) {
    const asked = await askNew(name);
    return isFailure(asked) ? err(asked) : ok(asked);
  }
  const prepared = prepareNewPassword(password);
  return prepared.ok ? ok(password) : err(wrongUsage(`--password-file: ${PASSWORD_FAULTS[prepared.error]}`));
}

export async function register(settings: ClientSettings, argv: ClientArguments): Promise<Outcome> {
  if (settings.guest) return wrongUsage('--guest is for who has no account: leave it out');
  const invite = argv.invite === undefined ? undefined : parse(fields.invite, argv.invite);
  if (invite?.ok === false) return wrongUsage('--invite CODE: a code looks like 7ZB3-K0QM-4XTN-92AF');
  const login = loginOf(settings, settings.address);
  if (!login.ok) return wrongUsage('the name is missing: add --user NAME');
  if (login.value.method === 'host') return await setOwn(settings);
  const { name } = login.value;
  const password = await newPassword(settings, name);
  if (!password.ok) return password.error;
  const code = invite === undefined ? {} : { invite: invite.value };
  const account: AccountLogin = { method: 'account', name, password: password.value, register: code };
  const session = await openTalk(settings, () => false, ok(account));
  if (!session.ok) return session.error;
  session.value.talk.end();
  print(`${session.value.welcome.user} has an account on ${addressText(settings.address)} now\n`);
  return done;
}

/** Whom this host vouches for has an account already, and logs in with the password from elsewhere. */
async function setOwn(settings: ClientSettings): Promise<Outcome> {
  const password = await newPassword(settings, ownName() ?? 'you');
  if (!password.ok) return password.error;
  const session = await openTalk(settings, ({ type }) => type === 'done');
  if (!session.ok) return session.error;
  const { talk, welcome } = session.value;
  const answer = await request(
    talk,
    (id) => ({ type: 'password', id, password: password.value.reveal() }),
    (message, id) => (message.type === 'done' && message.id === id ? message : undefined),
  );
  talk.end();
  if (!answer.ok) return asFailure(answer.error);
  print(`${welcome.user} has a password on ${addressText(settings.address)} now\n`);
  return done;
}
