/** As whom one comes to a server that was reached, and what else can be tried where it doesn't let one in. */
import type { Login } from '../core/inner.ts';
import { type Reached, reachedBy } from './ask-server.ts';
import { loginOf } from './client-settings.ts';
import { type AccountLogin, askAgain, askLogin, enrolledKey, isFailure, type Refused } from './credentials.ts';
import type { DeviceKey } from './device-key.ts';
import { dialServer } from './dialing.ts';
import { noConnection, type Outcome, refused } from './outcome.ts';

/** Refusals of what proves an account: a person may know better. */
const ABOUT_THE_PROOF: ReadonlySet<string> = new Set(['wrong_password', 'wrong_key', 'password_needed']);

/** What the chat begins with. */
export interface Way {
  readonly reached: Reached;
  readonly login: Login;
  readonly key?: DeviceKey;
}

/** A server waits for its hello only so long, and a person takes the time it takes: so a connection of its own. */
async function dialAgain({ link, settings, notices }: Reached): Promise<Reached | Outcome> {
  link.destroy();
  const dialled = await dialServer(settings);
  if (dialled.ok) return { ...reachedBy(dialled.value, settings), notices: [...notices, ...dialled.value.notices] };
  const { kind, text } = dialled.error;
  return kind === 'untrusted' ? refused(text) : noConnection(text);
}

async function withLogin(reached: Reached, login: AccountLogin | Outcome): Promise<Way | Outcome> {
  if ('status' in login) return login;
  const again = await dialAgain(reached);
  return 'link' in again ? { reached: again, login } : again;
}

export async function firstWay(reached: Reached): Promise<Way | Outcome> {
  const { settings } = reached;
  const login = loginOf(settings, settings.address);
  if (!login.ok) return login.error;
  if (login.value.method !== 'account') return { reached, login: login.value };
  const key = await enrolledKey(settings, login.value.name);
  if (key !== undefined && reached.link.secure !== undefined) return { reached, login: login.value, key };
  if (login.value.password !== undefined) return { reached, login: login.value };
  return await withLogin(reached, await askLogin(settings, login.value));
}

/**
 * The server didn't take what proves an account: it is asked for once more, on plain lines.
 * @returns undefined where that is of no use.
 */
export async function accountAgain({ reached, login }: Way, end: Refused): Promise<Way | Outcome | undefined> {
  const { settings } = reached;
  // A password from a file is what it is.
  if (login.method !== 'account' || settings.password !== undefined || !ABOUT_THE_PROOF.has(end.code)) return undefined;
  const asked = await askAgain(settings, login, end);
  return isFailure(asked) ? asked : await withLogin(reached, asked);
}

/** Whether `accountAgain` has a question, so that the full screen must be left. */
export const isAskedAgain = ({ reached, login }: Way, end: Refused): boolean =>
  login.method === 'account' && reached.settings.password === undefined && ABOUT_THE_PROOF.has(end.code);
