/**
 * The life of the connection: see `Connection` in `state.ts` for its states. A connection that ends is followed by
 * another, by itself, until the server says that it would be no use.
 */

import { longDuration } from '../../base/duration.ts';
import type { UserName } from '../../base/ids.ts';
import type { ClientMessages } from '../../protocol/client-messages.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { DEAD_AFTER_MS, PING_EVERY_MS, PROTOCOL_VERSION } from '../../protocol/limits.ts';
import { isGuest } from '../../protocol/names.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import { connectionLost as logsLost } from './backfill.ts';
import { cutOffWords } from './cut-off.ts';
import type { Effect, Env, Event } from './event.ts';
import { farLost } from './far.ts';
import type { Login } from './inner.ts';
import { isOnLan } from './lan-people.ts';
import { activeTab, hint, notice, roomTabs } from './lookup.ts';
import { login as mailLogin, tellReceived } from './mailbox.ts';
import { connectionBack, connectionLost as outboxLost } from './outbox.ts';
import { ask, isCommand, requestsLost } from './requests.ts';
import { isRestarting, waitFor, waitRefused } from './returning.ts';
import { searchLost } from './search.ts';
import type { State } from './state.ts';
import { closeTab, enterRoom } from './tabs.ts';

/** Milliseconds in which a connection must have come about and hello must have been answered. */
export const CONNECT_WITHIN_MS = 10_000;
/** Milliseconds: a connection that held this long was a good one, so the next failure counts as the first. */
export const STABLE_AFTER_MS = 10_000;
/** Milliseconds after a connection's first pong until the next ping, from which on they tell how far the server is. */
const SECOND_PING_AFTER_MS = 1000;
/** Answers whose median is shown: one that was late is not how far the server is. */
const LATENCIES = 5;
/** Milliseconds that `/quit` waits for the server's `bye`. */
export const QUIT_WITHIN_MS = 1000;

/**
 * Errors that end a connection and may be gone at the next try. Any other, also one that a later server made up, would
 * come again: a person has to look at it.
 */
const MAY_PASS: ReadonlySet<string> = new Set<ErrorCode>([
  'frame_too_long',
  'bad_utf8',
  'bad_json',
  'bad_message',
  'unknown_type',
  'too_many_errors',
  'hello_expected',
  'hello_timeout',
  'already_logged_in',
  'server_full',
  'too_many_pending',
  'too_many_logins',
  'login_busy',
  'dead',
  'too_slow',
  'rate_limited',
  'not_stored',
  'internal',
]);

export function connect(state: State, env: Env): Effect[] {
  state.inner.linkUp = false;
  state.connection = { kind: 'connecting', attempt: state.inner.attempt + 1, since: env.mono };
  return [{ do: 'connect' }];
}

export function linkUp(state: State, env: Env, { secure, proof }: Extract<Event, { type: 'linkUp' }>): Effect[] {
  // We had given it up while it came about.
  if (state.connection.kind !== 'connecting') return [{ do: 'disconnect' }];
  state.inner.linkUp = true;
  const { login } = state.inner;
  state.inner.secure = secure === true;
  state.inner.byKey = false;
  const hello = { type: 'hello', version: PROTOCOL_VERSION } as const;
  switch (login.method) {
    case 'host':
      return [{ do: 'send', message: { ...hello, auth: { method: 'host' } } }];
    case 'guest':
      return [{ do: 'send', message: { ...hello, name: login.name, auth: { method: 'guest' } } }];
    case 'account': {
      const auth = accountAuth(state, login, proof);
      if (auth !== undefined) return [{ do: 'send', message: { ...hello, name: login.name, auth } }];
      return refusedByServer(state, env, 'password_needed', 'only your password lets you in now: start uchat again');
    }
  }
}

/** To register is for once: whether it was done when a connection breaks, nobody knows, and then the password tells. */
function accountAuth(
  { inner }: State,
  login: Extract<Login, { method: 'account' }>,
  proof: { readonly key: string; readonly signature: string } | undefined,
): ClientMessages['hello']['auth'] | undefined {
  const { register, ...later } = login;
  const password = login.password?.reveal();
  if (register !== undefined && password !== undefined) {
    inner.login = later;
    return { method: 'register', password, ...register };
  }
  inner.byKey = proof !== undefined && !inner.keyRefused;
  if (proof !== undefined && inner.byKey) return { method: 'key', ...proof };
  return password === undefined ? undefined : { method: 'password', password };
}

/** As somebody else from now on; should the server not want that, as before. */
export function reconnectAs(state: State, env: Env, login: Login): Effect[] {
  const { inner } = state;
  lose(state, env);
  inner.before = inner.login;
  inner.login = login;
  inner.keyRefused = false;
  return connect(state, env);
}

export function linkDown(state: State, env: Env, text: string): Effect[] {
  if (state.inner.quitAt !== undefined) return [{ do: 'quit' }];
  switch (state.connection.kind) {
    case 'connecting':
    case 'online':
      wait(state, env, text);
      return [];
    // Its end is what we asked for.
    case 'waiting':
    case 'loggedOff':
    case 'refused':
      return [];
  }
}

/** Trying again would be no use: a person has to look at it. */
export function linkRefused(state: State, env: Env, code: string, text: string, details: string): Effect[] {
  if (state.inner.quitAt !== undefined) return [{ do: 'quit' }];
  lose(state, env);
  state.connection = { kind: 'refused', code, text };
  notice(activeTab(state), env, details, true);
  return [];
}

/** What of the connection ends with it. What is ours, the messages that are unsent and the logs, stays. */
function lose(state: State, env: Env): void {
  const { inner } = state;
  inner.linkUp = false;
  // It never stood: what there is now is of the local network beside the server, and goes on.
  if (state.connection.kind !== 'online') return;
  inner.lostAt = env.now;
  inner.peopleKnown = false;
  inner.activity.dueAt = undefined;
  outboxLost(state);
  logsLost(state);
  farLost(state);
  searchLost(state);
  const unanswered = inner.requests.values().some(({ purpose }) => isCommand(purpose));
  const asked = isOnLan(state) ? 'there was an answer' : 'the server had answered';
  if (unanswered) hint(state, `the connection ended before ${asked}: give the command again`, true);
  requestsLost(state);
}

/** @param refused the server is there, and wants nobody for now. */
function wait(state: State, env: Env, text: string, refused = false): void {
  const { inner, connection, address } = state;
  const lasted = connection.kind === 'online' && env.mono - inner.onlineSince >= STABLE_AFTER_MS;
  inner.attempt = lasted ? 1 : inner.attempt + 1;
  const failures = inner.attempt;
  const saidSo = inner.restart === undefined ? undefined : env.mono - inner.restart.since;
  const ms = refused ? waitRefused(failures, env.random) : waitFor({ address, saidSo, failures }, env.random);
  const reason = !refused && inner.restart !== undefined && isRestarting(saidSo) ? inner.restart.text : text;
  lose(state, env);
  state.connection = { kind: 'waiting', attempt: failures, reason, since: env.mono, retryAt: env.mono + ms };
}

function drop(state: State, env: Env, reason: string, refused = false): Effect[] {
  wait(state, env, reason, refused);
  return [{ do: 'disconnect' }];
}

/** The server stops, and is expected back. */
function restarting(state: State, env: Env, text: string): Effect[] {
  state.inner.restart = { since: env.mono, text };
  return drop(state, env, text);
}

export function nonsense(state: State, env: Env, text: string): Effect[] {
  return drop(state, env, `${state.address} does not speak uchat's protocol: ${text}`);
}

/** Something came from the server: it lives. */
export function heard(state: State, env: Env): void {
  const { connection } = state;
  if (connection.kind === 'online') state.connection = { ...connection, lastHeard: env.mono };
}

export function pong(state: State, env: Env, n: number | undefined): void {
  const { connection, inner } = state;
  const { ping } = inner;
  if (connection.kind !== 'online' || n !== ping.n) return;
  if (ping.times === undefined) {
    // It waited with everything else that a start is made of, on both sides: it says nothing of the way between.
    ping.times = [];
    ping.nextAt = Math.min(ping.nextAt, env.mono + SECOND_PING_AFTER_MS);
    return;
  }
  ping.times = [...ping.times, env.mono - ping.sentAt].slice(-LATENCIES);
  const sorted = ping.times.toSorted((a, b) => a - b);
  state.connection = { ...connection, latency: sorted[sorted.length >> 1] };
}

export function welcome(state: State, env: Env, message: ServerMessages['welcome']): Effect[] {
  if (state.connection.kind !== 'connecting') return [];
  const { inner } = state;
  state.connection = { kind: 'online', latency: undefined, lastHeard: env.mono };
  inner.onlineSince = env.mono;
  inner.restart = undefined;
  inner.ping.nextAt = env.mono;
  inner.ping.times = undefined;
  mailLogin(state, message);
  inner.ignoredTold = false;
  connectionBack(state);
  const { awayAfter, logOffAfter } = message;
  const proved = inner.login.method === 'account' ? { proved: true as const } : {};
  state.self = { name: message.user, awayAfter, logOffAfter, ...proved };
  state.serverName = message.server;
  state.lan = message.lan;
  state.clockOffset = message.time - env.now;
  state.operator = message.operator === true;
  const effects = ask(state, env, { type: 'who', follow: true }, { kind: 'who', people: new Map() });
  for (const info of message.rooms) {
    effects.push(...enterRoom(state, env, info, message.sparse?.includes(info.name) === true));
  }
  effects.push(...missing(state, env, message));
  loggedIn(state, env, message.user);
  return effects;
}

/** What is new about who we are. */
function loggedIn(state: State, env: Env, user: UserName): void {
  const { inner } = state;
  if (inner.before !== undefined) notice(activeTab(state), env, `you are ${user} now: the account is yours`);
  inner.before = undefined;
  if (inner.login.method !== 'account' || inner.byKey || !inner.secure || inner.keySuggested) return;
  inner.keySuggested = true;
  notice(activeTab(state), env, 'to log in from this device without a password: /key add');
}

/**
 * Tabs of rooms that the server no longer counts us in. It forgets a guest's rooms when it starts again, so a guest joins
 * them again; an account's it keeps, so somebody with an account has left them in another terminal, and they are closed,
 * unless there is something to send to them.
 */
function missing(state: State, env: Env, message: ServerMessages['welcome']): Effect[] {
  const effects: Effect[] = [];
  // The local network's room beside a server is none of its.
  const gone = roomTabs(state).filter(
    ({ room, sparse }) => !message.rooms.some(({ name }) => name === room) && !(sparse && state.lanAlso),
  );
  for (const tab of gone) {
    const { room, pending } = tab;
    // Whoever was a guest until now takes their rooms along.
    if (isGuest(message.user) || state.inner.before !== undefined || pending.length > 0) {
      effects.push(...ask(state, env, { type: 'join', room }, { kind: 'join', room, asked: false }));
    } else {
      closeTab(state, env, tab);
    }
  }
  return effects;
}

/** An error that ends the connection. A code that we don't know is one of a newer server: trying again does no harm. */
export function refusedByServer(
  state: State,
  env: Env,
  code: string,
  text: string,
  registration?: 'open' | 'invite',
): Effect[] {
  const { inner } = state;
  if (MAY_PASS.has(code) && inner.before === undefined) return drop(state, env, cutOffWords(code, text), true);
  lose(state, env);
  if (inner.before !== undefined) {
    inner.login = inner.before;
    inner.before = undefined;
    hint(state, text, true);
    return connect(state, env);
  }
  if (code === 'wrong_key' && inner.byKey && inner.login.method === 'account' && inner.login.password !== undefined) {
    inner.keyRefused = true;
    return connect(state, env);
  }
  state.connection = { kind: 'refused', code, text, ...(registration === undefined ? {} : { registration }) };
  return [{ do: 'disconnect' }];
}

export function bye(state: State, env: Env, { reason, text }: ServerMessages['bye']): Effect[] {
  if (state.inner.quitAt !== undefined) return [{ do: 'disconnect' }, { do: 'quit' }];
  switch (reason) {
    case 'logged-out':
      return [{ do: 'disconnect' }, { do: 'quit' }];
    case 'shutdown':
      return restarting(state, env, text || 'the server is restarting');
    case 'idle':
      lose(state, env);
      state.inner.attempt = 0;
      state.connection = { kind: 'loggedOff', text };
      return [{ do: 'disconnect' }];
  }
}

/** Enter on an empty line: not later but now. */
export function connectNow(state: State, env: Env): Effect[] {
  switch (state.connection.kind) {
    case 'waiting':
    case 'refused':
    case 'loggedOff':
      return connect(state, env);
    case 'connecting':
    case 'online':
      return [];
  }
}

/** Leaves in good order; a server that doesn't answer holds nobody up. */
export function quit(state: State, env: Env): Effect[] {
  if (state.connection.kind !== 'online') return [{ do: 'disconnect' }, { do: 'quit' }];
  if (state.inner.quitAt !== undefined) return [{ do: 'disconnect' }, { do: 'quit' }];
  state.inner.quitAt = env.mono + QUIT_WITHIN_MS;
  return [...tellReceived(state), { do: 'send', message: { type: 'bye' } }];
}

/** Time has passed. */
export function connectionTick(state: State, env: Env): Effect[] {
  const { connection, inner } = state;
  if (inner.quitAt !== undefined && inner.quitAt <= env.mono) return [{ do: 'disconnect' }, { do: 'quit' }];
  switch (connection.kind) {
    case 'waiting':
      return connection.retryAt <= env.mono ? connect(state, env) : [];
    case 'connecting':
      return connection.since + CONNECT_WITHIN_MS <= env.mono
        ? drop(state, env, `no answer from ${state.address} for ${longDuration(CONNECT_WITHIN_MS)}`)
        : [];
    case 'online':
      if (connection.lastHeard + DEAD_AFTER_MS <= env.mono) {
        return drop(state, env, `no answer from ${state.address} for ${longDuration(DEAD_AFTER_MS)}`);
      }
      return inner.ping.nextAt <= env.mono ? ping(state, env) : [];
    case 'loggedOff':
    case 'refused':
      return [];
  }
}

function ping({ inner }: State, env: Env): Effect[] {
  const n = inner.ping.n + 1;
  inner.ping.n = n;
  inner.ping.sentAt = env.mono;
  inner.ping.nextAt = env.mono + PING_EVERY_MS;
  return [{ do: 'send', message: { type: 'ping', n } }];
}

/** Monotonic ms at which `connectionTick` has something to do. */
export function connectionWake({ connection, inner }: State): number | undefined {
  if (inner.quitAt !== undefined) return inner.quitAt;
  switch (connection.kind) {
    case 'waiting':
      return connection.retryAt;
    case 'connecting':
      return connection.since + CONNECT_WITHIN_MS;
    case 'online':
      return Math.min(connection.lastHeard + DEAD_AFTER_MS, inner.ping.nextAt);
    case 'loggedOff':
    case 'refused':
      return undefined;
  }
}
