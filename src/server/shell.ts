/** Performs what the core wants done, and tells it what came of it. All of the server's effects are here. */
import type { Clock } from '../base/clock.ts';
import type { SessionId, UnixMs } from '../base/ids.ts';
import type { Tidying } from '../base/tidying.ts';
import type { Link } from '../link/link.ts';
import { decodeClientMessage } from '../protocol/codec.ts';
import type { Bus } from './bus/bus.ts';
import { located } from './core/arrival.ts';
import { changed, notChanged, nothingToChange } from './core/changes.ts';
import { type Core, nextDeadline, takeEffects } from './core/core.ts';
import { shutDown, tick } from './core/deadlines.ts';
import { deliver } from './core/deliver.ts';
import type { Channel, Effect } from './core/effect.ts';
import type { Instant } from './core/instant.ts';
import { identified } from './core/login.ts';
import type { LoginQuestion } from './core/login-question.ts';
import { appended, notAppended } from './core/messages.ts';
import type { ConsoleEvent } from './core/notice.ts';
import type { Peer, Session } from './core/session.ts';
import { gone, malformed, opened, refuse } from './core/sessions.ts';
import { sourceOf } from './core/source.ts';
import { spend } from './core/throttle.ts';
import { Drain, notClosed, notStored } from './drain.ts';
import type { SnapshotParts } from './figures/snapshot.ts';
import { handleHeld, receive } from './handlers/index.ts';
import { type Host, identify, isLoopback, plainHost } from './identify.ts';
import type { Passwords } from './login/password.ts';
import { Logins } from './logins.ts';
import { encodeLine } from './outbox/encode.ts';
import { Outbox } from './outbox/outbox.ts';
import { TOO_SLOW_SAYS } from './outbox/too-slow.ts';
import type { Store } from './store/store.ts';
import { storeChange } from './store-change.ts';
import { askOfMail, askOfMessages, type StoreParts } from './store-questions.ts';
import { StoreTroubles } from './store-troubles.ts';

/** The longest time (ms) that a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Shows the operator what happens. */
export type Notice = (event: ConsoleEvent) => void;

export interface ShellParts {
  readonly core: Core;
  readonly store: Store;
  readonly bus: Bus;
  readonly host: Host;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly notice: Notice;
  /** Told how long (ms) each message took to be durable. */
  readonly committed?: (ms: number) => void;
  /** Calls its first argument once, after so many milliseconds. */
  readonly later?: ((look: () => void, ms: number) => void) | undefined;
  /** Told when a connection has gone, and when somebody says something. */
  readonly tidying?: Pick<Tidying, 'more' | 'busy'>;
}

interface Connection {
  readonly link: Link;
  readonly session: Session;
  readonly since: UnixMs;
  /** The Unix user id at its other end, where the host can tell. */
  readonly owner: Promise<number | undefined>;
}

export class Shell {
  readonly #parts: ShellParts;
  readonly #core: Core;
  readonly #connections = new Map<SessionId, Connection>();
  readonly #outbox: Outbox<Channel>;
  readonly #logins: Logins;
  readonly #troubles: StoreTroubles;
  readonly #asking: StoreParts;
  readonly #unsubscribe: () => void;
  #running = false;
  #state: 'open' | 'stopping' = 'open';
  /** Questions to the store or the host without an answer yet. */
  #asked = 0;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer goes off, on the monotonic clock. */
  #timerDue = Infinity;
  readonly #drain = new Drain();

  constructor(parts: ShellParts) {
    this.#parts = parts;
    this.#core = parts.core;
    this.#troubles = new StoreTroubles(parts.notice, () => parts.clock.monotonic());
    this.#outbox = new Outbox<Channel>({
      schedule: (flush) => void setImmediate(flush),
      // Nothing that a server which ends would wait for.
      later: parts.later ?? ((look, ms) => void setTimeout(look, ms).unref()),
      tooSlow: (id, why) =>
        this.#withSession(id, (session, at) => refuse(this.#core, session, 'too_slow', TOO_SLOW_SAYS[why], at)),
    });
    this.#logins = new Logins({
      core: parts.core,
      store: parts.store,
      passwords: parts.passwords,
      now: () => this.#now(),
      damaged: (user) =>
        parts.notice({ kind: 'warning', code: 'damaged', text: `the password of ${user} in the store is damaged` }),
      later: (work, what) => this.#ask(work, what),
    });
    this.#asking = {
      core: parts.core,
      store: parts.store,
      now: () => this.#now(),
      ask: (question, what, answered, failed) => this.#ask(question, what, answered, failed),
    };
    this.#unsubscribe = parts.bus.subscribe((event) => {
      deliver(this.#core, event, this.#now());
      this.#run();
    });
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** What the operator's figures are taken from. */
  snapshot(): SnapshotParts {
    return {
      core: this.#core,
      connections: this.#connections,
      deliveries: this.#outbox.sent,
      waiting: (id) => this.#outbox.waiting(id),
      at: this.#now(),
    };
  }

  accept(link: Link): void {
    const host = plainHost(link.remote.host);
    const loopback = isLoopback(host);
    const session = this.#state === 'open' ? opened(this.#core, { host, loopback }, this.#now()) : undefined;
    if (session === undefined) return link.reset();
    if (!loopback) located(this.#core, session, sourceOf(host), this.#now());
    const owner = loopback ? this.#parts.host.ownerOf(link.remote, link.local) : Promise.resolve(undefined);
    if (loopback) this.#ask(owner, 'find out who connects', (uid) => this.#locate(session.id, sourceOf(host, uid)));
    this.#follow(session, link, owner);
  }

  /** The server's own console, which speaks for the Unix user `uid` without a connection. */
  acceptConsole(link: Link, uid: number): void {
    const peer: Peer = { host: 'console', loopback: true, console: true };
    const session = this.#state === 'open' ? opened(this.#core, peer, this.#now()) : undefined;
    if (session === undefined) return link.destroy();
    this.#follow(session, link, Promise.resolve(uid));
  }

  #locate(id: SessionId, from: string): void {
    this.#withSession(id, (session, at) => located(this.#core, session, from, at));
  }

  #follow(session: Session, link: Link, owner: Promise<number | undefined>): void {
    this.#connections.set(session.id, { link, session, since: this.#parts.clock.now(), owner });
    this.#outbox.add(session.id, link);
    link.listen({
      frame: (line) => this.#frame(session, line),
      fault: (fault) => {
        if (this.#state !== 'open') return;
        malformed(this.#core, session, fault, this.#now());
        this.#run();
      },
      drained: () => this.#outbox.drained(session.id),
      closed: () => {
        this.#outbox.remove(session.id);
        this.#connections.delete(session.id);
        gone(this.#core, session, this.#now());
        this.#run();
        this.#parts.tidying?.more();
        this.#drain.progress();
      },
    });
    this.#run();
  }

  /** Hears nothing more, finishes what was asked of the store, takes leave of everybody, and closes every connection. */
  async stop(): Promise<void> {
    if (this.#state === 'stopping') return;
    this.#state = 'stopping';
    const { notice } = this.#parts;
    for (const { link } of this.#connections.values()) link.pause();
    this.#tellDraining();
    const waits = this.#asked > 0;
    if (!(await this.#drain.until(() => this.#asked === 0))) notice(notStored(this.#asked));
    shutDown(this.#core, this.#now());
    this.#run();
    if (waits) this.#tellDraining();
    if (!(await this.#drain.until(() => this.#connections.size === 0))) notice(notClosed(this.#connections.size));
    for (const { link } of this.#connections.values()) link.destroy();
    clearTimeout(this.#timer);
    this.#unsubscribe();
  }

  /** Messages on their way to the disk, and who is still to be told. */
  #tellDraining(): void {
    const messages = this.#core.sessions.values().reduce((sum, { appends }) => sum + appends, 0);
    this.#parts.notice({ kind: 'draining', messages, connections: this.#connections.size });
  }

  #now(): Instant {
    const { clock } = this.#parts;
    return { wall: clock.now(), mono: clock.monotonic() };
  }

  #frame(session: Session, line: string): void {
    if (this.#state !== 'open') return;
    const at = this.#now();
    this.#parts.tidying?.busy();
    spend(this.#core, session, line.length, at);
    const message = decodeClientMessage(line);
    if (message.ok) receive(this.#core, session, message.value, at);
    else malformed(this.#core, session, message.error, at);
    this.#run();
  }

  /** Performs effects until there are none. An effect whose performance causes others has them after those that stand already. */
  #run(): void {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let effects = takeEffects(this.#core); effects.length > 0; effects = takeEffects(this.#core))
        for (const effect of effects) this.#perform(effect);
    } finally {
      this.#running = false;
    }
    if (this.#core.deadlineMoved) this.#arm();
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'send':
        return this.#outbox.send(effect.session, encodeLine(effect.message));
      case 'fan-out':
        return this.#fanOut(effect);
      case 'subscribe':
        return this.#outbox.subscribe(effect.session, effect.channel);
      case 'unsubscribe':
        return this.#outbox.unsubscribe(effect.session, effect.channel);
      case 'publish':
        return this.#parts.bus.publish(effect.event);
      case 'append':
        return this.#append(effect);
      case 'change':
        return this.#change(effect);
      case 'read-history':
      case 'read-kept':
      case 'change-message':
      case 'search':
        return askOfMessages(this.#asking, effect);
      case 'mail':
      case 'read-mailbox':
      case 'received':
      case 'put-device':
      case 'devices':
      case 'announce':
        return askOfMail(this.#asking, effect);
      case 'ask-logins':
        return this.#askLogins(effect.question);
      case 'note-login':
        return this.#ask(this.#logins.note(effect.note), 'note a log-in');
      case 'seen':
        return this.#ask(this.#parts.store.seen(effect.user, effect.time), 'save an account');
      case 'save-account':
        return this.#ask(this.#parts.store.saveAccount(effect.account), 'save an account');
      case 'identify':
        return this.#identify(effect);
      case 'pause':
        return this.#connections.get(effect.session)?.link.pause();
      case 'resume':
        return this.#state === 'open' ? this.#connections.get(effect.session)?.link.resume() : undefined;
      case 'release':
        return this.#withSession(effect.session, (session, at) => handleHeld(this.#core, session, at));
      case 'end':
        return this.#outbox.end(effect.session);
      case 'drop':
        return this.#connections.get(effect.session)?.link.reset();
      case 'notice':
        return this.#parts.notice(effect.event);
    }
  }

  #fanOut({ channel, message, instead, except }: Extract<Effect, { kind: 'fan-out' }>): void {
    const line = encodeLine(message);
    if (instead === undefined) this.#outbox.publish(channel, line, undefined, except);
    else {
      const own = instead.message === undefined ? undefined : encodeLine(instead.message);
      this.#outbox.publish(channel, line, { session: instead.session, line: own }, except);
    }
  }

  #append({ session, message }: Extract<Effect, { kind: 'append' }>): void {
    const { store, clock, committed } = this.#parts;
    const since = clock.monotonic();
    this.#ask(
      store.append(message),
      'append a message',
      (placed) => {
        committed?.(clock.monotonic() - since);
        this.#troubles.stored();
        appended(this.#core, session, message, placed, this.#now());
      },
      () => notAppended(this.#core, session, message, this.#now()),
    );
  }

  #change({ change }: Extract<Effect, { kind: 'change' }>): void {
    this.#ask(
      storeChange(this.#parts.store, change),
      change.kind === 'topic' ? 'set a topic' : `note a ${change.kind}`,
      (done) => (done === 'nothing' ? nothingToChange : changed)(this.#core, change, this.#now()),
      () => notChanged(this.#core, change, this.#now()),
    );
  }

  #identify({ session: id, method, name }: Extract<Effect, { kind: 'identify' }>): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    const { link, owner } = connection;
    this.#ask(
      identify(this.#parts.host, owner, link.remote, method, name),
      'find out who connects',
      (answer) => this.#withSession(id, (session, at) => identified(this.#core, session, answer, at)),
      () => this.#withSession(id, (session, at) => identified(this.#core, session, { kind: 'unknown' }, at)),
    );
  }

  #askLogins(question: LoginQuestion): void {
    this.#ask(
      this.#logins.ask(question, this.#connections.get(question.session)?.link),
      'answer a log-in',
      (tell) => tell(),
      () => this.#logins.failed(question),
    );
  }

  /** Waits for an answer without waiting. A failure is an answer too, and the operator hears of it. */
  #ask<T>(
    question: Promise<T>,
    what: string,
    answered: (value: T) => void = () => undefined,
    failed: () => void = () => undefined,
  ): void {
    this.#asked += 1;
    const settle = (tell: () => void): void => {
      this.#asked -= 1;
      tell();
      this.#run();
      this.#drain.progress();
    };
    question.then(
      (value) => settle(() => answered(value)),
      (error: unknown) => {
        this.#troubles.failed(what, error);
        settle(failed);
      },
    );
  }

  #withSession(id: SessionId, then: (session: Session, at: Instant) => void): void {
    const session = this.#core.sessions.get(id);
    if (session !== undefined) then(session, this.#now());
    this.#run();
  }

  /** One timer for everything that is due some time. */
  #arm(): void {
    this.#core.deadlineMoved = false;
    if (this.#state === 'stopping') return;
    const due = nextDeadline(this.#core);
    // One that goes off too early finds nothing to do; that is cheaper than to move it at every touch.
    if (due >= this.#timerDue) return;
    clearTimeout(this.#timer);
    this.#timerDue = due;
    const wait = Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(due - this.#parts.clock.monotonic())));
    this.#timer = setTimeout(() => {
      this.#timerDue = Infinity;
      tick(this.#core, this.#now());
      this.#run();
      this.#arm();
    }, wait);
  }
}
