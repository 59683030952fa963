/** A script's connection: logged in without making its user online, read one message after the other. */

import type { ClientId } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { addressText } from '../../link/address.ts';
import type { Link } from '../../link/link.ts';
import { connectTcp } from '../../link/tcp.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import { decodeServerMessage, encode } from '../../protocol/codec.ts';
import { DEAD_AFTER_MS, HELLO_WITHIN_MS, PING_EVERY_MS, PROTOCOL_VERSION } from '../../protocol/limits.ts';
import type { ServerMessage, ServerMessages } from '../../protocol/server-messages.ts';
import { type ClientSettings, loginOf } from '../shell/client-settings.ts';
import { DIAL_WITHIN_MS, NOBODY_THERE } from '../shell/dialing.ts';
import { newId } from '../shell/new-id.ts';
import { type Failure, noConnection } from '../shell/outcome.ts';
import { refusal } from '../shell/refusal.ts';
import { pause } from './pause.ts';

/** Milliseconds for the answer to a request: the server commits in a few; this is a machine that swaps. */
const ANSWER_WITHIN_MS = 15_000;
/** Messages that have come and wait to be read: far more than a command leaves unread while it prints. */
const MAX_UNREAD = 10_000;

export type Wanted = (message: ServerMessage) => boolean;

/** Errors that end a connection that may well be opened again at once. */
const PASSING: ReadonlySet<string> = new Set(['dead', 'too_slow', 'hello_timeout', 'internal']);

export class Talk {
  readonly #link: Link;
  readonly #where: string;
  readonly #wanted: Wanted;
  readonly #unread: ServerMessage[] = [];
  #over: Failure | undefined;
  #wake: () => void = () => undefined;
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
      fault: () => this.#fail(noConnection(`${where} does not speak this protocol`)),
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
      if (decoded.error.code !== 'unknown_type')
        this.#fail(noConnection(`${this.#where} does not speak this protocol`));
      return;
    }
    const message = decoded.value;
    if (message.type === 'bye')
      this.#fail(noConnection(`${this.#where} ended the connection (${message.reason}); try again`));
    else if (message.type === 'error' && message.closes)
      this.#fail(
        PASSING.has(message.code) ? noConnection(`${this.#where}: ${message.code}; try again`) : refusal(message),
      );
    else if (message.type === 'welcome' || message.type === 'error' || this.#wanted(message)) {
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

/** Connects and logs in. */
export async function openTalk(settings: ClientSettings, wanted: Wanted): Promise<Result<Session, Failure>> {
  const login = loginOf(settings, settings.address);
  if (!login.ok) return login;
  const link = await connectTcp({ ...settings.address, timeoutMs: DIAL_WITHIN_MS });
  if (!link.ok) return err(noConnection(`${link.error.text}; ${NOBODY_THERE}`));
  const talk = new Talk(link.value, addressText(settings.address), wanted);
  const { method } = login.value;
  const name = login.value.method === 'guest' ? login.value.name : undefined;
  talk.send({
    type: 'hello',
    version: PROTOCOL_VERSION,
    auth: { method },
    visible: false,
    ...(name === undefined ? {} : { name }),
  });
  const answer = await talk.next(HELLO_WITHIN_MS);
  if (!answer.ok) return answer;
  return answer.value.type === 'welcome'
    ? ok({ talk, welcome: answer.value })
    : err(noConnection(`${addressText(settings.address)} does not speak this protocol`));
}
