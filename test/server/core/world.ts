/** A whole server without sockets, disk or clock: the core, its handlers, and effects that are performed at once. */
import { NO_SEQ, type SessionId, unixMs } from '../../../src/base/ids.ts';
import type { ClientMessage } from '../../../src/protocol/client-messages.ts';
import { decodeClientMessage } from '../../../src/protocol/codec.ts';
import { MAX_DEVICES, MAX_EMOJI, MAX_PACKAGES, MAX_REACTIONS } from '../../../src/protocol/limits.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import type { ServerMessage, ServerMessages, ServerMessageType } from '../../../src/protocol/server-messages.ts';
import { announced, notAnnounced } from '../../../src/server/core/announce.ts';
import { located } from '../../../src/server/core/arrival.ts';
import { changed, notChanged, nothingToChange } from '../../../src/server/core/changes.ts';
import {
  type Core,
  type CoreOptions,
  createCore,
  nextDeadline,
  type Stored,
  takeEffects,
} from '../../../src/server/core/core.ts';
import { tick } from '../../../src/server/core/deadlines.ts';
import { deliver } from '../../../src/server/core/deliver.ts';
import { deviceNotPut, devicePut, devicesNotRead, devicesRead } from '../../../src/server/core/devices.ts';
import type { Change, Channel, Effect } from '../../../src/server/core/effect.ts';
import { historyRead } from '../../../src/server/core/history.ts';
import type { Instant } from '../../../src/server/core/instant.ts';
import { keptRead } from '../../../src/server/core/kept.ts';
import { MAX_MAILBOX_BYTES, MAX_MAILBOX_MESSAGES } from '../../../src/server/core/limits.ts';
import { type Identified, identified } from '../../../src/server/core/login.ts';
import { mailCame, mailNotStored } from '../../../src/server/core/mail.ts';
import { mailboxRead } from '../../../src/server/core/mailbox.ts';
import { messageChanged, messageNotChanged } from '../../../src/server/core/message-changes.ts';
import { appended, notAppended } from '../../../src/server/core/messages.ts';
import type { ConsoleEvent } from '../../../src/server/core/notice.ts';
import { notSearched, searched } from '../../../src/server/core/search.ts';
import type { Session } from '../../../src/server/core/session.ts';
import { gone, malformed, opened } from '../../../src/server/core/sessions.ts';
import { sourceOf } from '../../../src/server/core/source.ts';
import type { LoginMethod } from '../../../src/server/core/user.ts';
import { handleHeld, receive } from '../../../src/server/handlers/index.ts';
import type { AuditEntry } from '../../../src/server/store/store.ts';
import { sayDevice } from '../sealed.ts';
import { ModelLogins } from '../store/model-logins.ts';
import { ModelMail } from '../store/model-mail.ts';
import { ModelMessages } from '../store/model-messages.ts';

const DEFAULTS: CoreOptions = {
  name: 'test',
  serverId: 'here',
  awayAfter: 10_000,
  logOffAfter: 60_000,
  guests: true,
  hostLogin: true,
  registration: 'invite',
  lockout: { after: 3, lockFor: 60_000 },
  rateLimit: false,
  keep: {},
  operatorUid: undefined,
};

function auditOf(change: Change): readonly AuditEntry[] {
  switch (change.kind) {
    case 'order':
      return [change.entry];
    case 'join':
      return change.reopens === undefined ? [] : [change.reopens];
    case 'topic':
      return change.audit === undefined ? [] : [change.audit];
    case 'leave':
    case 'ignore':
      return [];
  }
}

type AppendEffect = Extract<Effect, { kind: 'append' }>;

export class World {
  readonly core: Core;
  /** The wall clock is an hour ahead of the monotonic one, so that no test passes by mixing them up. */
  mono = 1000;
  readonly frames = new Map<SessionId, ServerMessage[]>();
  readonly notices: ConsoleEvent[] = [];
  readonly ended = new Set<SessionId>();
  /** Those without a word. */
  readonly dropped = new Set<SessionId>();
  readonly paused = new Set<SessionId>();
  readonly channels = new Map<Channel, Set<SessionId>>();
  readonly saved: string[] = [];
  /** The audit log: who, what, whom, how. */
  readonly audit: string[] = [];
  /** Names of which the store knows no account. */
  readonly unknown = new Set<string>();
  /** What the host says of a connection; by default guests come from the connection's address. */
  identity: (session: Session, method: LoginMethod, name: string) => Identified = (session, method) => {
    switch (method) {
      case 'guest':
        return { kind: 'guest', source: session.peer.host, reserved: false };
      case 'host':
        return { kind: 'unknown' };
      case 'register':
        return { kind: 'newcomer', reserved: false };
      case 'password':
      case 'key':
        return { kind: 'located' };
    }
  };
  /** `hold`: appends, changes, searches and mail wait for `commit`. */
  disk: 'good' | 'full' | 'hold' = 'good';
  readonly mail = new ModelMail();
  readonly logins = new ModelLogins();
  readonly messages = new ModelMessages();
  readonly #waiting: (() => void)[] = [];

  constructor(options: Partial<CoreOptions> = {}, stored: Partial<Stored> = {}) {
    const rooms = stored.rooms ?? [];
    this.core = createCore(
      { ...DEFAULTS, ...options },
      {
        rooms,
        memberships: [],
        accounts: [],
        operators: [],
        bans: [],
        ignores: [],
        lockouts: [],
        invites: [],
        ...stored,
      },
      this.now(),
    );
  }

  now(): Instant {
    return { wall: unixMs(this.mono + 3_600_000), mono: this.mono };
  }

  connect(host = '127.0.0.1'): Session {
    const session = opened(this.core, { host, loopback: host === '127.0.0.1' }, this.now());
    if (session === undefined) throw new Error('no room for a session');
    this.frames.set(session.id, []);
    if (host !== '127.0.0.1') located(this.core, session, sourceOf(host), this.now());
    this.#run();
    return session;
  }

  /** A connection over loopback, of which the kernel tells the owner. */
  connectFrom(uid: number): Session {
    const session = this.connect();
    located(this.core, session, `uid ${uid}`, this.now());
    this.#run();
    return session;
  }

  /** A guest who is in. */
  guest(name: string, host = '127.0.0.1', more: object = {}): Session {
    const session = this.connect(host);
    this.tell(session, { type: 'hello', version: 1, name, auth: { method: 'guest' }, ...more });
    this.expect(session, 'welcome');
    return session;
  }

  /** An account that is in. */
  login(name: string, uid: number, more: object = {}): Session {
    const session = this.connectFrom(uid);
    const before = this.identity;
    this.identity = () => ({ kind: 'host', uid, login: name });
    this.tell(session, { type: 'hello', version: 1, auth: { method: 'host' }, ...more });
    this.identity = before;
    this.expect(session, 'welcome');
    return session;
  }

  /** An account that is in, and has said which device it is. */
  device(name: string, uid: number, device: string, packages: readonly string[] = []): Session {
    const session = this.login(name, uid);
    this.tell(session, sayDevice(device, packages));
    this.expect(session, 'device');
    return session;
  }

  /** As it comes over the wire: checked. */
  tell(session: Session, message: object): void {
    const decoded = decodeClientMessage(JSON.stringify(message));
    if (decoded.ok) this.receive(session, decoded.value);
    else malformed(this.core, session, decoded.error, this.now());
    this.#run();
  }

  receive(session: Session, message: ClientMessage): void {
    receive(this.core, session, message, this.now());
    this.#run();
  }

  close(session: Session): void {
    this.#forget(session.id);
    gone(this.core, session, this.now());
    this.#run();
  }

  /** Time passes, with a timer that is as punctual as the core asks. */
  advance(ms: number): void {
    const end = this.mono + ms;
    while (nextDeadline(this.core) <= end) {
      this.mono = Math.max(this.mono, nextDeadline(this.core));
      tick(this.core, this.now());
      this.#run();
    }
    this.mono = end;
  }

  /** What the session was sent since it was last asked. */
  take(session: Session): ServerMessage[] {
    return this.frames.get(session.id)?.splice(0) ?? [];
  }

  /** The next frame, which must be of this type. */
  expect<T extends ServerMessageType>(session: Session, type: T): ServerMessages[T] {
    const next = this.frames.get(session.id)?.shift();
    if (next?.type !== type) throw new Error(`expected ${type}, got ${JSON.stringify(next)}`);
    return next as ServerMessages[T];
  }

  /** The oldest append that waits is done. */
  commit(count = 1): void {
    for (let i = 0; i < count; i++) {
      const write = this.#waiting.shift();
      if (write === undefined) throw new Error('nothing waits for the disk');
      write();
      this.#run();
    }
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get lobby(): Set<SessionId> {
    return this.channels.get(LOBBY) ?? new Set();
  }

  #run(): void {
    for (let effects = takeEffects(this.core); effects.length > 0; effects = takeEffects(this.core))
      for (const effect of effects) this.#perform(effect);
  }

  #send(session: SessionId, message: ServerMessage | undefined): void {
    if (message !== undefined && !this.ended.has(session)) this.frames.get(session)?.push(message);
  }

  #forget(session: SessionId): void {
    for (const members of this.channels.values()) members.delete(session);
  }

  #perform(effect: Effect): void {
    const session = 'session' in effect ? this.core.sessions.get(effect.session) : undefined;
    switch (effect.kind) {
      case 'send':
        return this.#send(effect.session, effect.message);
      case 'fan-out': {
        const { channel, message, instead, except } = effect;
        if (instead !== undefined) this.#send(instead.session, instead.message);
        for (const member of this.channels.get(channel) ?? [])
          if (member !== instead?.session && except?.has(member) !== true) this.#send(member, message);
        return;
      }
      case 'subscribe':
        this.channels.set(effect.channel, (this.channels.get(effect.channel) ?? new Set()).add(effect.session));
        return;
      case 'unsubscribe':
        this.channels.get(effect.channel)?.delete(effect.session);
        return;
      case 'publish':
        return deliver(this.core, effect.event, this.now());
      case 'identify':
        if (session !== undefined)
          identified(this.core, session, this.identity(session, effect.method, effect.name), this.now());
        return;
      case 'ask-logins':
        return this.#whenWritten(() =>
          this.logins.answer(this.core, effect.question, this.disk === 'full', this.now()),
        );
      case 'note-login':
        this.logins.note(effect.note);
        return;
      case 'seen':
        this.saved.push(`seen ${effect.user}`);
        return;
      case 'append':
        return this.#whenWritten(() => this.#append(effect));
      case 'mail':
        return this.#whenWritten(() => {
          if (this.disk === 'full') return mailNotStored(this.core, effect, this.now());
          const limits = { messages: MAX_MAILBOX_MESSAGES, bytes: MAX_MAILBOX_BYTES };
          mailCame(this.core, effect, this.mail.send(effect.mail, effect.verdict.kind, limits), this.now());
        });
      case 'read-mailbox': {
        const page = this.mail.page(effect.user, effect.device, effect.since, effect.limit);
        return this.#whenWritten(() => mailboxRead(this.core, effect, page));
      }
      case 'received':
        return this.mail.received(effect.user, effect.n, effect.device);
      case 'put-device':
        return this.#whenWritten(() => {
          if (this.disk === 'full') return deviceNotPut(this.core, effect, this.now());
          const limits = { devices: MAX_DEVICES, packages: MAX_PACKAGES };
          devicePut(this.core, effect, this.mail.putDevice(effect.added, limits, effect.here), this.now());
        });
      case 'devices':
        return this.#whenWritten(() => {
          if (this.disk === 'full') return devicesNotRead(this.core, effect, this.now());
          devicesRead(this.core, effect, this.mail.devices(effect.user, effect.claim), this.now());
        });
      case 'announce':
        if (this.disk === 'full') return notAnnounced(this.core, effect, this.now());
        this.audit.push(`${effect.entry.by} announce ${effect.entry.detail}`);
        return announced(
          this.core,
          effect,
          this.mail.announce(effect.announcement, this.core.lastSeen.keys()),
          this.now(),
        );
      case 'change':
        if (this.disk === 'full') return notChanged(this.core, effect.change, this.now());
        if (effect.change.kind === 'order' && this.unknown.has(effect.change.entry.target))
          return nothingToChange(this.core, effect.change, this.now());
        for (const entry of auditOf(effect.change))
          this.audit.push([entry.by, entry.action, entry.target, entry.detail].filter(Boolean).join(' '));
        if ('lasting' in effect.change && effect.change.lasting) {
          const { change } = effect;
          const what = change.kind === 'ignore' ? `${change.action} ${change.target}` : `${change.kind} ${change.room}`;
          this.saved.push(`${what} ${change.user}`);
        }
        return changed(this.core, effect.change, this.now());
      case 'save-account':
        this.saved.push(`account ${effect.account.uid} ${effect.account.name}`);
        return;
      case 'read-history':
        return historyRead(
          this.core,
          effect,
          this.messages.history(effect.room, effect.page, effect.limit),
          this.now(),
        );
      case 'read-kept': {
        const page = this.messages.history(effect.room, { kind: 'since', seq: NO_SEQ }, 1);
        return keptRead(this.core, effect, page, this.now());
      }
      case 'change-message':
        return this.#whenWritten(() => this.#changeMessage(effect));
      case 'search':
        return this.#whenWritten(() => {
          if (this.disk === 'full') return notSearched(this.core, effect, this.now());
          searched(this.core, effect, this.messages.search(effect.search), this.now());
        });
      case 'pause':
        this.paused.add(effect.session);
        return;
      case 'resume':
        this.paused.delete(effect.session);
        return;
      case 'release':
        if (session !== undefined) handleHeld(this.core, session, this.now());
        return;
      case 'end':
      case 'drop':
        if (effect.kind === 'drop') this.dropped.add(effect.session);
        this.ended.add(effect.session);
        this.#forget(effect.session);
        return;
      case 'notice':
        this.notices.push(effect.event);
    }
  }

  #whenWritten(write: () => void): void {
    if (this.disk === 'hold') this.#waiting.push(write);
    else write();
  }

  #append({ session, message }: AppendEffect): void {
    if (this.disk === 'full') return notAppended(this.core, session, message, this.now());
    return appended(this.core, session, message, this.messages.append(message), this.now());
  }

  #changeMessage(effect: Extract<Effect, { kind: 'change-message' }>): void {
    if (this.disk === 'full') return messageNotChanged(this.core, effect, this.now());
    const { change, audit } = effect;
    const came = this.messages.change(change, { emoji: MAX_EMOJI, reactions: MAX_REACTIONS });
    if (came.kind === 'changed' && change.what.kind === 'delete' && came.author !== change.by)
      this.audit.push(`${audit.by} ${audit.action} ${audit.target} ${came.author}`);
    messageChanged(this.core, effect, came, this.now());
  }
}
