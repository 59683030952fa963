/**
 * One private chat, from the request to the end. Times, paths and words are here; what is said runs through a
 * `Conversation`, and who else is asked or told is the business of `Chats`.
 */
import type { DeviceId, GroupId, UserName } from '../base/ids.ts';
import { toBase64url } from '../crypto/base64url.ts';
import type { OwnPackage } from '../crypto/e2ee-session.ts';
import { isLoopback } from '../link/address.ts';
import { ASK_WITHIN_MS } from '../protocol/limits.ts';
import type { PrivateFrames } from '../protocol/private-frames.ts';
import type { ChatCipher, StreamFrame } from './chat-cipher.ts';
import { type Agreed, helloOf, isAgreed } from './chat-hello.ts';
import { type ChatKeysOf, type MadeKeys, makeKeys, takeKeys } from './chat-keys.ts';
import { ChatMessages } from './chat-messages.ts';
import type { ChatParts } from './chat-parts.ts';
import { ChatPath } from './chat-path.ts';
import { Request } from './chat-request.ts';
import { type Facts, isLate, type Stage, statusOf } from './chat-stage.ts';
import * as words from './chat-words.ts';
import { Conversation } from './conversation.ts';
import type { ChatItem, Items } from './item.ts';
import type { Trust } from './private.ts';
import type { Shared } from './shared.ts';
import { Alarm } from './tasks.ts';

/** Milliseconds that the other's program may take between its first frame and ours. */
export const OPEN_WITHIN_MS = 30_000;
/** Milliseconds for which the last items are still sent to somebody who doesn't answer. */
export const LINGER_MS = 10_000;
/** Milliseconds that the end waits for what was said just before it, so that it is known to have arrived. */
export const SETTLE_MS = 1000;
/** Frames that are held while the keys are being made: what the other says at once. */
const MAX_EARLY = 64;

export class Chat {
  readonly id: GroupId;
  readonly person: UserName;
  readonly plain: boolean;
  readonly messages: ChatMessages;
  readonly #parts: ChatParts;
  readonly #shared: Shared;
  readonly #alarm: Alarm;
  readonly #request: Request;
  readonly #path: ChatPath;
  #stage: Stage = { kind: 'joining', early: [] };
  #device: DeviceId | undefined;
  #hidden = false;
  #theirLog = false;
  #strange = false;
  #endText = '';
  /** What is to be said of the end, while it waits. */
  #ending: string | undefined;

  constructor(parts: ChatParts) {
    this.#parts = parts;
    this.#shared = parts.shared;
    this.id = parts.id;
    this.person = parts.person;
    this.plain = parts.plain;
    this.#alarm = new Alarm(parts.shared.timers);
    this.#request = new Request({
      timers: parts.shared.timers,
      send: () => this.sendAsk(),
      later: () => this.#path.tooFast(() => this.sendAsk()),
      left: () => this.#left(words.theyLeft(parts.person)),
    });
    this.messages = new ChatMessages({
      shared: parts.shared,
      self: parts.self,
      chat: parts.id,
      person: parts.person,
      talk: () => this.#open,
      note: (text, bad) => this.note(text, bad),
      delivered: () => this.#delivered(),
    });
    this.#path = new ChatPath({
      shared: parts.shared,
      chat: parts.id,
      person: parts.person,
      // What becomes of its path is of no interest once it has ended.
      note: (text, bad) => {
        if (this.#stage.kind === 'opening' || this.#stage.kind === 'open') this.note(text, bad);
      },
      changed: () => this.#tell(),
      again: () => this.#talk?.again(),
      say: (item) => this.#talk?.say(item),
      frame: (frame) => {
        if (frame.chat === this.id) this.#talk?.receive(frame);
      },
      dead: () => this.#over(words.theyLeft(this.person)),
      silence: () => this.#talk?.silence ?? 0,
      heard: () => this.#talk?.heard ?? 0,
    });
  }

  /** Whose turn it is, for those who look at it from outside. */
  get kind(): Stage['kind'] {
    return this.#stage.kind;
  }

  /** Theirs, once it is known. */
  get device(): DeviceId | undefined {
    return this.#device;
  }

  get #talk(): Conversation | undefined {
    return 'talk' in this.#stage ? this.#stage.talk : undefined;
  }

  // ── the request ──

  /** We ask; all their devices are asked. */
  ask(own: OwnPackage | undefined): void {
    this.#stage = { kind: 'asking', own, until: this.#shared.clock.monotonic() + ASK_WITHIN_MS };
    this.#alarm.set(ASK_WITHIN_MS, () => this.#withdraw(words.noAnswer(this.person)));
    this.sendAsk();
    this.#tell();
  }

  /** Once more, after the connection was lost: whoever has it already knows it by its id. */
  sendAsk(): void {
    if (this.#stage.kind !== 'asking') return;
    const { own } = this.#stage;
    const given = own === undefined ? { plain: true } : { package: toBase64url(own.public) };
    this.#request.sent();
    this.#path.sendTo(undefined, { kind: 'ask', chat: this.id, from: this.#shared.device, ...given }, 'a');
  }

  /** They ask, from this device. */
  asked(device: DeviceId, given: string | undefined): void {
    this.#device = device;
    this.#stage = { kind: 'asked', package: given, until: this.#shared.clock.monotonic() + ASK_WITHIN_MS };
    this.#alarm.set(ASK_WITHIN_MS, () => this.#over(words.WE_LATE));
    this.#tell();
  }

  /** We say yes: the keys are ours to make. */
  accept(hidden: boolean): void {
    const stage = this.#stage;
    const device = this.#device;
    if (stage.kind !== 'asked' || device === undefined) return;
    this.#hidden = hidden;
    this.#begin();
    this.#shared.errands.run(async () => {
      const made = await makeKeys(this.#keysWith(device), stage.package);
      if (made === undefined) this.#over(words.notTheirs(this.person));
      else this.#accepted(made);
    });
  }

  #keysWith(device: DeviceId): ChatKeysOf {
    const now = this.#shared.clock.monotonic();
    return { self: this.#parts.self, chat: this.id, them: this.#shared.names.party(this.person, device), now };
  }

  #accepted({ cipher, welcome }: MadeKeys): void {
    if (this.#stage.kind !== 'joining') return cipher.destroy();
    const accept: PrivateFrames['accept'] = {
      kind: 'accept',
      chat: this.id,
      from: this.#shared.device,
      ...(welcome === undefined ? { plain: true } : { welcome }),
    };
    this.#converse(cipher, accept);
  }

  /** They say yes, from this device, which was looked at. */
  acceptedBy(device: DeviceId, frame: PrivateFrames['accept']): void {
    const stage = this.#stage;
    if (stage.kind !== 'asking') return;
    this.#device = device;
    this.#parts.farewell(undefined, { kind: 'withdrawn', chat: this.id, device });
    if ((frame.plain === true) !== this.plain || (frame.welcome === undefined) !== this.plain) {
      stage.own?.secret.fill(0);
      this.#gone();
      return this.#over(words.otherKind(this.person, this.plain));
    }
    this.#begin();
    this.#shared.errands.run(async () => {
      const cipher = await takeKeys(this.#keysWith(device), stage.own, frame.welcome);
      if (cipher !== undefined) return this.#joined(cipher);
      this.#gone();
      return this.#over(words.notTheirs(this.person));
    });
  }

  #joined(cipher: ChatCipher): void {
    if (this.#stage.kind === 'joining') this.#converse(cipher, undefined);
    else cipher.destroy();
  }

  #begin(): void {
    this.#stage = { kind: 'joining', early: [] };
    this.#alarm.set(OPEN_WITHIN_MS, () => this.#over(words.notOpened(this.person)));
    this.#tell();
  }

  #converse(cipher: ChatCipher, accept: PrivateFrames['accept'] | undefined): void {
    const { shared } = this.#parts;
    const device = this.#device;
    const early = this.#stage.kind === 'joining' ? this.#stage.early : [];
    if (device === undefined) return;
    const talk = new Conversation(cipher, {
      timers: shared.timers,
      fault: shared.fault,
      monotonic: () => shared.clock.monotonic(),
      transmit: (frames) => this.#transmit(frames),
      item: (item) => this.#item(item),
      refused: () => this.#refused(),
      names: shared.names.between(this.#agreed(device)),
    });
    this.#stage = { kind: 'opening', talk, accept };
    this.#path.begin(device);
    this.#request.stop();
    talk.say(helloOf(this.#agreed(device), this.#keepsHidden));
    for (const frame of early) talk.receive(frame);
  }

  #agreed(device: DeviceId): Agreed {
    const us = { user: this.#parts.self.user, device: this.#shared.device };
    return { chat: this.id, us, them: { user: this.person, device }, plain: this.plain };
  }

  /** In plain text no address is told either. */
  get #keepsHidden(): boolean {
    return this.#hidden || this.plain || this.#shared.direct === undefined;
  }

  #transmit(frames: readonly StreamFrame[]): void {
    const accept = this.#stage.kind === 'opening' ? this.#stage.accept : undefined;
    if (accept !== undefined) this.#path.relay([accept], 'c');
    this.#path.transmit(frames);
  }

  // ── what they say ──

  /** A frame of the stream, by way of the server. */
  receive(frame: StreamFrame): void {
    this.#path.seen();
    if (this.#stage.kind === 'joining' && this.#stage.early.length < MAX_EARLY) this.#stage.early.push(frame);
    this.#talk?.receive(frame);
  }

  #refused(): void {
    if (this.#strange) return;
    this.#strange = true;
    this.note(words.strange, true);
  }

  #item(item: ChatItem): void {
    const stage = this.#stage;
    if (stage.kind === 'opening') {
      if (item.kind === 'hello') this.#hello(stage.talk, item);
      else this.#refused();
      return;
    }
    if (stage.kind !== 'open') return;
    switch (item.kind) {
      case 'text':
      case 'edit':
      case 'delete':
      case 'react':
      case 'typing':
        return this.messages.take(item);
      case 'address':
        return this.#keepsHidden ? undefined : this.#path.offered(item);
      case 'log':
        this.#theirLog = item.on;
        this.note(words.theyLog(this.person, item.on), item.on);
        return this.#tell();
      case 'end':
        this.#gone();
        return this.#over(words.theyEnded(this.person));
      case 'hello':
        return this.#refused();
      // That they came is all that they are for.
      case 'use':
      case 'ping':
      case 'ack':
        return;
    }
  }

  #hello(talk: Conversation, item: Items['hello']): void {
    if (this.#device === undefined || !isAgreed(this.#agreed(this.#device), item)) {
      this.#gone();
      return this.#over(words.wrongHello(this.person));
    }
    this.#alarm.stop();
    this.#stage = { kind: 'open', talk };
    this.messages.areChangesKnown = item.changes === true;
    this.#tell();
    if (item.hidden && !this.plain && !this.#keepsHidden) this.note(words.theyHide(this.person), false);
    if (!item.hidden && !this.#keepsHidden) this.#path.goDirect();
  }

  // ── what we say ──

  /** Where something can still be said. */
  get #open(): Conversation | undefined {
    const { kind } = this.#stage;
    return (kind === 'opening' || kind === 'open') && this.#ending === undefined ? this.#talk : undefined;
  }

  #delivered(): void {
    const text = this.#ending;
    // After what has come along with the acknowledgement.
    if (text !== undefined && this.messages.undelivered === 0) this.#alarm.set(0, () => this.end(text));
  }

  /** A log of this chat from here on, or no more. */
  keepLog(on: boolean): void {
    if (this.#stage.kind !== 'open' || on === this.messages.log) return;
    if (on && this.#shared.vault.log.locked) return this.note(words.logLocked, true);
    this.messages.log = on;
    this.#stage.talk.say({ kind: 'log', on });
    this.note(words.weLog(on), false);
    this.#tell();
  }

  // ── the end ──

  /** We say no. */
  reject(): void {
    if (this.#stage.kind !== 'asked') return;
    this.#parts.farewell(this.#device, { kind: 'reject', chat: this.id });
    this.#over(words.weRefused);
  }

  /** They say no, from whichever device; the others need not be asked any more. */
  rejectedBy(device: DeviceId): void {
    if (this.#stage.kind !== 'asking') return;
    this.#parts.farewell(undefined, { kind: 'withdrawn', chat: this.id, device });
    this.#over(words.theyRefused(this.person));
  }

  /** They have taken it back, or another device of ours has answered. */
  withdrawn(device: DeviceId | undefined): void {
    const stage = this.#stage;
    const { kind } = stage;
    if ((kind !== 'asked' && kind !== 'joining' && kind !== 'opening') || device === this.#shared.device) return;
    if (device !== undefined) return this.#over(words.elsewhere);
    this.#over(isLate(stage, this.#shared.clock.monotonic()) ? words.WE_LATE : words.takenBack(this.person));
  }

  /** Has them say whether they still know of it. */
  check(): void {
    this.#talk?.say({ kind: 'ping' });
  }

  /** Their program knows nothing of it. Over the server anybody could say so who runs it; a direct connection says otherwise. */
  unknownThere(): void {
    const { kind } = this.#stage;
    if (kind === 'lingering') this.#over(this.#endText);
    else if ((kind === 'opening' || kind === 'open' || kind === 'joining') && !this.#path.isDirect)
      this.#over(words.theyKnowNothing(this.person));
  }

  /** A person ends it. What was said just before is given a moment to arrive; who is in a hurry says it twice. */
  endSoon(text: string): void {
    const stage = this.#stage;
    if (stage.kind !== 'open' || this.messages.undelivered === 0 || this.#ending !== undefined) return this.end(text);
    this.#ending = text;
    return this.#alarm.set(SETTLE_MS, () => this.end(text));
  }

  /** @param text who ended it, and why. */
  end(text: string): void {
    const stage = this.#stage;
    if (stage.kind === 'asking') return this.#withdraw(text);
    if (stage.kind === 'asked') return this.reject();
    if (stage.kind === 'lingering' || stage.kind === 'over') return;
    if (stage.kind === 'joining') {
      this.#gone();
      return this.#over(text);
    }
    this.#endText = text;
    this.#stage = { kind: 'lingering', talk: stage.talk };
    this.#tell();
    stage.talk.finish({ kind: 'end' }, () => {
      if (!this.plain) this.note(words.KEYS_GONE, false);
    });
    this.#alarm.set(LINGER_MS, () => this.#over(text));
  }

  #withdraw(text: string): void {
    this.#parts.farewell(undefined, { kind: 'withdrawn', chat: this.id });
    this.#over(text);
  }

  /** Who asked, or was asked, is gone for too long. */
  #left(text: string): void {
    if (this.#stage.kind === 'asking') this.#withdraw(text);
    else this.#over(text, true);
  }

  /** Nothing of it is left, here. */
  #over(text: string, left = false): void {
    const stage = this.#stage;
    if (stage.kind === 'over') return;
    if (stage.kind === 'asking') stage.own?.secret.fill(0);
    this.#endText = text;
    this.#stage = { kind: 'over' };
    this.#alarm.stop();
    this.#request.stop();
    if ('talk' in stage) stage.talk.close();
    this.#path.close();
    this.messages.over();
    if (stage.kind !== 'lingering') {
      this.#tell();
      if ('talk' in stage && !this.plain) this.note(words.KEYS_GONE, false);
    }
    this.#parts.over(left);
  }

  /** It never was: another one took its place. */
  drop(text: string): void {
    this.#over(text);
  }

  // ── the outside ──

  /** The server has let us in again. */
  online(): void {
    this.sendAsk();
    this.#path.online();
  }

  offline(): void {
    this.#request.stop();
    this.#path.offline();
  }

  /** What the server says of where they are. */
  presence(here: boolean): void {
    const { kind } = this.#stage;
    if (kind === 'asked' || kind === 'asking') this.#request.presence(here);
    else if (!here && kind === 'lingering') this.#over(this.#endText);
    else if (here) this.#path.back();
    else this.#path.away();
  }

  /** The server has refused a frame of ours. @param which its kind, as in `sendTo`. */
  failed(which: string, code: string, text: string): void {
    if (this.#stage.kind === 'over') return;
    if (this.#stage.kind === 'asking') {
      if (this.#request.refused(code)) this.#withdraw(code === 'not_here' ? `${this.person} is not here` : text);
      return;
    }
    if (code === 'rate_limited') return this.#path.tooFast(() => undefined);
    const absent = code === 'not_here' || code === 'no_such_device';
    if (absent && this.#stage.kind === 'lingering') return this.#over(this.#endText);
    if (absent) this.#path.away();
    else if (this.#stage.kind === 'joining' || this.#stage.kind === 'opening') this.#over(text);
  }

  #gone(): void {
    this.#parts.farewell(this.#device, { kind: 'gone', chat: this.id });
  }

  note(text: string, bad: boolean): void {
    this.#shared.tell({ type: 'chatNote', chat: this.id, text, bad });
  }

  tellAgain(): void {
    if (this.#stage.kind !== 'over') this.#tell();
  }

  get #trust(): Trust {
    const { trust } = this.#shared;
    const asked = this.#stage.kind === 'asking' || this.#stage.kind === 'asked';
    return asked || this.#device === undefined ? trust.of(this.person) : trust.ofDevice(this.person, this.#device);
  }

  get #facts(): Facts {
    // That this host has itself for an address tells nobody where it is.
    const addresses = this.plain ? [] : (this.#shared.direct?.addresses ?? []).filter((one) => !isLoopback(one));
    return {
      addresses,
      path: this.#path.path,
      byKey: this.#shared.byKey,
      log: this.messages.log,
      theirLog: this.#theirLog,
      hidden: this.#keepsHidden,
      end: this.#endText,
    };
  }

  #tell(): void {
    const { id, person, plain } = this;
    const status = statusOf(this.#stage, this.#facts);
    this.#shared.tell({ type: 'chat', chat: id, person, plain, status, trust: this.#trust });
  }
}
