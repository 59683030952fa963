/**
 * Messages of a script to a person, sealed by the same messenger as in the chat. A message is sent when the server has it
 * for each of their devices.
 */
import type { ClientId, UserName } from '../../base/ids.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Secret } from '../../base/secret.ts';
import type { Messenger } from '../../peer/messenger.ts';
import type { PrivateEvent } from '../../peer/private.ts';
import { ERROR_CODES } from '../../protocol/errors.ts';
import type { ServerMessageType } from '../../protocol/server-messages.ts';
import type { ClientSettings } from '../shell/client-settings.ts';
import { newId } from '../shell/new-id.ts';
import { type Failure, NO_CONNECTION, noConnection, refused } from '../shell/outcome.ts';
import { refusal } from '../shell/refusal.ts';
import { hear } from './lan.ts';
import { openScriptMessenger, type ScriptMessenger } from './open-messenger.ts';
import { DELIVER_WITHIN_MS, FIRST_PAUSE_MS, LONGEST_PAUSE_MS, NOT_IN_TIME, pause } from './pause.ts';
import type { Sender } from './sender.ts';
import { openTalk, type Talk } from './talk.ts';

/** What the messenger wants to know; errors always come. */
const WANTED: ReadonlySet<string> = new Set<ServerMessageType>([
  'device',
  'devices',
  'mail',
  'mailed',
  'private',
  'presence',
  'users',
]);

/** What may be gone in a moment; for all else that the messenger would wait for, a script doesn't. */
const PASSES: ReadonlySet<string> = new Set([
  'offline',
  'no_answer',
  'rate_limited',
  'too_many_claims',
  'not_stored',
  'internal',
]);

type Verdict = 'stored' | Failure;

/** A connection, and how it ends. */
interface Connection {
  readonly talk: Talk;
  readonly lost: Promise<Failure>;
}

/** What the server says it has said; all else is the program's own. @param lan there is none. */
function judge({ code, text, to }: Extract<PrivateEvent, { type: 'notMailed' }>, lan: boolean): Failure {
  switch (code) {
    case 'key_changed':
      return refused(`KEY CHANGED: ${text}`);
    case 'no_device':
    case 'no_packages':
      return refused(`there is no key of ${to} that it could be encrypted for: ${to} must start uchat once`);
    default:
      return Object.hasOwn(ERROR_CODES, code) ? refusal({ code, text }, lan) : refused(text);
  }
}

export class PersonSender implements Sender {
  readonly #settings: ClientSettings;
  readonly #person: UserName;
  readonly #passphrase: Secret | undefined;
  #messenger: ScriptMessenger | undefined;
  #connection: Connection | undefined;
  /** The message that is under way, and who waits for what comes of it. */
  #underWay: { readonly id: ClientId; readonly done: (verdict: Verdict) => void } | undefined;
  /** Why it waits, where it does. */
  #waitsFor: Failure | undefined;
  /** What was not delivered stays in the vault, and goes out from there. */
  #waits = false;
  /** Rejects with a fault of the messenger's. */
  readonly #fault = Promise.withResolvers<never>();

  constructor(settings: ClientSettings, person: UserName, passphrase: Secret | undefined) {
    this.#settings = settings;
    this.#person = person;
    this.#passphrase = passphrase;
    // Whoever delivers hears of it; in between nobody needs to.
    this.#fault.promise.catch(() => undefined);
  }

  async open(): Promise<Result<Connection, Failure>> {
    if (this.#connection !== undefined) return ok(this.#connection);
    const session = await openTalk(this.#settings, ({ type }) => WANTED.has(type));
    if (!session.ok) return session;
    const { talk, welcome } = session.value;
    const heard = await hear(session.value, this.#person);
    const opened = heard.ok ? await this.#open(talk, welcome.user) : heard;
    if (!opened.ok) {
      talk.end();
      return opened;
    }
    const connection = { talk, lost: this.#listen(talk, opened.value) };
    this.#connection = connection;
    opened.value.online(welcome.user, { visible: false });
    return ok(connection);
  }

  async #open(talk: Talk, self: UserName): Promise<Result<Messenger, Failure>> {
    if (this.#messenger !== undefined) return ok(this.#messenger.messenger);
    const opened = await openScriptMessenger(this.#settings, [this.#person, self], this.#passphrase, {
      send: (message) => {
        // A script is no device: nothing is written to it.
        if (message.type !== 'device') (this.#connection?.talk ?? talk).send(message);
      },
      tell: (event) => this.#told(event),
      fault: (error) => this.#fault.reject(error),
    });
    if (!opened.ok) return opened;
    this.#messenger = opened.value;
    return ok(opened.value.messenger);
  }

  /** Until the connection ends. */
  async #listen(talk: Talk, messenger: Messenger): Promise<Failure> {
    for (;;) {
      const message = await talk.next(Number.POSITIVE_INFINITY);
      if (message.ok) messenger.receive(message.value);
      else {
        this.#connection = undefined;
        messenger.offline();
        return message.error;
      }
    }
  }

  #told(event: PrivateEvent): void {
    const underWay = this.#underWay;
    if (underWay === undefined || (event.type !== 'mailed' && event.type !== 'notMailed')) return;
    if (event.id !== underWay.id) return;
    if (event.type === 'mailed') underWay.done('stored');
    else if (event.code === 'peer_away') underWay.done(this.#isAway());
    else if (event.wait && PASSES.has(event.code)) this.#waitsFor = noConnection(`${event.text}; try again later`);
    else underWay.done(judge(event, this.#settings.lan !== undefined));
  }

  /** On the local network, where nobody else keeps it for them. */
  #isAway(): Failure {
    const to = this.#person;
    if (this.#messenger?.once !== false) return noConnection(`${to} is away, so it is not sent; try again later`);
    this.#waits = true;
    return noConnection(`${to} is away: it waits here, and goes out when uchat --lan runs and ${to} is there`);
  }

  /** Given to the messenger once: it sends it again by itself, on each connection, until it is stored or can't be. */
  async deliver(text: string): Promise<Failure | undefined> {
    const ready = this.#messenger === undefined ? await this.open() : ok(undefined);
    if (!ready.ok) return ready.error;
    const id = newId();
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    this.#underWay = { id, done: resolve };
    this.#waitsFor = undefined;
    this.#waits = false;
    this.#messenger?.messenger.command({ do: 'mail', id, to: this.#person, text });
    const verdict = await this.#await(promise);
    this.#underWay = undefined;
    // The caller is told that it is not sent: so it is not, later on.
    if (verdict !== 'stored' && !this.#waits) this.#messenger?.messenger.command({ do: 'unmail', id });
    return verdict === 'stored' ? undefined : verdict;
  }

  async #await(verdict: Promise<Verdict>): Promise<Verdict> {
    const until = performance.now() + DELIVER_WITHIN_MS;
    let wait = FIRST_PAUSE_MS;
    for (;;) {
      const connection = await this.open();
      const end = connection.ok ? connection.value.lost : Promise.resolve(connection.error);
      const late = this.#late(until - performance.now());
      const answer = await Promise.race([verdict, end.then((lost) => ({ lost })), late.promise, this.#fault.promise]);
      late.cancel();
      if (answer === 'stored' || !('lost' in answer)) return answer;
      const { lost } = answer;
      if (lost.status !== NO_CONNECTION || performance.now() + wait > until) return lost;
      await pause(wait);
      wait = Math.min(LONGEST_PAUSE_MS, wait * 2);
    }
  }

  #late(ms: number): { readonly promise: Promise<Failure>; cancel(): void } {
    const { promise, resolve } = Promise.withResolvers<Failure>();
    const timer = setTimeout(() => resolve(this.#waitsFor ?? NOT_IN_TIME), ms);
    return { promise, cancel: () => clearTimeout(timer) };
  }

  close(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#messenger?.close();
    connection?.talk.end();
  }
}
