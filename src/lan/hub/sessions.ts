/** Our own programs: opened, heard, answered, closed. */
import type { Clock } from '../../base/clock.ts';
import type { ClientId } from '../../base/ids.ts';
import type { Link } from '../../link/link.ts';
import type { Timers } from '../../peer/tasks.ts';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import { type DecodeFault, decodeClientMessage, encode } from '../../protocol/codec.ts';
import { ERROR_CODES, type ErrorCode } from '../../protocol/errors.ts';
import type { FrameFault } from '../../protocol/frame-decoder.ts';
import { DEAD_AFTER_MS, HELLO_WITHIN_MS, MAX_ERRORS_IN_A_ROW } from '../../protocol/limits.ts';
import type { ServerMessage, ServerMessages } from '../../protocol/server-messages.ts';
import { MAX_SESSIONS } from '../limits.ts';
import { LAST_WORDS_MS, LOOK_EVERY_MS, MAX_BUFFERED_BYTES, MAX_LOOKS } from './limits.ts';
import { createSession, type Session } from './session.ts';

export interface SessionsPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly message: (session: Session, message: ClientMessage) => void;
  /** What waited for it has gone to the kernel. */
  readonly drained: (session: Session) => void;
  /** One that was logged in is no more. */
  readonly left: (session: Session) => void;
  readonly fault: (error: unknown) => void;
}

/** Who is told: all that are logged in, but one, or only those of a kind. */
interface Whom {
  readonly except?: Session | undefined;
  readonly only?: (session: Session) => boolean;
}

const ENCODER = new TextEncoder();

export class Sessions {
  readonly #ports: SessionsPorts;
  readonly #all = new Set<Session>();
  #closed = false;

  constructor(ports: SessionsPorts) {
    this.#ports = ports;
  }

  /** Those that are logged in. */
  get online(): Session[] {
    return [...this.#all].filter(({ state }) => state === 'online');
  }

  accept(link: Link): void {
    if (this.#closed) return link.destroy();
    const { timers, clock } = this.#ports;
    const session = createSession(link, timers, clock.monotonic());
    const isOneTooMany = this.#all.size >= MAX_SESSIONS;
    this.#all.add(session);
    link.listen({
      frame: (line) => this.#frame(session, line),
      fault: (fault) => this.#malformed(session, fault),
      drained: () => this.#guarded(session, () => this.#ports.drained(session)),
      closed: () => this.#gone(session),
    });
    if (isOneTooMany) {
      const text = `${MAX_SESSIONS} programs of yours are on the local network here, as many as may be: close one`;
      return this.refuse(session, 'too_many_connections', text);
    }
    session.silence.set(HELLO_WITHIN_MS, () => this.refuse(session, 'hello_timeout'));
  }

  loggedIn(session: Session): void {
    session.state = 'online';
    session.silence.stop();
  }

  /** It has pinged, so that it is expected to go on. */
  pinged(session: Session): void {
    session.pings = true;
    if (session.state === 'online') this.#heard(session);
  }

  send(session: Session, message: ServerMessage): void {
    this.#write(session, ENCODER.encode(encode(message)));
  }

  /** Encoded once. */
  tell(message: ServerMessage, { except, only }: Whom = {}): void {
    let bytes: Uint8Array | undefined;
    for (const session of this.#all) {
      if (session.state !== 'online' || session === except || only?.(session) === false) continue;
      bytes ??= ENCODER.encode(encode(message));
      this.#write(session, bytes);
    }
  }

  /** Says that something is wrong, and ends the session where the code does. */
  refuse(session: Session, code: ErrorCode, text: string = ERROR_CODES[code].says, id?: ClientId): void {
    if (session.state === 'closing') return;
    const closes = ERROR_CODES[code].ends === 'connection';
    this.send(session, { type: 'error', code, text, closes, ...(id === undefined ? {} : { id }) });
    if (closes) this.#end(session);
  }

  sayBye(session: Session, reason: ServerMessages['bye']['reason'], text: string): void {
    if (session.state === 'closing') return;
    this.send(session, { type: 'bye', reason, text });
    this.#end(session);
  }

  /** Hears nobody any more. */
  stop(): void {
    this.#closed = true;
    for (const { link } of this.#all) link.pause();
  }

  /** Those that haven't logged in end without a word. */
  close(): void {
    for (const session of this.#all) {
      session.link.resume();
      if (session.state === 'connected') session.link.destroy();
    }
  }

  /** @param id of what it is about. */
  #guarded(session: Session, run: () => void, id?: ClientId): void {
    try {
      run();
    } catch (error) {
      this.#ports.fault(error);
      this.refuse(session, 'internal', 'this could not be done: try again, and look at /lan status', id);
    }
  }

  #frame(session: Session, line: string): void {
    if (this.#closed || session.state === 'closing') return;
    const message = decodeClientMessage(line);
    if (!message.ok) return this.#malformed(session, message.error);
    session.errorsInARow = 0;
    this.#heard(session);
    const id = 'id' in message.value ? message.value.id : undefined;
    return this.#guarded(session, () => this.#ports.message(session, message.value), id);
  }

  /** As on a server: before the log-in a line that isn't even JSON is of somebody who doesn't mean us. */
  #malformed(session: Session, fault: FrameFault | DecodeFault): void {
    if (this.#closed || session.state === 'closing') return;
    const code = typeof fault === 'string' ? fault : fault.code;
    if (session.state === 'connected' && (code === 'bad_utf8' || code === 'bad_json'))
      return this.refuse(session, 'hello_expected');
    this.#heard(session);
    session.errorsInARow += 1;
    if (typeof fault === 'string') this.refuse(session, fault);
    else this.refuse(session, fault.code, fault.text, fault.id);
    if (session.errorsInARow >= MAX_ERRORS_IN_A_ROW) this.refuse(session, 'too_many_errors');
  }

  #heard(session: Session): void {
    if (session.state === 'online' && session.pings)
      session.silence.set(DEAD_AFTER_MS, () => this.refuse(session, 'dead'));
  }

  #write(session: Session, bytes: Uint8Array): void {
    if (session.state === 'closing') return;
    const { link } = session;
    session.written += bytes.length;
    link.write(bytes);
    if (link.buffered > MAX_BUFFERED_BYTES) this.#tooSlow(session);
    else if (link.buffered > 0 && !session.looks.isSet) this.#watch(session);
  }

  #watch(session: Session): void {
    session.idleLooks = 0;
    session.taken = session.written - session.link.buffered;
    session.looks.set(LOOK_EVERY_MS, () => this.#look(session));
  }

  /** Counts looks and not time: a program that was stopped itself for a while gave nobody the chance to read. */
  #look(session: Session): void {
    const taken = session.written - session.link.buffered;
    if (session.link.buffered === 0) return;
    session.idleLooks = taken > session.taken ? 0 : session.idleLooks + 1;
    session.taken = taken;
    if (session.idleLooks >= MAX_LOOKS) this.#tooSlow(session);
    else session.looks.set(LOOK_EVERY_MS, () => this.#look(session));
  }

  #tooSlow(session: Session): void {
    const { code, text } = { code: 'too_slow', text: ERROR_CODES.too_slow.says } as const;
    // Past the bound that this is about.
    session.link.write(ENCODER.encode(encode({ type: 'error', code, text, closes: true })));
    this.#end(session);
  }

  #end(session: Session): void {
    this.#leave(session);
    session.link.end();
    session.silence.set(LAST_WORDS_MS, () => session.link.destroy());
  }

  #leave(session: Session): void {
    const wasOnline = session.state === 'online';
    session.state = 'closing';
    session.looks.stop();
    session.silence.stop();
    session.mail.length = 0;
    if (wasOnline) this.#ports.left(session);
  }

  #gone(session: Session): void {
    if (!this.#all.delete(session)) return;
    this.#leave(session);
  }
}
