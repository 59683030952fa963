/** `uchat send TARGET [TEXT…]`: done only when the server has every message on its disk. */
import type { ClientId, RoomName } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import type { RoomInfo, ServerMessages } from '../../protocol/server-messages.ts';
import type { ClientArguments, ClientSettings } from '../shell/client-settings.ts';
import { newId } from '../shell/new-id.ts';
import { done, type Failure, NO_CONNECTION, type Outcome, wrongUsage } from '../shell/outcome.ts';
import { refusal } from '../shell/refusal.ts';
import { linkedToSomebody, NOBODY_HEARD, reachesSomebody, WANTED_OF_LAN } from './lan.ts';
import { linesOf } from './lines.ts';
import { passphraseFrom } from './passphrase.ts';
import { DELIVER_WITHIN_MS, FIRST_PAUSE_MS, LONGEST_PAUSE_MS, NOT_IN_TIME, pause } from './pause.ts';
import { enterRoom, missingRoom, notOnLan } from './room.ts';
import type { Sender } from './sender.ts';
import { openTalk, type Session, type Talk } from './talk.ts';
import { targetOf } from './target.ts';

/** What the server says to somebody who only sends. */
const WANTED: ReadonlySet<string> = new Set(['ack', 'room', 'history', ...WANTED_OF_LAN]);

type Verdict = 'stored' | 'later' | 'entered anew' | Failure;

async function verdict(talk: Talk, id: ClientId): Promise<Verdict> {
  for (;;) {
    const answer = await talk.next();
    if (!answer.ok) return answer.error;
    if (answer.value.type === 'ack' && answer.value.id === id) return 'stored';
    if (answer.value.type !== 'error' || answer.value.id !== id) continue;
    return judge(answer.value);
  }
}

function judge(error: ServerMessages['error']): Verdict {
  if (error.code === 'rate_limited' || error.code === 'not_stored' || error.code === 'slow_mode') return 'later';
  // Another client of this user has left the room meanwhile.
  return error.code === 'not_a_member' ? 'entered anew' : refusal(error);
}

/**
 * Sends messages one after the other, each after the acknowledgement of the one before: were several under way, a refusal
 * for now would let a later one pass an earlier one.
 */
class RoomSender implements Sender {
  readonly #settings: ClientSettings;
  readonly #room: RoomName;
  /** A room that isn't there is made. */
  #creates: boolean;
  #session: Session | undefined;

  constructor(settings: ClientSettings, room: RoomName, creates: boolean) {
    this.#settings = settings;
    this.#room = room;
    this.#creates = creates;
  }

  /** Connected, and in the room. */
  async open(): Promise<Result<Session, Failure>> {
    if (this.#session !== undefined) return ok(this.#session);
    const session = await openTalk(this.#settings, ({ type }) => WANTED.has(type));
    if (!session.ok) return session;
    const entered = await this.#enter(session.value);
    const ready = entered.ok ? await linkedToSomebody(session.value) : entered;
    if (ready.ok) this.#session = session.value;
    else session.value.talk.end();
    return ready.ok ? session : ready;
  }

  async #enter(session: Session): Promise<Result<RoomInfo, Failure>> {
    const missing = this.#creates ? undefined : await missingRoom(session, this.#room);
    if (missing !== undefined) return err(missing);
    const room = await enterRoom(session, this.#room);
    // It was there: whoever closes it meanwhile is no slip of ours.
    if (room.ok) this.#creates = true;
    return room;
  }

  async #once(id: ClientId, text: string): Promise<Verdict> {
    const session = await this.open();
    if (!session.ok) return session.error;
    session.value.talk.send({ type: 'say', id, to: this.#room, text });
    const answer = await verdict(session.value.talk, id);
    if (typeof answer === 'object' || answer === 'entered anew') this.close();
    return answer;
  }

  /** Under one id however often it is sent, so it is stored once. */
  async deliver(text: string): Promise<Failure | undefined> {
    const id = newId();
    const until = performance.now() + DELIVER_WITHIN_MS;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(LONGEST_PAUSE_MS, wait * 2)) {
      const answer = await this.#once(id, text);
      if (answer === 'stored') return await this.#goesOut();
      if (typeof answer === 'object' && answer.status !== NO_CONNECTION) return answer;
      if (performance.now() + wait > until) return typeof answer === 'object' ? answer : NOT_IN_TIME;
      await pause(wait);
    }
  }

  /** With a server it is done when that has it; without one, when somebody else is given it. */
  async #goesOut(): Promise<Failure | undefined> {
    const reaches = this.#session === undefined ? ok(true) : await reachesSomebody(this.#session);
    if (!reaches.ok) return reaches.error;
    return reaches.value ? undefined : NOBODY_HEARD;
  }

  close(): void {
    this.#session?.talk.end();
    this.#session = undefined;
  }
}

async function* messagesOf(text: readonly string[]): AsyncGenerator<Result<string, string>> {
  if (text.length === 0) {
    yield* linesOf(process.stdin);
    return;
  }
  const whole = text.join(' ');
  yield utf8Bytes(whole) > MAX_TEXT_BYTES ? err(`TEXT is longer than ${MAX_TEXT_BYTES} bytes; split it`) : ok(whole);
}

async function senderTo(settings: ClientSettings, argv: ClientArguments): Promise<Result<Sender, Failure>> {
  const target = targetOf(argv.TARGET);
  if (!target.ok) return target;
  if (target.value.kind === 'room') {
    const missing = notOnLan(settings, target.value.room, argv.TARGET);
    return missing === undefined ? ok(new RoomSender(settings, target.value.room, argv.create === true)) : err(missing);
  }
  const passphrase = passphraseFrom(argv);
  if (!passphrase.ok) return passphrase;
  // What encrypts is large, and rooms need none of it.
  const { PersonSender } = await import('./person-sender.ts');
  return ok(new PersonSender(settings, target.value.person, passphrase.value));
}

export async function send(settings: ClientSettings, argv: ClientArguments, text: readonly string[]): Promise<Outcome> {
  const made = await senderTo(settings, argv);
  if (!made.ok) return made.error;
  if (text.length > 0 && text.join(' ') === '') return wrongUsage('TEXT is empty: there is nothing to send');
  const sender = made.value;
  // Before anything is read: a server that isn't there is told at once, not after a minute of trying.
  const session = await sender.open();
  if (!session.ok) return session.error;
  let sent = 0;
  const stopped = (failure: Failure): Failure =>
    text.length > 0 ? failure : { ...failure, line: `${failure.line} (messages sent before: ${sent})` };
  try {
    for await (const message of messagesOf(text)) {
      if (!message.ok) return stopped(wrongUsage(message.error));
      // An empty line is no message.
      if (message.value === '') continue;
      const failure = await sender.deliver(message.value.toWellFormed());
      if (failure !== undefined) return stopped(failure);
      sent += 1;
    }
    return done;
  } finally {
    sender.close();
  }
}
