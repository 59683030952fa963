/**
 * A server and the local network at once. The core goes on seeing one stream of messages, one list of people and one
 * messenger: here two of each are joined, what the core says goes to whom it is for, and names are told apart. Each side may
 * come and go without the other.
 */
import type { ClientId, DeviceId, UserName } from '../../../base/ids.ts';
import { ANNOUNCE_EVERY_MS } from '../../../lan/limits.ts';
import type { PrivateCommand, PrivateEvent } from '../../../peer/private.ts';
import type { ClientMessage } from '../../../protocol/client-messages.ts';
import { LOBBY } from '../../../protocol/names.ts';
import { renameClientMessage, renameServerMessage } from '../../../protocol/rename.ts';
import type { ServerMessage, ServerMessages } from '../../../protocol/server-messages.ts';
import type { Event } from '../../core/event.ts';
import type { State } from '../../core/state.ts';
import type { BothPorts } from './both-ports.ts';
import { HubLink } from './hub-link.ts';
import { HubRequests } from './hub-requests.ts';
import { Ignorings } from './ignorings.ts';
import { LanPrivates } from './lan-privates.ts';
import { LanRoom } from './lan-room.ts';
import { type Names, namesBeside, type Renamings, renamings } from './names.ts';
import { Neighbours } from './neighbours.ts';
import { candidates, Owners } from './owners.ts';
import { People } from './people.ts';
import { renamePrivate } from './rename-private.ts';
import { type Way, wayOf } from './route.ts';
import { SearchSides } from './search-sides.ts';
import { Searches } from './searches.ts';

/** Milliseconds in which our program finds everybody who is there: two announcements of theirs, and a link. */
const FINDS_WITHIN_MS = 2 * ANNOUNCE_EVERY_MS + 1000;

const AWAY = 'the local network is not there now: it is tried again by itself';
const OFF = 'the local network is off: /lan on';

/** Nothing here rejects; were it to, that is a fault to be told as such. */
const fault = (error: unknown): never => {
  throw error;
};

export class Both {
  readonly #ports: BothPorts;
  readonly #names: Names;
  readonly #people: People;
  readonly #neighbours: Neighbours;
  readonly #owners: Owners;
  readonly #searches: Searches;
  readonly #sides: SearchSides;
  readonly #ignorings: Ignorings;
  readonly #hub: HubLink;
  readonly #privates: LanPrivates;
  /** What names become on their way. */
  readonly #to: Renamings;
  readonly #requests: HubRequests;
  readonly #room: LanRoom;
  /** The list of the network is asked for under this id. */
  #who: ClientId | undefined;
  /** With whom there is a log, on either side. */
  #logged: Readonly<Record<'server' | 'lan', readonly UserName[]>> = { server: [], lan: [] };
  #wanted = false;
  /** The last time on the network has come to its end. Never rejects. */
  #ended: Promise<void> = Promise.resolve();
  /** Until then nobody there is news. Unix ms. */
  #quietUntil = 0;
  #serverUp: boolean;
  /** What was told last of why it isn't there, so that each try is no news. */
  #told: string | undefined;

  constructor(ports: BothPorts) {
    this.#ports = ports;
    const { state, newId, clock, random } = ports;
    const names = namesBeside(state);
    this.#names = names;
    this.#requests = new HubRequests(names);
    this.#room = new LanRoom(names.room);
    this.#to = renamings(names);
    this.#serverUp = state.connection.kind === 'online';
    const people = new People({ mayBe: (user, device) => this.#mayBe(user, device), self: () => state.self?.name });
    this.#people = people;
    if (this.#serverUp) people.serverUp();
    for (const person of state.people.values()) people.onServer(person);
    const tell = (event: Event): void => this.#tell(event);
    this.#neighbours = new Neighbours({ people, tell });
    this.#ignorings = new Ignorings({ people, tell });
    this.#ignorings.began(state);
    this.#owners = new Owners({
      newId,
      monotonic: () => clock.monotonic(),
      toServer: (message) => ports.toServer(renameClientMessage(message, this.#to.toServer)),
      candidates: () => candidates({ people, names, self: state.self?.name }),
      known: (user, devices) => {
        if (people.devicesOf(user, devices)) this.#settle();
      },
    });
    this.#sides = new SearchSides({
      names,
      to: this.#to,
      people,
      self: () => state.self?.name,
      toServer: (message) => {
        if (this.#serverUp) ports.toServer(message);
        return this.#serverUp;
      },
      toLan: (message) => this.#hub.send(message),
    });
    this.#searches = new Searches({
      newId,
      ask: (side, message) => this.#sides[side](message),
      answer: (message) => this.#say(message),
    });
    this.#privates = new LanPrivates({
      names,
      open: (told, failed) =>
        ports.openMessenger({ send: (message) => this.#hub.send(message), tell: told, fault: failed }),
      tell: (event) => ports.happens({ type: 'private', event }),
      notice: (text) => this.#tell({ type: 'notice', text, bad: true }),
      logged: (lan) => {
        this.#logged = { ...this.#logged, lan };
        this.#tell({ type: 'private', event: this.#allLogged() });
      },
    });
    this.#hub = new HubLink({
      dial: ports.dial,
      clock,
      random,
      up: (welcome) => this.#up(welcome),
      heard: (message) => this.#heard(message),
      down: (text) => this.#down(text),
    });
  }

  /** Later: this may be called from within an update. In order. */
  #tell(event: Event): void {
    queueMicrotask(() => this.#ports.happens(event));
  }

  turn(on: boolean): void {
    if (on) this.#on();
    else this.#off();
  }

  #on(): void {
    if (this.#wanted && this.#hub.isUp) {
      this.#tell({ type: 'lan', on: true, room: this.#names.room });
      return;
    }
    this.#wanted = true;
    this.#start();
  }

  /** As soon as what was before has ended, and it is known who we are on the server. */
  #start(): void {
    this.#told = undefined;
    this.#ended.then(() => {
      if (this.#wanted && this.#ports.state.self !== undefined) this.#hub.start();
    }, fault);
    if (this.#serverUp) this.#owners.serverUp();
  }

  #off(): void {
    if (!this.#wanted) return;
    this.#wanted = false;
    this.#tell({ type: 'lan', on: false, text: 'the local network is shown no more' });
    this.#end().catch(fault);
    this.#room.forget();
  }

  /**
   * Nothing of the network is shown any more, and those whom one talks to there are told.
   * @returns what resolves when they have been; never rejects.
   */
  #end(): Promise<void> {
    this.#owners.close();
    this.#forget();
    const parted = this.#ended.then(() => this.#privates.stop());
    this.#ended = parted.then(() => {
      this.#hub.end();
      return this.#ports.leaveLan();
    });
    return parted;
  }

  #up(welcome: ServerMessages['welcome']): void {
    const { state, newId } = this.#ports;
    const self = state.self?.name;
    if (self === undefined || !this.#wanted) return;
    this.#names.self = { lan: welcome.user, server: self };
    this.#told = undefined;
    const info = welcome.rooms.find(({ name }) => name === LOBBY);
    if (info !== undefined) this.#room.is(info);
    const { room } = this.#names;
    this.#tell({ type: 'lan', on: true, room, text: `the local network is here: ${room}` });
    this.#quietUntil = (welcome.lan?.since ?? 0) + FINDS_WITHIN_MS;
    this.#enter();
    this.#who = newId();
    this.#hub.send({ type: 'who', id: this.#who, follow: true });
    if (state.privates.kind === 'available' || state.privates.kind === 'locked') this.#privates.start();
    this.#privates.online(welcome.user);
  }

  /** Its room is there, as far as the core has a connection to it. */
  #enter(id?: ClientId): void {
    const message = this.#room.message(id);
    if (message !== undefined) this.#say(message);
  }

  #down(text: string): void {
    this.#gone();
    if (this.#told === text) return;
    this.#told = text;
    this.#tell({ type: 'lan', on: false, again: true, text: `the local network: ${text}` });
  }

  /** There is no connection to it. */
  #gone(): void {
    this.#privates.offline();
    this.#forget();
  }

  #forget(): void {
    this.#requests.forget();
    this.#people.lanDown();
    this.#ignorings.ofLan(undefined);
    this.#searches.lost('lan');
    this.#settle();
  }

  /** What the network's program says, with the names there. */
  #heard(message: ServerMessage): void {
    if (this.#privates.receive(message)) return;
    const renamed = renameServerMessage(message, this.#to.fromLan);
    if (this.#searches.takes(renamed)) return;
    switch (renamed.type) {
      case 'users':
        return this.#users(renamed);
      case 'presence':
        return this.#presence(renamed);
      case 'ignored':
        return this.#ignorings.ofLan(renamed);
      case 'room':
        this.#room.is(renamed.room);
        return this.#enter(renamed.id);
      case 'error':
      case 'done':
        return this.#say(this.#requests.retold(renamed));
      case 'message':
      case 'ack':
        this.#room.goesOn({ last: renamed.seq });
        return this.#say(renamed);
      case 'changed':
        this.#room.goesOn({ rev: renamed.rev });
        return this.#say(renamed);
      case 'found':
      case 'history':
      case 'kept':
      case 'typing':
      case 'lan':
        return this.#say(renamed);
      // Its room has everybody, and its list says who that is; the rest is the messenger's, or the link's.
      case 'joined':
      case 'left':
      case 'topic':
      case 'members':
      case 'rooms':
      case 'devices':
      case 'device':
      case 'mail':
      case 'mailed':
      case 'private':
      case 'bans':
      case 'keys':
      case 'invite':
      case 'welcome':
      case 'pong':
      case 'bye':
        return;
    }
  }

  #say(message: ServerMessage): void {
    this.#tell({ type: 'message', message, beside: true });
  }

  #users({ id, users, more }: ServerMessages['users']): void {
    if (id === undefined || id !== this.#who) return;
    const self = this.#ports.state.self?.name;
    for (const person of users) if (person.name !== self) this.#people.onLan(person);
    if (!more) this.#settle();
  }

  #presence(message: ServerMessages['presence']): void {
    const { user, state, since, device } = message;
    if (user === this.#ports.state.self?.name) return;
    this.#people.onLan({ name: user, state, since, ...(device === undefined ? {} : { device }) });
    // Whoever our program finds when it begins to listen has been there.
    this.#settle(this.#ports.clock.now() < this.#quietUntil ? undefined : message);
  }

  /** @param news what is news of somebody. */
  #settle(news?: ServerMessages['presence']): void {
    this.#neighbours.settle(news);
    this.#ignorings.settle();
    if (this.#wanted) this.#owners.look();
  }

  /** A device that the server says is theirs, and that we have not accepted as such, proves nothing. */
  #mayBe(user: UserName, device: DeviceId): boolean {
    const pins = this.#ports.pins(this.#names.toServer(user));
    return pins.length === 0 || pins.some((pin) => pin.device === device && pin.accepted);
  }

  /** What the core says. @returns what of it is for the server. */
  toServer(message: ClientMessage): ClientMessage | undefined {
    const way: Way = wayOf(message, this.#names);
    switch (way) {
      case 'server':
        this.#neighbours.asked(message);
        return renameClientMessage(message, this.#to.toServer);
      case 'lan':
        this.#ask(message);
        return undefined;
      case 'both':
        this.#hub.send(message);
        return message;
      case 'merged':
        if (message.type === 'search') this.#searches.ask(message);
        return undefined;
      case 'here':
        this.#answer(message);
        return undefined;
    }
  }

  #ask(message: ClientMessage): void {
    const id = 'id' in message ? message.id : undefined;
    if (message.type === 'search' && this.#hub.isUp) {
      const nothing = { type: 'found', ...(id === undefined ? {} : { id }), messages: [], more: false } as const;
      if (!this.#sides.lan(message)) this.#say(nothing);
      return;
    }
    const renamed = renameClientMessage(message, this.#to.toLan);
    if (!this.#hub.send(renamed)) {
      // Nobody waits for an answer to what has no id.
      if (id === undefined) return;
      this.#say({ type: 'error', id, code: 'peer_away', text: this.#wanted ? AWAY : OFF, closes: false });
      return;
    }
    this.#requests.asked(renamed);
  }

  /** About its room. */
  #answer(message: ClientMessage): void {
    const id = 'id' in message && message.id !== undefined ? { id: message.id } : {};
    const { room } = this.#names;
    const self = this.#ports.state.self?.name;
    if (!this.#hub.isUp && message.type !== 'leave')
      return this.#say({ type: 'error', ...id, code: 'peer_away', text: this.#wanted ? AWAY : OFF, closes: false });
    if (message.type === 'join') this.#enter(message.id);
    if (message.type === 'members')
      this.#say({ type: 'members', ...id, room, members: this.#people.members(), more: false });
    if (message.type !== 'leave' || self === undefined) return;
    this.#say({ type: 'left', ...id, room, user: self, time: this.#ports.clock.now() });
    this.#off();
  }

  /** @returns whether it answers a question of ours, which nobody else need see. */
  takes(message: ServerMessage): boolean {
    if (message.type !== 'devices' && message.type !== 'found' && message.type !== 'error') return false;
    const renamed = renameServerMessage(message, this.#to.fromServer);
    return this.#owners.takes(renamed) || this.#searches.takes(renamed);
  }

  /** What the server says, as the core is to hear it. */
  fromServer(received: ServerMessage): ServerMessage {
    const message = renameServerMessage(received, this.#to.fromServer);
    if (message.type === 'welcome') return this.#welcomed(message);
    if (message.type === 'users') return this.#listed(message);
    if (message.type === 'presence') return this.#serverPresence(message);
    if (message.type === 'ignored') return this.#ignorings.ofServer(message);
    return message.type === 'rooms' && this.#hub.isUp
      ? this.#room.inList(message, this.#people.members().length)
      : message;
  }

  #listed(message: ServerMessages['users']): ServerMessages['users'] {
    for (const person of message.users) this.#people.onServer(person);
    if (!message.more) this.#ignorings.serverListed();
    if (this.#wanted) this.#owners.look();
    return this.#neighbours.withNeighbours(message, this.#ports.clock.now());
  }

  #serverPresence(message: ServerMessages['presence']): ServerMessages['presence'] {
    const { user, state, since } = message;
    if (!this.#people.isHere(user)) this.#owners.forget(user);
    this.#people.onServer({ name: user, state, since });
    this.#settle();
    const { device } = this.#people.marked({ name: user, state, since });
    return device === undefined ? message : { ...message, device };
  }

  #welcomed(message: ServerMessages['welcome']): ServerMessages['welcome'] {
    const lan = this.#names.ownOnLan;
    if (lan !== undefined) this.#names.self = { lan, server: message.user };
    this.#serverUp = true;
    this.#people.serverUp();
    this.#ignorings.serverUp();
    if (this.#wanted) this.#start();
    if (!this.#wanted || this.#room.entered === undefined) return message;
    // The core takes it that all rooms are there; of one that is not, it hears next.
    if (!this.#hub.isUp) this.#tell({ type: 'lan', on: false, again: true });
    return this.#room.inWelcome(message);
  }

  serverDown(): void {
    if (!this.#serverUp) return;
    this.#serverUp = false;
    this.#owners.serverDown();
    this.#people.serverDown();
    this.#searches.lost('server');
    this.#settle();
    // With the server's the core has taken all rooms for lost.
    if (this.#hub.isUp) this.#enter();
  }

  /** @returns what of it is for the server's messenger. */
  command(command: PrivateCommand): PrivateCommand | undefined {
    if (this.#privates.isOurs(command)) {
      this.#privates.command(command);
      return undefined;
    }
    // One passphrase; and nobody remembers where a message went.
    if (command.do === 'unlock' || command.do === 'unmail') this.#privates.command(command);
    return renamePrivate(command, this.#to.toServer);
  }

  /** What the server's messenger tells, as the core is to hear it. */
  fromMessenger(event: PrivateEvent): PrivateEvent {
    const renamed = renamePrivate(event, this.#to.fromServer);
    if (event.type === 'available' && event.available && this.#hub.isUp) this.#privates.start();
    if (renamed.type !== 'logged') return renamed;
    this.#logged = { ...this.#logged, server: renamed.people };
    return this.#allLogged();
  }

  #allLogged(): Extract<PrivateEvent, { type: 'logged' }> {
    return { type: 'logged', people: [...this.#logged.server, ...this.#logged.lan] };
  }

  /** After every event: what was read meanwhile need not be kept there any more. */
  settled({ tabs }: Pick<State, 'tabs'>): void {
    const isUnread = (from: UserName): boolean =>
      tabs.some((tab) => tab.kind === 'person' && tab.person === from && tab.unread > 0);
    const n = this.#hub.isUp ? this.#privates.seen(isUnread) : undefined;
    if (n !== undefined) this.#hub.send({ type: 'received', n });
  }

  /** We log off, or the server has logged us off. With the next log-in the network comes back. Never rejects. */
  async leave(): Promise<void> {
    if (!this.#wanted) return;
    this.#tell({ type: 'lan', on: false, again: true });
    await this.#end();
  }

  close(): void {
    this.#wanted = false;
    this.#owners.close();
    this.#privates.close();
    this.#hub.end();
  }
}
