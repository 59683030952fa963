/** All private chats of this program: who may ask whom, what belongs to which, and what is nobody's. */
import type { DeviceId, GroupId, UserName } from '../base/ids.ts';
import { fromBase64url } from '../crypto/base64url.ts';
import type { OwnPackage } from '../crypto/e2ee-session.ts';
import { ASK_WITHIN_MS } from '../protocol/limits.ts';
import type { PrivateFrames } from '../protocol/private-frames.ts';
import type { ServerMessages } from '../protocol/server-messages.ts';
import { Chat } from './chat.ts';
import { Farewells } from './chat-farewells.ts';
import { frameId } from './chat-path.ts';
import * as words from './chat-words.ts';
import type { PrivateCommand } from './private.ts';
import type { Self, Shared } from './shared.ts';
import { changedWords } from './trust.ts';

/** Requests that wait for an answer of ours; more people than that ask at once only to annoy. */
const MAX_ASKED = 20;
/** Somebody who has just come in takes a moment to say which device it is: times that it is asked for, and milliseconds between. */
const DEVICE_TRIES = 5;
const DEVICE_TRY_EVERY_MS = 700;
/** Chats at once, in whatever state. */
const MAX_CHATS = 50;
/** Chats that are over and known by their ids: a request for one of them is an old one, come again. */
const MAX_PAST = 500;
/** Milliseconds between two answers that we know nothing any more of the same chat. */
const GONE_EVERY_MS = 1000;
/** Answers in that time that we have never known a chat: of many frames one answer will do, and anybody can make up chats. */
const MAX_UNKNOWN_GONE = 5;

/** A request that waits for the end of another chat; `until` is when it ends there (monotonic ms). */
interface Held {
  readonly device: DeviceId;
  readonly frame: PrivateFrames['ask'];
  readonly until: number;
}

type Incoming = ServerMessages['private'];
type Of<K extends PrivateCommand['do']> = Extract<PrivateCommand, { do: K }>;

export class Chats {
  readonly #shared: Shared;
  readonly #chats = new Map<GroupId, Chat>();
  /** … and when (monotonic ms) it was last said of it that it is gone. */
  readonly #past = new Map<GroupId, number>();
  readonly #farewells: Farewells;
  /** Requests of people with whom there is a chat: at most one for each of those. */
  readonly #next = new Map<UserName, Held>();
  readonly #unknownGone = { since: Number.NEGATIVE_INFINITY, count: 0 };
  /** Called at every end, by whoever waits for the last one. */
  #ended: (() => void) | undefined;

  constructor(shared: Shared) {
    this.#shared = shared;
    this.#farewells = new Farewells(shared);
  }

  get(chat: GroupId): Chat | undefined {
    return this.#chats.get(chat);
  }

  #with(person: UserName): Chat | undefined {
    return [...this.#chats.values()].find((chat) => chat.person === person && chat.kind !== 'lingering');
  }

  #new(self: Self, id: GroupId, person: UserName, plain: boolean): Chat {
    const chat: Chat = new Chat({
      shared: this.#shared,
      self,
      id,
      person,
      plain,
      farewell: (device, frame) => this.#farewells.say(person, device, frame),
      over: (left) => this.#over(chat, left),
    });
    this.#chats.set(id, chat);
    return chat;
  }

  #over(chat: Chat, left: boolean): void {
    this.#chats.delete(chat.id);
    if (!left) this.#past.set(chat.id, Number.NEGATIVE_INFINITY);
    for (const [oldest] of this.#past) if (this.#past.size > MAX_PAST) this.#past.delete(oldest);
    this.#ended?.();
    const next = this.#next.get(chat.person);
    const self = this.#shared.self();
    this.#next.delete(chat.person);
    if (next === undefined || next.until <= this.#shared.clock.monotonic()) return;
    if (self !== undefined) this.#asked(self, chat.person, next.device, next.frame);
  }

  // ── we ask ──

  ask(command: Of<'ask'>, tries = DEVICE_TRIES): void {
    const { chat, to, plain } = command;
    const shared = this.#shared;
    const self = shared.self();
    const refuse = (text: string): void => this.#refuse(chat, to, text);
    const wrong = this.#mayAsk(chat, to);
    if (wrong !== undefined || self === undefined) return refuse(wrong ?? 'you are not logged in');
    shared.errands.run(async () => {
      const devices = await shared.directory.devices(to);
      if (!devices.ok && devices.error.code !== 'no_device') return refuse(devices.error.text);
      if (!devices.ok || devices.value.length === 0) {
        if (tries <= 1) return refuse(noDevices(to));
        shared.directory.forget(to);
        shared.timers.after(DEVICE_TRY_EVERY_MS, () => this.ask(command, tries - 1));
        return;
      }
      if (shared.trust.meet(to, devices.value) === 'changed') return refuse(changedWords(to));
      const own: OwnPackage | undefined = plain ? undefined : await (await self.e2ee).makePackage();
      const late = this.#mayAsk(chat, to);
      if (late === undefined) return this.#new(self, chat, to, plain).ask(own);
      own?.secret.fill(0);
      return refuse(late);
    });
  }

  #refuse(chat: GroupId, person: UserName, text: string): void {
    this.#shared.tell({ type: 'refused', chat, person, text });
  }

  /** @returns what speaks against it, in words. */
  #mayAsk(chat: GroupId, to: UserName): string | undefined {
    const self = this.#shared.self();
    if (self === undefined || !this.#shared.isOnline()) return 'there is no connection to the server';
    if (to === self.user) return 'that is you: ask somebody else';
    const other = this.#with(to);
    if (other?.kind === 'asked') return `${to} is asking you already: /accept or /reject`;
    if (other !== undefined) return `there is a private chat with ${to} already: /end it first`;
    if (this.#chats.size >= MAX_CHATS) return `you have ${MAX_CHATS} private chats: end one first`;
    if (this.#chats.has(chat) || this.#past.has(chat)) return 'this request was made before';
    return this.#shared.trust.of(to) === 'changed' ? changedWords(to) : undefined;
  }

  accept({ chat: id, hideAddress }: Of<'accept'>): void {
    const chat = this.#chats.get(id);
    if (chat?.kind !== 'asked') return;
    if (this.#blocked(chat)) return this.#refuse(id, chat.person, changedWords(chat.person));
    if (!this.#shared.isOnline()) return this.#refuse(id, chat.person, 'there is no connection to the server');
    chat.accept(hideAddress);
  }

  /** Whether its other side is one that we don't talk to before a person has said so. */
  #blocked({ person, device }: Chat): boolean {
    const { trust } = this.#shared;
    return trust.of(person) === 'changed' || (device !== undefined && !trust.isAccepted(person, device));
  }

  end(id: GroupId): void {
    const chat = this.#chats.get(id);
    chat?.endSoon(chat.kind === 'asking' ? words.weTookBack : words.weEnded);
  }

  say(command: Of<'say'>): void {
    const found = this.#chats.get(command.chat);
    if (found !== undefined) found.messages.say(command);
    else this.#shared.tell({ type: 'chatNote', chat: command.chat, text: words.alreadyOver, bad: true });
  }

  change(command: Of<'change'>): void {
    const found = this.#chats.get(command.chat);
    if (found !== undefined) found.messages.change(command);
    else this.#shared.tell({ type: 'chatNote', chat: command.chat, text: words.notChanged, bad: true });
  }

  // ── they say ──

  receive(message: Incoming): void {
    const { from, device, frame } = message;
    const self = this.#shared.self();
    // Nobody asks as themself: another device of ours is no partner of a chat.
    if (self === undefined || !self.visible || from === self.user) return;
    if (frame.kind === 'ask') return this.#asked(self, from, device, frame);
    const chat = this.#chats.get(frame.chat);
    if (chat === undefined || chat.person !== from) return this.#unknown(message);
    // What comes from another device of theirs than the one that we talk to.
    const same = chat.device === undefined || chat.device === device;
    switch (frame.kind) {
      case 'accept':
        return this.#accepted(chat, device, frame);
      case 'reject':
        return chat.rejectedBy(device);
      case 'withdrawn':
        if (same) chat.withdrawn(frame.device);
        return;
      case 'gone':
        if (same) chat.unknownThere();
        return;
      case 'sealed':
      case 'plain':
        if (same && chat.kind === 'lingering') return;
        if (same) chat.receive(frame);
        return;
    }
  }

  /** We have ended it, or this program has only just begun: they shall know. */
  #unknown({ from, device, frame }: Incoming): void {
    if (frame.kind === 'withdrawn') return this.#notNext(from, device, frame);
    if (frame.kind !== 'sealed' && frame.kind !== 'plain' && frame.kind !== 'accept') return;
    if (!this.#mayBeGone(frame.chat)) return;
    const id = frameId('x', frame.chat);
    this.#shared.toServer({ type: 'private', id, to: from, device, frame: { kind: 'gone', chat: frame.chat } });
  }

  #mayBeGone(chat: GroupId): boolean {
    const now = this.#shared.clock.monotonic();
    const past = this.#past.get(chat);
    if (past !== undefined) {
      if (now - past < GONE_EVERY_MS) return false;
      this.#past.set(chat, now);
      return true;
    }
    const unknown = this.#unknownGone;
    if (now - unknown.since >= GONE_EVERY_MS) Object.assign(unknown, { since: now, count: 0 });
    unknown.count += 1;
    return unknown.count <= MAX_UNKNOWN_GONE;
  }

  /** They have taken back what waits for its turn, or is still being looked at. */
  #notNext(from: UserName, device: DeviceId, { chat, device: answered }: PrivateFrames['withdrawn']): void {
    this.#shared.errands.run(() => {
      const next = this.#next.get(from);
      if (next?.device === device && next.frame.chat === chat) this.#next.delete(from);
      const asked = this.#chats.get(chat);
      if (asked?.person === from && asked.device === device) asked.withdrawn(answered);
    });
  }

  #accepted(chat: Chat, device: DeviceId, frame: PrivateFrames['accept']): void {
    const shared = this.#shared;
    if (frame.from !== device) return;
    if (chat.kind !== 'asking') {
      // A second one was as quick as the first.
      if (chat.device !== device && chat.device !== undefined)
        this.#farewells.say(chat.person, device, { kind: 'withdrawn', chat: chat.id, device: chat.device });
      return;
    }
    shared.trust.meet(chat.person, [device]);
    if (shared.trust.isAccepted(chat.person, device) && shared.trust.of(chat.person) !== 'changed')
      return chat.acceptedBy(device, frame);
    // To the one who answers it is taken back; a person may accept the key and ask again.
    chat.end(changedWords(chat.person));
  }

  #asked(self: Self, from: UserName, device: DeviceId, frame: PrivateFrames['ask']): void {
    const shared = this.#shared;
    const plain = frame.plain === true;
    const isNew = !this.#chats.has(frame.chat) && !this.#past.has(frame.chat);
    // One or the other, never both.
    if (!isNew || frame.from !== device || plain === (frame.package !== undefined)) return;
    shared.errands.run(async () => {
      if (!plain && !(await this.#isTheirs(self, from, device, frame.package))) return;
      await shared.trust.meetFirst(from, device, (user) => shared.directory.anyDevices(user));
      const ours = this.#with(from);
      if (ours !== undefined) return this.#crossed(self, ours, device, frame);
      const waiting = [...this.#chats.values()].filter(({ kind }) => kind === 'asked');
      if (waiting.length >= MAX_ASKED || this.#chats.size >= MAX_CHATS || this.#chats.has(frame.chat)) return;
      return this.#new(self, frame.chat, from, plain).asked(device, frame.package);
    });
  }

  async #isTheirs(self: Self, user: UserName, device: DeviceId, given: string | undefined): Promise<boolean> {
    const bytes = fromBase64url(given ?? '');
    const owner = bytes && (await (await self.e2ee).readPackage(bytes));
    const whose = this.#shared.names.party(user, device);
    return owner?.ok === true && owner.value.user === whose.user && owner.value.device === whose.device;
  }

  /**
   * They ask while there is a chat with them. Where both have asked at once for the same, one of the two requests is taken
   * as accepted: both sides choose the lower id. Of two different ones the encrypted one stays, and is still a request.
   */
  #crossed(self: Self, ours: Chat, device: DeviceId, frame: PrivateFrames['ask']): void {
    const plain = frame.plain === true;
    if (ours.id === frame.chat) return;
    if (ours.kind === 'asked') {
      this.#instead(self, ours, words.takenBack(ours.person), device, frame);
      return;
    }
    // A program of theirs that has just begun knows nothing of a chat that we still have. It is asked; when
    // the chat has ended, because of that or by an end that was on its way, the request has its turn.
    if (ours.kind !== 'asking') {
      this.#next.set(ours.person, { device, frame, until: this.#shared.clock.monotonic() + ASK_WITHIN_MS });
      return ours.check();
    }
    const theirsStays = ours.plain === plain ? frame.chat < ours.id : !plain;
    if (!theirsStays) return;
    const agreed = ours.plain === plain;
    const chat = this.#instead(self, ours, words.bothAsked, device, frame);
    if (agreed && !this.#blocked(chat)) chat.accept(false);
  }

  #instead(self: Self, old: Chat, why: string, device: DeviceId, frame: PrivateFrames['ask']): Chat {
    old.drop(why);
    const chat = this.#new(self, frame.chat, old.person, frame.plain === true);
    chat.asked(device, frame.package);
    return chat;
  }

  // ── the outside ──

  /** @param which the letter in front of the chat's id. @returns whether the error was about a frame of ours. */
  failed(which: string, id: string, code: string, text: string): boolean {
    if (which === 'x') this.#farewells.refused(id, code);
    if (which === 'x') return true;
    const chat = [...this.#chats.values()].find((one) => one.id === id);
    chat?.failed(which, code, text);
    return chat !== undefined;
  }

  online(): void {
    for (const chat of this.#chats.values()) chat.online();
  }

  offline(): void {
    for (const chat of this.#chats.values()) chat.offline();
  }

  presence(person: UserName, here: boolean): void {
    // Who is back asks again.
    if (!here) this.#next.delete(person);
    for (const chat of this.#chats.values()) if (chat.person === person) chat.presence(here);
  }

  /** What is believed of somebody is another thing now. */
  trustChanged(person: UserName): void {
    for (const chat of this.#chats.values()) if (chat.person === person) chat.tellAgain();
  }

  /** The numbers of this device are not equal. */
  distrust(person: UserName, device: DeviceId): void {
    for (const chat of this.#chats.values())
      if (chat.person === person && chat.device === device) chat.end(words.numbersDiffer(person));
  }

  /** Ends all; resolves when the others know, or are gone. */
  leave(): Promise<void> {
    for (const chat of this.#chats.values()) {
      // Another device of ours may still answer.
      if (chat.kind === 'asked') chat.drop(words.weLeft);
      else chat.end(words.weLeft);
    }
    return new Promise((resolve) => {
      this.#ended = () => {
        if (this.#chats.size === 0) resolve();
      };
      this.#ended();
    });
  }

  close(): void {
    for (const chat of this.#chats.values()) chat.drop(words.weLeft);
  }
}

const noDevices = (to: UserName): string => `${to} has no program yet that knows private chats`;
