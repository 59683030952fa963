/** `uchat send TARGET [TEXT…]`: done only when the server has every message on its disk. */
import type { ClientId } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import { MAX_TEXT_BYTES } from '../../protocol/limits.ts';
import { utf8Bytes } from '../../protocol/schema.ts';
import type { ServerMessages } from '../../protocol/server-messages.ts';
import type { ClientArguments, ClientSettings } from '../shell/client-settings.ts';
import { newId } from '../shell/new-id.ts';
import { done, type Failure, NO_CONNECTION, noConnection, type Outcome, wrongUsage } from '../shell/outcome.ts';
import { refusal } from '../shell/refusal.ts';
import { linesOf } from './lines.ts';
import { pause } from './pause.ts';
import { enterRoom } from './room.ts';
import { openTalk, type Session, type Talk } from './talk.ts';
import { sendTarget, type Target } from './target.ts';

/** Milliseconds that one message may take, refusals for now and lost connections included. */
const DELIVER_WITHIN_MS = 60_000;
/** Milliseconds before the first repetition; each further one waits twice as long, up to the second. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;

type Verdict = 'stored' | 'later' | 'entered anew' | Failure;

async function verdict(talk: Talk, id: ClientId): Promise<Verdict> {
  for (;;) {
    const answer = await talk.next();
    if (!answer.ok) return answer.error;
    const { type } = answer.value;
    if ((type === 'ack' || type === 'mailed') && answer.value.id === id) return 'stored';
    if (answer.value.type !== 'error' || answer.value.id !== id) continue;
    return judge(answer.value);
  }
}

function judge(error: ServerMessages['error']): Verdict {
  if (error.code === 'rate_limited' || error.code === 'not_stored' || error.code === 'slow_mode') return 'later';
  // Another client of this user has left the room meanwhile.
  return error.code === 'not_a_member' ? 'entered anew' : refusal(error);
}

const messageTo = (target: Target, id: ClientId, text: string): ClientMessage =>
  target.kind === 'room'
    ? { type: 'say', id, to: target.room, text }
    : { type: 'mail', id, to: target.person, body: text };

/**
 * Sends messages one after the other, each after the acknowledgement of the one before: were several under way, a refusal
 * for now would let a later one pass an earlier one.
 */
class Sender {
  readonly #settings: ClientSettings;
  readonly #target: Target;
  #session: Session | undefined;

  constructor(settings: ClientSettings, target: Target) {
    this.#settings = settings;
    this.#target = target;
  }

  /** Connected, and in the room where there is one. */
  async open(): Promise<Result<Session, Failure>> {
    if (this.#session !== undefined) return ok(this.#session);
    const session = await openTalk(
      this.#settings,
      ({ type }) => type === 'ack' || type === 'mailed' || type === 'room',
    );
    if (!session.ok) return session;
    const target = this.#target;
    const room = target.kind === 'room' ? await enterRoom(session.value, target.room) : ok(undefined);
    if (room.ok) this.#session = session.value;
    else session.value.talk.end();
    return room.ok ? session : room;
  }

  async #once(id: ClientId, text: string): Promise<Verdict> {
    const session = await this.open();
    if (!session.ok) return session.error;
    session.value.talk.send(messageTo(this.#target, id, text));
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
      if (answer === 'stored') return undefined;
      if (typeof answer === 'object' && answer.status !== NO_CONNECTION) return answer;
      if (performance.now() + wait > until)
        return typeof answer === 'object'
          ? answer
          : noConnection('the server took no message for a minute; try again later');
      await pause(wait);
    }
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

export async function send(settings: ClientSettings, argv: ClientArguments, text: readonly string[]): Promise<Outcome> {
  const target = sendTarget(argv.TARGET);
  if (!target.ok) return target.error;
  if (text.length > 0 && text.join(' ') === '') return wrongUsage('TEXT is empty: there is nothing to send');
  const sender = new Sender(settings, target.value);
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
