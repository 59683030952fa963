/**
 * Asks the server what it is, without being seen: a script's session makes nobody online, no key is kept, no password is
 * tried (a wrong one would count), and no account is made.
 */

import { lookup } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { err, ok, type Result } from '../../../base/result.ts';
import { addressText, systemCode } from '../../../link/address.ts';
import type { Link } from '../../../link/link.ts';
import { connectTcp } from '../../../link/tcp.ts';
import type { ClientMessages } from '../../../protocol/client-messages.ts';
import { PROTOCOL_VERSION } from '../../../protocol/limits.ts';
import type { Login } from '../../core/inner.ts';
import { NOT_OURS, openTalk, Talk } from '../../script/talk.ts';
import { isLoopback } from '../../shell/address.ts';
import { type ClientSettings, loginOf } from '../../shell/client-settings.ts';
import { DEVICE_KEY_FILE } from '../../shell/device-key.ts';
import { needsTls } from '../../shell/dialing.ts';
import { proveServer, type Seen } from '../../shell/dialing-tls.ts';
import type { DialFailure } from '../../shell/dialled.ts';
import { isEnrolled } from '../../shell/enrolled.ts';
import type { LoginFacts, Reached, Registration, Reply, ServerFacts } from '../judge/server.ts';

/** Milliseconds for a connection, and for an answer. What hangs is told, not waited for. */
const DIAL_WITHIN_MS = 2000;
const ANSWER_WITHIN_MS = 1500;
/** Round trips of which the middle one counts. */
const ROUND_TRIPS = 3;

type Key = Extract<Reached, { kind: 'connected' }>['key'];

/** Resolves with `otherwise` when the time is up; what is under way is nobody's any more. */
async function within<T>(signal: AbortSignal, work: Promise<T>, otherwise: T): Promise<T> {
  if (signal.aborted) return otherwise;
  const { promise, resolve } = Promise.withResolvers<T>();
  const over = (): void => resolve(otherwise);
  signal.addEventListener('abort', over);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', over);
  }
}

async function lookUp(host: string, signal: AbortSignal): Promise<ServerFacts['lookup']> {
  if (isIP(host.replace(/%.*$/, '')) !== 0 || host === 'localhost') return undefined;
  const started = performance.now();
  const asked = lookup(host, { all: true }).then(
    (found) => ({ addresses: [...new Set(found.map(({ address }) => address))] }),
    (error: unknown) => ({ addresses: [], code: error instanceof Error ? systemCode(error) : '' }),
  );
  const found = await within(signal, asked, { addresses: [], code: 'EAI_AGAIN' });
  return { ...found, ms: Math.round(performance.now() - started) };
}

interface Dialled {
  readonly link: Link;
  readonly key: Key;
}

async function dial(settings: ClientSettings, signal: AbortSignal): Promise<Result<Dialled, DialFailure>> {
  const options = { ...settings.address, timeoutMs: DIAL_WITHIN_MS, signal };
  if (!needsTls(settings)) {
    const plain = await connectTcp(options);
    return plain.ok ? ok({ link: plain.value, key: undefined }) : plain;
  }
  const proved = await proveServer(options, settings.folder);
  if (!proved.ok) return proved;
  const { link, pin, state, certified }: Seen = proved.value;
  return ok({ link, key: { pin, state, certified } });
}

/** Fails with a line that says how. */
async function roundTrip(talk: Talk): Promise<Result<number, string>> {
  const started = performance.now();
  talk.send({ type: 'ping' });
  const answer = await talk.next(ANSWER_WITHIN_MS);
  return answer.ok ? ok(performance.now() - started) : err(answer.error.line);
}

/** No password: with it nothing can be made. And an invite code of the right form, which nobody looks at before that. */
const NO_PASSWORD = 'x';
const ANY_INVITE = '0000-0000-0000-0000';

/** What comes of asking for an account that can't be made. */
async function refusalOf(talk: Talk, invite: { readonly invite?: string }): Promise<string | undefined> {
  const auth: ClientMessages['hello']['auth'] = { method: 'register', password: NO_PASSWORD, ...invite };
  talk.send({ type: 'hello', version: PROTOCOL_VERSION, name: 'doctor', auth, visible: false });
  const answer = await talk.next(ANSWER_WITHIN_MS);
  if (!answer.ok) return talk.refusedWith;
  return answer.value.type === 'error' ? answer.value.code : undefined;
}

/** The server says in which order it looks: whether it takes new accounts, whether with a code, then at the password. */
async function registrationOf(talk: Talk): Promise<Registration | undefined> {
  const withCode = await refusalOf(talk, { invite: ANY_INVITE });
  if (withCode === 'registration_closed') return 'closed';
  if (withCode !== 'password_unusable') return undefined;
  const without = await refusalOf(talk, {});
  if (without === 'registration_closed') return 'invite';
  return without === 'password_unusable' ? 'open' : undefined;
}

/** How fast it answers, before anybody is told who we are. */
async function roundTrips(talk: Talk): Promise<Result<readonly number[], Reply>> {
  const times: number[] = [];
  for (let i = 0; i < ROUND_TRIPS; i += 1) {
    const took = await roundTrip(talk);
    if (!took.ok) return err({ kind: 'fails', line: took.error, other: took.error.endsWith(NOT_OURS) });
    times.push(took.value);
  }
  return ok(times);
}

async function logIn(settings: ClientSettings, login: Login, by: 'host' | 'key' | 'guest'): Promise<LoginFacts> {
  const session = await openTalk({ ...settings, password: undefined }, () => false, ok(login));
  if (!session.ok) return { kind: 'refused', line: session.error.line };
  const { talk, welcome } = session.value;
  const offset = welcome.time - Date.now();
  talk.end();
  return { kind: 'in', user: welcome.user, by, server: welcome.server, offset };
}

async function loginFacts(settings: ClientSettings, key: Key): Promise<LoginFacts> {
  const { address, folder, password } = settings;
  const login = loginOf(settings, address);
  if (!login.ok) return { kind: 'nobody', line: login.error.line };
  if (key !== undefined && key.state !== 'known')
    return { kind: 'untried', says: 'the log-in was not tried, since the key of the server is not kept yet' };
  switch (login.value.method) {
    case 'host':
    case 'guest':
      return await logIn(settings, login.value, login.value.method);
    case 'account': {
      const { name } = login.value;
      const enrolled = isEnrolled(folder, address, name);
      // To open a key that isn't there makes one.
      const isThere = enrolled && existsSync(join(folder, DEVICE_KEY_FILE));
      if (isThere) return await logIn(settings, { method: 'account', name, password: undefined }, 'key');
      if (enrolled)
        return {
          kind: 'untried',
          says: `you are ${name}, but the key with which this device logged in is gone: ${join(folder, DEVICE_KEY_FILE)}`,
          mend: 'log in with the password, and enrol this device anew with /key add',
        };
      const how = password === undefined ? 'a password that uchat asks for' : 'the password of the file';
      return { kind: 'untried', says: `you would be ${name}, with ${how}; that was not tried` };
    }
  }
}

const LATE: LoginFacts = { kind: 'refused', line: 'the log-in was not answered in time; try again' };

/** @param signal ends all that is not answered yet. Never rejects. */
export async function serverFacts(settings: ClientSettings, signal: AbortSignal): Promise<ServerFacts> {
  const { address, addressFrom: from } = settings;
  const where = addressText(address);
  const loopback = isLoopback(address.host);
  const [looked, dialled] = await Promise.all([lookUp(address.host, signal), dial(settings, signal)]);
  const facts = { where, from, loopback, lookup: looked };
  if (!dialled.ok) {
    const { error } = dialled;
    const reached: Reached =
      error.kind === 'untrusted'
        ? { kind: 'untrusted', changed: error.code === 'server_key_changed', line: error.text }
        : { kind: 'failed', why: error.kind, line: error.kind === 'aborted' ? `no answer from ${where}` : error.text };
    return { ...facts, reached, login: undefined };
  }
  const { link, key } = dialled.value;
  const talk = new Talk(link, where, ({ type }) => type === 'pong');
  const silent: Reply = { kind: 'fails', line: `${where} did not answer in time`, other: false };
  const times = await within(signal, roundTrips(talk), err(silent));
  if (!times.ok) return { ...facts, reached: { kind: 'connected', key, reply: times.error }, login: undefined };
  const login = await within(signal, loginFacts(settings, key), LATE);
  // To whoever is in it means nothing, and each question stands in the server's log.
  const registration = login.kind === 'in' ? undefined : await within(signal, registrationOf(talk), undefined);
  talk.end();
  return {
    ...facts,
    reached: { kind: 'connected', key, reply: { kind: 'speaks', roundTrips: times.value, registration } },
    login,
  };
}
