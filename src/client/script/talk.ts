/** A script's connection: logged in without making its user online, read one message after the other. */

import type { ClientId, UserName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { addressText } from '../../link/address.ts';
import type { Link } from '../../link/link.ts';
import type { ClientMessage, ClientMessages } from '../../protocol/client-messages.ts';
import { decodeServerMessage, encode } from '../../protocol/codec.ts';
import { DEAD_AFTER_MS, HELLO_WITHIN_MS, PING_EVERY_MS, PROTOCOL_VERSION } from '../../protocol/limits.ts';
import type { ServerMessage, ServerMessages } from '../../protocol/server-messages.ts';
import { cutOffWords } from '../core/cut-off.ts';
import { ignoredOf, isIgnoredAt, NOBODY } from '../core/ignored.ts';
import type { Login } from '../core/inner.ts';
import { type ClientSettings, loginOf } from '../shell/client-settings.ts';
import { clock } from '../shell/clock.ts';
import { enrolledKey, proofOf } from '../shell/credentials.ts';
import type { DeviceKey } from '../shell/device-key.ts';
import { dialServer, NOBODY_THERE } from '../shell/dialing.ts';
import { newId } from '../shell/new-id.ts';
import { type Failure, noConnection, refused, wrongUsage } from '../shell/outcome.ts';
import { refusal } from '../shell/refusal.ts';
import { pause } from './pause.ts';

/** Milliseconds for the answer to a request: the server commits in a few; this is a machine that swaps. */
const ANSWER_WITHIN_MS = 15_000;
/** Messages that have come and wait to be read: far more than a command leaves unread while it prints. */
const MAX_UNREAD = 10_000;

/** What a script talks to where there is no server. */
const ON_LAN = 'your uchat on the local network';
/** How the line ends that says that another program is there. */
export const NOT_OURS = 'does not speak this protocol';

export type Wanted = (message: ServerMessage) => boolean;

/** Errors that end a connection that may well be opened again at once. */
const PASSING: ReadonlySet<string> = new Set([
  'dead',
  'too_slow',
  'hello_timeout',
  'internal',
  'login_busy',
  'too_many_pending',
]);

export class Talk {
  readonly #link: Link;
  readonly #where: string;
  readonly #wanted: Wanted;
  readonly #unread: ServerMessage[] = [];
  #over: Failure | undefined;
  /** The code of the error with which the server has ended it. */
  refusedWith: string | undefined;
  /** The server has said that it stops, and is expected back. */
  isRestarting = false;
  #wake: () => void = () => undefined;
  #ignored = NOBODY;
  /** The server's clock minus ours, ms. */
  #offset = 0;
  #heard = performance.now();
  readonly #heart: NodeJS.Timeout;

  /** @param wanted which messages `next` gives; errors and goodbyes always come. */
  constructor(link: Link, where: string, wanted: Wanted) {
    this.#link = link;
    this.#where = where;
    this.#wanted = wanted;
    this.#heart = setInterval(() => this.#beat(), PING_EVERY_MS);
    link.listen({
      frame: (line) => this.#frame(line),
      fault: () => this.#fail(noConnection(`${where} ${NOT_OURS}`)),
      drained: () => undefined,
      closed: (reason) =>
        this.#fail(
          noConnection(
            `the connection to ${where} was lost${reason.kind === 'failed' ? ` (${reason.text})` : ''}; try again`,
          ),
        ),
    });
  }

  #beat(): void {
    if (performance.now() - this.#heard > DEAD_AFTER_MS)
      this.#fail(noConnection(`${this.#where} has not answered for ${DEAD_AFTER_MS / 1000} s; try again`));
    else this.send({ type: 'ping' });
  }

  #frame(line: string): void {
    this.#heard = performance.now();
    const decoded = decodeServerMessage(line);
    if (!decoded.ok) {
      // A newer server may say more than we know; what isn't a message at all is no server of ours.
      if (decoded.error.code !== 'unknown_type') this.#fail(noConnection(`${this.#where} ${NOT_OURS}`));
      return;
    }
    const message = decoded.value;
    if (message.type === 'welcome') this.#offset = message.time - clock.now();
    if (message.type === 'ignored') this.#ignored = ignoredOf(message);
    else if (message.type === 'bye' && message.reason === 'shutdown') {
      this.isRestarting = true;
      const what = this.#where === ON_LAN ? `${ON_LAN} has ended` : `the server at ${this.#where} is restarting`;
      this.#fail(noConnection(`${what}; try again`));
    } else if (message.type === 'bye')
      this.#fail(noConnection(`${this.#where} ended the connection (${message.reason}); try again`));
    else if (message.type === 'error' && message.closes) {
      this.refusedWith ??= message.code;
      const passes = PASSING.has(message.code);
      this.#fail(
        passes
          ? noConnection(`${this.#where}: ${cutOffWords(message.code, message.text)}; try again`)
          : refusal(message, this.#where === ON_LAN),
      );
    } else if (message.type === 'welcome' || message.type === 'error' || this.#wanted(message)) {
      this.#unread.push(message);
      if (this.#unread.length > MAX_UNREAD) this.#fail(noConnection(`${this.#where} sends faster than this can read`));
    }
    this.#wake();
  }

  #fail(failure: Failure): void {
    // The first reason is the true one; what follows is the fall-out.
    if (this.#over !== undefined) return;
    this.#over = failure;
    clearInterval(this.#heart);
    this.#link.destroy();
    this.#wake();
  }

  /** Whether this user wants to hear nothing of somebody. Known as soon as anything else is that was asked for. */
  ignores(user: UserName): boolean {
    return isIgnoredAt(this.#ignored, user, clock.now() + this.#offset);
  }

  send(message: ClientMessage): void {
    if (this.#over === undefined) this.#link.write(encode(message));
  }

  /** The next message; a failure when there will be none. @param within milliseconds; undefined waits for ever. */
  async next(within: number | undefined = ANSWER_WITHIN_MS): Promise<Result<ServerMessage, Failure>> {
    const until = performance.now() + (within ?? Number.POSITIVE_INFINITY);
    for (;;) {
      const message = this.#unread.shift();
      if (message !== undefined) return ok(message);
      if (this.#over !== undefined) return err(this.#over);
      const left = until - performance.now();
      if (left <= 0) this.#fail(noConnection(`${this.#where} did not answer in time; try again`));
      else await this.#something(left);
    }
  }

  async #something(within: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (Number.isFinite(within)) timer = setTimeout(resolve, within);
    });
    clearTimeout(timer);
  }

  /** Logs off. */
  end(): void {
    this.send({ type: 'bye' });
    clearInterval(this.#heart);
    this.#link.end();
  }
}

/** Milliseconds that a request is made again and again, while the server says that it takes no more for now. */
const REPEAT_FOR_MS = 60_000;
/** Milliseconds between two of them: the server lets several a second through. */
export const REPEAT_EVERY_MS = 500;

/** Sends what `make` makes until the server takes it, and gives its first answer that `pick` knows. */
export async function request<T>(
  talk: Talk,
  make: (id: ClientId) => ClientMessage,
  pick: (message: ServerMessage, id: ClientId) => T | undefined,
): Promise<Result<T, ServerMessages['error'] | Failure>> {
  const until = performance.now() + REPEAT_FOR_MS;
  for (let id = newId(); ; id = newId()) {
    talk.send(make(id));
    const answer = await answerTo(talk, id, pick);
    if (answer.ok || !('code' in answer.error) || answer.error.code !== 'rate_limited' || performance.now() > until)
      return answer;
    await pause(REPEAT_EVERY_MS);
  }
}

async function answerTo<T>(
  talk: Talk,
  id: ClientId,
  pick: (message: ServerMessage, id: ClientId) => T | undefined,
): Promise<Result<T, ServerMessages['error'] | Failure>> {
  for (;;) {
    const message = await talk.next();
    if (!message.ok) return message;
    if (message.value.type === 'error' && message.value.id === id) return err(message.value);
    const picked = pick(message.value, id);
    if (picked !== undefined) return ok(picked);
  }
}

/** As an outcome of the program. */
export const asFailure = (error: ServerMessages['error'] | Failure): Failure =>
  'code' in error ? refusal(error) : error;

export interface Session {
  readonly talk: Talk;
  readonly welcome: ServerMessages['welcome'];
}

/** The ways to prove that an account is ours, the best first. Nobody is asked: a script has nobody to ask. */
async function waysOf(settings: ClientSettings, login: Login): Promise<Result<readonly Way[], Failure>> {
  if (login.method !== 'account' || login.register !== undefined) return ok([{ login }]);
  const key = await enrolledKey(settings, login.name);
  const byPassword = login.password === undefined ? [] : [{ login }];
  const ways = key === undefined ? byPassword : [{ login, key }, ...byPassword];
  return ways.length > 0
    ? ok(ways)
    : err(
        wrongUsage(
          `${login.name} needs a password: add --password-file FILE, or enrol this device in uchat with /key add`,
        ),
      );
}

interface Way {
  readonly login: Login;
  readonly key?: DeviceKey;
}

/** @returns undefined where this way is none on this connection. */
function authOf({ login, key }: Way, link: Link): ClientMessages['hello']['auth'] | undefined {
  if (login.method !== 'account') return { method: login.method };
  const proof = proofOf(key, link);
  if (key !== undefined) return proof === undefined ? undefined : { method: 'key', ...proof };
  const password = login.password?.reveal();
  if (password === undefined) return undefined;
  return login.register === undefined
    ? { method: 'password', password }
    : { method: 'register', password, ...login.register };
}

async function dial(settings: ClientSettings): Promise<Result<Link, Failure>> {
  const dialled = await dialServer(settings);
  if (!dialled.ok) {
    const { kind, text } = dialled.error;
    if (settings.lan !== undefined) return err(noConnection(text));
    return err(kind === 'untrusted' ? refused(text) : noConnection(`${text}; ${NOBODY_THERE}`));
  }
  const { link, notices, warnings } = dialled.value;
  for (const line of [...notices, ...warnings]) process.stderr.write(`uchat: ${line}\n`);
  return ok(link);
}

/** Connects and logs in. @param login as whom; else as the settings say. */
export async function openTalk(
  settings: ClientSettings,
  wanted: Wanted,
  login: Result<Login, Failure> = loginOf(settings, settings.address),
): Promise<Result<Session, Failure>> {
  if (!login.ok) return login;
  const ways = await waysOf(settings, login.value);
  if (!ways.ok) return ways;
  let last: Failure | undefined;
  for (const way of ways.value) {
    const link = await dial(settings);
    if (!link.ok) return link;
    const auth = authOf(way, link.value);
    if (auth === undefined) {
      link.value.destroy();
      continue;
    }
    const where = settings.lan === undefined ? addressText(settings.address) : ON_LAN;
    const talk = new Talk(link.value, where, wanted);
    const answer = await logIn(settings, talk, way.login, auth);
    if (answer.ok || talk.refusedWith !== 'wrong_key') return answer;
    last = answer.error;
  }
  return err(last ?? wrongUsage('a device key logs in over TLS only: add --password-file FILE'));
}

async function logIn(
  settings: ClientSettings,
  talk: Talk,
  login: Login,
  auth: ClientMessages['hello']['auth'],
): Promise<Result<Session, Failure>> {
  const name = login.method === 'host' ? {} : { name: login.name };
  talk.send({ type: 'hello', version: PROTOCOL_VERSION, auth, visible: false, ...name });
  const answer = await talk.next(HELLO_WITHIN_MS);
  if (!answer.ok) return answer;
  if (answer.value.type === 'welcome') return ok({ talk, welcome: answer.value });
  talk.end();
  return err(
    answer.value.type === 'error'
      ? refusal(answer.value)
      : noConnection(`${addressText(settings.address)} ${NOT_OURS}`),
  );
}
