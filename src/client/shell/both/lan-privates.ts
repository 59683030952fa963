/** Private chats with people of the local network: a messenger of its own, under the names that they have here. */
import { type GroupId, ownPlace, type Seq, type UserName } from '../../../base/ids.ts';
import type { PrivateCommand, PrivateEvent } from '../../../peer/private.ts';
import type { ServerMessage } from '../../../protocol/server-messages.ts';
import { type Opened, PrivateChats } from '../private-chats.ts';
import { Mailbox } from './mailbox.ts';
import { type Names, type Renamings, renamings } from './names.ts';
import { renamePrivate } from './rename-private.ts';
import { retold } from './retell.ts';

/** Chats of which it is remembered with whom they are: more than have tabs. */
const MAX_CHATS = 200;

const OFF = 'the local network is off: /lan on';

export interface LanPrivatesPorts {
  readonly names: Names;
  open(tell: (event: PrivateEvent) => void, fault: (error: unknown) => void): Promise<Opened>;
  /** To the core; called later, never inside what has caused it. */
  tell(event: PrivateEvent): void;
  /** What the messenger says of itself, in a line. */
  notice(text: string): void;
  /** With whom there is a log here. */
  logged(people: readonly UserName[]): void;
}

export class LanPrivates {
  readonly #ports: LanPrivatesPorts;
  readonly #to: Renamings;
  readonly #chats = new Map<GroupId, UserName>();
  readonly #mailbox = new Mailbox();
  #privates: PrivateChats;
  #isOn = false;

  constructor(ports: LanPrivatesPorts) {
    this.#ports = ports;
    this.#to = renamings(ports.names);
    this.#privates = this.#none();
  }

  /** Everything is refused, in words. */
  #none(): PrivateChats {
    const none = new PrivateChats({
      open: async () => ({ kind: 'failed', text: OFF }),
      tell: (event) => {
        if (event.type !== 'available') this.#tell(event);
      },
    });
    none.start();
    return none;
  }

  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#privates.close();
    this.#privates = new PrivateChats({
      open: (tell, fault) => this.#ports.open(tell, fault),
      tell: (event) => this.#told(event),
    });
    this.#privates.start();
  }

  /** Those whom one talks to are told. Never rejects. */
  async stop(): Promise<void> {
    if (!this.#isOn) return;
    this.#isOn = false;
    const privates = this.#privates;
    await privates.leave();
    privates.close();
    this.#mailbox.clear();
    this.#privates = this.#none();
  }

  /** Logs off, and stays. Never rejects. */
  async leave(): Promise<void> {
    await this.#privates.leave();
  }

  close(): void {
    this.#privates.close();
  }

  /** @param user as whom the network knows us. */
  online(user: UserName): void {
    this.#mailbox.clear();
    this.#privates.online(user);
  }

  offline(): void {
    this.#privates.offline();
  }

  /** As it came, with the names there. @returns whether nobody else need look at it. */
  receive(message: ServerMessage): boolean {
    if (message.type === 'mail') this.#mailbox.came(message.n);
    const isTaken = this.#privates.receive(message);
    // Without a messenger nobody else has a use for these.
    return isTaken || message.type === 'mail' || message.type === 'private' || message.type === 'device';
  }

  isOurs(command: PrivateCommand): boolean {
    const { names } = this.#ports;
    if ('chat' in command && command.do !== 'ask') return this.#chats.has(command.chat);
    if ('to' in command) return names.isLan(command.to);
    return 'user' in command && command.user !== undefined && names.isLan(command.user);
  }

  command(command: PrivateCommand): void {
    if (command.do === 'ask') this.#note(command.chat, command.to);
    this.#privates.command(renamePrivate(command, this.#to.toLan));
  }

  #note(chat: GroupId, person: UserName): void {
    this.#chats.delete(chat);
    this.#chats.set(chat, person);
    const [oldest] = this.#chats.keys();
    if (this.#chats.size > MAX_CHATS && oldest !== undefined) this.#chats.delete(oldest);
  }

  #told(event: PrivateEvent): void {
    switch (event.type) {
      case 'available':
        if (!event.available) this.#ports.notice(`on the local network: ${event.text}`);
        return;
      // There is one passphrase for all logs, and the server's messenger tells of it.
      case 'locked':
        return;
      case 'logged':
        return this.#ports.logged(event.people.map((name) => this.#ports.names.fromLan(name)));
      case 'told':
        return event.about === 'unlock' ? undefined : this.#tell(event);
      case 'chat':
        this.#note(event.chat, this.#ports.names.fromLan(event.person));
        return this.#tell(event);
      // Whether it was seen is counted here.
      case 'mail':
        this.#tell({ ...event, n: 0 });
        return this.#mailbox.opened(ownPlace(event.n), this.#ports.names.fromLan(event.from));
      case 'mailChanged':
      case 'lostMail':
        this.#tell({ ...event, n: 0 });
        return this.#mailbox.opened(ownPlace(event.n), undefined);
      case 'said':
      case 'changed':
      case 'typing':
      case 'delivered':
      case 'chatNote':
      case 'mailed':
      case 'notMailed':
      case 'trust':
      case 'safetyNumber':
      case 'history':
      case 'refused':
        return this.#tell(event);
    }
  }

  #tell(event: PrivateEvent): void {
    const renamed = renamePrivate(event, this.#to.fromLan);
    this.#ports.tell(this.#retold(renamed, this.#named(event)));
  }

  /** Who may be named in the words of an event: whom it is about, and ourselves. */
  #named(event: PrivateEvent): Map<string, string> {
    const { names } = this.#ports;
    const known = new Map<string, string>();
    const add = (name: UserName | undefined): void => {
      if (name !== undefined) known.set(name, names.fromLan(name));
    };
    if (names.ownOnLan !== undefined) add(names.ownOnLan);
    if ('person' in event) add(event.person);
    if ('to' in event) add(event.to);
    if (event.type === 'lostMail') add(event.from);
    const chat = 'chat' in event ? this.#chats.get(event.chat) : undefined;
    if (chat !== undefined) add(names.toLan(chat));
    return known;
  }

  #retold(event: PrivateEvent, known: ReadonlyMap<string, string>): PrivateEvent {
    switch (event.type) {
      case 'told':
      case 'chatNote':
      case 'refused':
      case 'notMailed':
      case 'lostMail':
        return { ...event, text: retold(event.text, known) };
      case 'chat':
        return event.status.kind === 'ended'
          ? { ...event, status: { ...event.status, text: retold(event.status.text, known) } }
          : event;
      // Their text is what people have said.
      case 'said':
      case 'mail':
      case 'changed':
      case 'mailChanged':
      case 'typing':
      case 'delivered':
      case 'mailed':
      case 'trust':
      case 'safetyNumber':
      case 'history':
      case 'logged':
      case 'locked':
      case 'available':
        return event;
    }
  }

  /** @returns the place up to which all was seen, where that is to be told. */
  seen(isUnread: (from: UserName) => boolean): Seq | undefined {
    return this.#mailbox.isEmpty ? undefined : this.#mailbox.seen(isUnread);
  }
}
