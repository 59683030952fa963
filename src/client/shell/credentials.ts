/** What proves that an account is ours: this device's key, where it was enrolled, or a password. */
import { PASSWORD_FAULTS, prepareNewPassword } from '../../base/password.ts';
import type { Secret } from '../../base/secret.ts';
import { sanitizeLine } from '../../base/text/sanitize.ts';
import { addressText } from '../../link/address.ts';
import type { Link } from '../../link/link.ts';
import * as fields from '../../protocol/fields.ts';
import { parse } from '../../protocol/schema.ts';
import type { Login } from '../core/inner.ts';
import { ask, askNo } from './ask.ts';
import type { ClientSettings } from './client-settings.ts';
import type { DeviceKey } from './device-key.ts';
import { isEnrolled } from './enrolled.ts';
import { type Failure, refused, wrongUsage } from './outcome.ts';
import { askPassword } from './read-password.ts';

export type AccountLogin = Extract<Login, { method: 'account' }>;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** This device's key, where it logs in to this account. What is wrong with it is said, and then it takes the password. */
export async function enrolledKey(
  { folder, address }: Pick<ClientSettings, 'folder' | 'address'>,
  name: string,
): Promise<DeviceKey | undefined> {
  if (!isEnrolled(folder, address, name)) return undefined;
  const { openDeviceKey } = await import('./device-key.ts');
  const key = openDeviceKey(folder);
  if (key.ok) return key.value;
  say(`uchat: ${key.error}`);
  return undefined;
}

/** The key with its signature of this connection; undefined where the connection is plain. */
export function proofOf(key: DeviceKey | undefined, { secure }: Link): { key: string; signature: string } | undefined {
  if (key === undefined || secure === undefined) return undefined;
  return { key: key.publicKey, signature: key.sign(secure.channelBinding()) };
}

/** @returns or how the program ends: nobody wants to tell a password. */
async function askSecret(question: string): Promise<Secret | Failure> {
  const asked = await askPassword(question);
  switch (asked.kind) {
    case 'password':
      return asked.password;
    case 'failed':
      return wrongUsage(asked.text);
    case 'interrupted':
    case 'ended':
      return refused('no password was given');
  }
}

export const isFailure = (value: object): value is Failure => 'status' in value;

/** Asks on a plain line, without echo. */
export async function askLogin({ address }: ClientSettings, login: AccountLogin): Promise<AccountLogin | Failure> {
  const password = await askSecret(`Password for ${login.name} on ${addressText(address)}: `);
  return isFailure(password) ? password : { method: 'account', name: login.name, password };
}

/** A new password, asked for twice. @param typed one that was given already. */
export async function askNew(name: string, typed?: Secret): Promise<Secret | Failure> {
  let given = typed;
  for (;;) {
    const first = given ?? (await newOne(name));
    if (isFailure(first)) return first;
    const again = await askSecret('The same password again: ');
    if (isFailure(again) || again.reveal() === first.reveal()) return again;
    say('These were not the same.');
    given = undefined;
  }
}

async function newOne(name: string): Promise<Secret | Failure> {
  for (;;) {
    const password = await askSecret(`New password for ${name}: `);
    if (isFailure(password)) return password;
    const prepared = prepareNewPassword(password);
    if (prepared.ok) return password;
    say(`This can not be one: ${PASSWORD_FAULTS[prepared.error]}.`);
  }
}

export interface Refused {
  readonly code: string;
  readonly text: string;
  readonly registration?: 'open' | 'invite';
}

/** The name or the password was wrong: perhaps there is no such account, and it is to be made; else once more. */
export async function askAgain(
  settings: ClientSettings,
  login: AccountLogin,
  { text, registration }: Refused,
): Promise<AccountLogin | Failure> {
  say(sanitizeLine(text));
  if (registration !== undefined && login.password !== undefined) {
    const yes = await askNo(`Create a new account ${login.name}?`);
    if (yes === undefined) return refused('no password was given');
    if (yes) return await askRegistration(login.name, login.password, registration);
  }
  return await askLogin(settings, login);
}

async function askRegistration(
  name: string,
  typed: Secret,
  registration: 'open' | 'invite',
): Promise<AccountLogin | Failure> {
  let code: { invite?: string } = {};
  if (registration === 'invite') {
    const invite = parse(fields.invite, await ask('Invite code: '));
    if (!invite.ok) return refused('a new account takes an invite code here: ask an operator of the server for one');
    code = { invite: invite.value };
  }
  const prepared = prepareNewPassword(typed);
  if (!prepared.ok) say(`The password can not be kept: ${PASSWORD_FAULTS[prepared.error]}.`);
  const password = await askNew(name, prepared.ok ? typed : undefined);
  return isFailure(password) ? password : { method: 'account', name, password, register: code };
}
