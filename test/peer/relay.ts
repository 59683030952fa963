/**
 * A server in memory that can be told to misbehave, and people with messengers on it. Each message goes through the
 * protocol's own checks in both directions, and arrives later, in order, unless a test wants it otherwise.
 */
import type { ClientId, DeviceId, GroupId, Seq, UnixMs, UserName } from '../../src/base/ids.ts';
import { err, ok } from '../../src/base/result.ts';
import { type Identity, newIdentity } from '../../src/crypto/identity.ts';
import type { DirectDoor } from '../../src/peer/direct.ts';
import { memoryVault } from '../../src/peer/memory-vault.ts';
import { createMessenger, type Messenger } from '../../src/peer/messenger.ts';
import type { ChatStatus, PrivateCommand, PrivateEvent } from '../../src/peer/private.ts';
import type { Vault } from '../../src/peer/vault.ts';
import type { ClientMessage, ClientMessages } from '../../src/protocol/client-messages.ts';
import { decodeClientMessage, decodeServerMessage, encode } from '../../src/protocol/codec.ts';
import { MAX_PACKAGES } from '../../src/protocol/limits.ts';
import type { ServerMessage, ServerMessages } from '../../src/protocol/server-messages.ts';

type Mail = Extract<ServerMessages['mail'], { kind: 'sealed' }>;

export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Milliseconds of real time, whatever the clocks of the test say. */
export const PATIENCE_MS = 8000;
export const realNow = (): number => Number(process.hrtime.bigint() / 1_000_000n);

export async function until(holds: () => boolean, what = 'it'): Promise<void> {
  const deadline = realNow() + PATIENCE_MS;
  while (!holds()) {
    if (realNow() > deadline) throw new Error(`${what} has not come: ${String(holds)}`);
    await turn();
  }
}

export class Connection {
  readonly relay: Relay;
  readonly user: UserName;
  readonly visible: boolean;
  device: DeviceId | undefined;
  open = true;
  readonly #take: (message: ServerMessage) => void;

  constructor(relay: Relay, user: UserName, visible: boolean, take: (message: ServerMessage) => void) {
    this.relay = relay;
    this.user = user;
    this.visible = visible;
    this.#take = take;
  }

  send(message: ClientMessage): void {
    const line = decodeClientMessage(encode(message).trimEnd());
    if (!line.ok) throw new Error(`not a message of the protocol: ${line.error.text} in ${encode(message)}`);
    this.relay.wire.push(encode(message));
    setImmediate(() => {
      if (this.open) this.relay.handle(this, line.value);
    });
  }

  give(message: ServerMessage): void {
    for (const one of this.relay.tamper(this, message)) {
      const line = decodeServerMessage(encode(one).trimEnd());
      if (!line.ok) throw new Error(`not a message of the protocol: ${line.error.text} in ${encode(one)}`);
      this.relay.wire.push(encode(one));
      setImmediate(() => {
        if (this.open) this.#take(line.value);
      });
    }
  }
}

export interface RelayOptions {
  readonly stocked?: boolean;
}

export class Relay {
  readonly connections = new Set<Connection>();
  readonly devices = new Map<UserName, Map<DeviceId, string[]>>();
  readonly mailboxes = new Map<string, Mail[]>();
  readonly #knownMail = new Set<string>();
  #n = 0;
  /** Nobody writes mail here, so it pretends to have key packages enough: to make them takes time. */
  readonly stocked: boolean;
  /** Every line, both ways. */
  readonly wire: string[] = [];
  /** What becomes of a message on its way to somebody; a test may drop, repeat, change or keep it. */
  tamper: (to: Connection, message: ServerMessage) => readonly ServerMessage[] = (_, message) => [message];
  /** An error code for a message, or undefined. */
  refuse: (from: Connection, message: ClientMessage) => string | undefined = () => undefined;

  constructor({ stocked = false }: RelayOptions = {}) {
    this.stocked = stocked;
  }

  of(user: UserName): Connection[] {
    return [...this.connections].filter((connection) => connection.user === user);
  }

  connect(user: UserName, visible: boolean, take: (message: ServerMessage) => void): Connection {
    const connection = new Connection(this, user, visible, take);
    const first = !this.of(user).some((one) => one.visible);
    this.connections.add(connection);
    if (first && visible) this.#presence(user, 'online');
    return connection;
  }

  disconnect(connection: Connection): void {
    connection.open = false;
    this.connections.delete(connection);
    if (connection.visible && !this.of(connection.user).some((one) => one.visible))
      this.#presence(connection.user, 'offline');
  }

  #presence(user: UserName, state: 'online' | 'offline'): void {
    for (const one of this.connections)
      if (one.user !== user) one.give({ type: 'presence', user, state, since: 1 as UnixMs });
  }

  handle(from: Connection, message: ClientMessage): void {
    const code = this.refuse(from, message);
    const id = 'id' in message ? message.id : undefined;
    const error = (why: string): void =>
      from.give({ type: 'error', ...(id === undefined ? {} : { id }), code: why, text: `no: ${why}`, closes: false });
    if (code !== undefined) return error(code);
    if (message.type === 'device') return this.#device(from, message);
    if (message.type === 'devices') return this.#devices(from, message, error);
    if (message.type === 'mail') return this.#mail(from, message, error);
    if (message.type === 'private') return this.#private(from, message, error);
    throw new Error(`the messenger has no business with ${message.type}`);
  }

  #device(from: Connection, { id, device, packages }: ClientMessages['device']): void {
    let devices = this.devices.get(from.user);
    if (devices === undefined) this.devices.set(from.user, (devices = new Map<DeviceId, string[]>()));
    const stock = devices.get(device) ?? [];
    // As the server does: beyond its limit the oldest go.
    const kept = [...stock, ...packages].slice(-MAX_PACKAGES);
    devices.set(device, kept);
    const isNew = from.device === undefined;
    from.device = device;
    from.give({
      type: 'device',
      ...(id === undefined ? {} : { id }),
      device,
      packages: this.stocked ? MAX_PACKAGES : kept.length,
    });
    if (isNew && from.visible) for (const mail of this.mailboxes.get(device) ?? []) from.give(mail);
  }

  #devices(from: Connection, { id, user, claim }: ClientMessages['devices'], error: (code: string) => void): void {
    const devices = this.devices.get(user);
    if (user.startsWith('nobody')) return error('no_such_user');
    return from.give({
      type: 'devices',
      ...(id === undefined ? {} : { id }),
      user,
      devices: [...(devices ?? [])].map(([device, stock]) => {
        const given = claim?.includes(device) === true ? stock.shift() : undefined;
        return given === undefined ? { device } : { device, package: given };
      }),
    });
  }

  #mail(from: Connection, { id, to, device, sealed }: ClientMessages['mail'], error: (code: string) => void): void {
    if (this.devices.get(to)?.has(device) !== true) return error('no_such_device');
    const there = this.of(to).filter((one) => one.visible && one.device === device);
    if (!this.#knownMail.has(`${from.user} ${id}`)) {
      this.#knownMail.add(`${from.user} ${id}`);
      const n = ++this.#n as Seq;
      const mail: Mail = {
        type: 'mail',
        kind: 'sealed',
        n,
        from: from.user,
        to,
        device,
        sealed,
        time: Date.now() as UnixMs,
        id,
      };
      this.mailboxes.set(device, [...(this.mailboxes.get(device) ?? []), mail]);
      for (const one of there) one.give(mail);
    }
    return from.give({ type: 'mailed', id, to, time: Date.now() as UnixMs, kept: there.length === 0 });
  }

  #private(from: Connection, message: ClientMessages['private'], error: (code: string) => void): void {
    const { to, device, frame } = message;
    if (from.device === undefined) return error('device_expected');
    const there = this.of(to).filter(
      (one) => one.visible && one.device !== undefined && (device === undefined || one.device === device),
    );
    if (there.length === 0) return error('not_here');
    for (const one of there)
      one.give({ type: 'private', from: from.user, device: from.device, frame, time: Date.now() as UnixMs });
  }

  /** All are cut off; what it has in memory of sessions is gone. */
  restart(): void {
    for (const connection of this.connections) connection.open = false;
    this.connections.clear();
  }
}

let ids = 0;
export const newId = (): ClientId => `id-${(++ids).toString(36).padStart(12, '0')}` as ClientId;
export const newChat = (first = 'A'): GroupId =>
  `${first}${Buffer.from(crypto.getRandomValues(new Uint8Array(16)))
    .toString('base64url')
    .slice(1)}` as GroupId;

export interface PersonOptions {
  readonly identity?: Identity;
  readonly vault?: Vault;
  readonly direct?: DirectDoor;
  readonly visible?: boolean;
  readonly once?: boolean;
  /** As on the local network. `called`: what they call themselves; the relay knows them by another name. */
  readonly byKey?: boolean;
  readonly called?: string;
}

type EventOf<T extends PrivateEvent['type']> = Extract<PrivateEvent, { type: T }>;

/** Somebody with one device. */
export class Person {
  readonly relay: Relay;
  readonly name: UserName;
  readonly called: UserName;
  readonly vault: Vault;
  readonly visible: boolean;
  readonly events: PrivateEvent[] = [];
  readonly files = new Map<string, string>();
  readonly messenger: Messenger;
  #connection: Connection | undefined;

  constructor(relay: Relay, name: string, options: PersonOptions = {}) {
    this.relay = relay;
    this.name = name as UserName;
    this.called = (options.called ?? name) as UserName;
    this.vault = options.vault ?? memoryVault(options.identity ?? newIdentity());
    this.visible = options.visible ?? true;
    if (relay.stocked) this.vault.commit({ published: { own: this.name, at: Date.now() as UnixMs } });
    this.messenger = createMessenger({
      clock: { now: () => Date.now() as UnixMs, monotonic: () => performance.now() },
      newId,
      vault: this.vault,
      direct: options.direct,
      once: options.once ?? false,
      byKey: options.byKey ?? false,
      send: (message) => this.#connection?.send(message),
      tell: (event) => this.events.push(event),
      fault: (error) => {
        throw error;
      },
      write: (path, text) => {
        if (this.files.has(path)) return err(`${path} is there already`);
        this.files.set(path, text);
        return ok(`/here/${path}`);
      },
    });
  }

  get device(): DeviceId {
    return this.vault.identity.device;
  }

  get connection(): Connection {
    return this.#connection!;
  }

  online(): this {
    const connection = this.relay.connect(this.name, this.visible, (message) => this.messenger.receive(message));
    this.#connection = connection;
    this.messenger.online(this.called, { visible: this.visible });
    return this;
  }

  /** Its key packages are on the server. */
  async ready(): Promise<this> {
    if (this.#connection === undefined) this.online();
    const stock = () => this.relay.devices.get(this.name)?.get(this.device)?.length ?? -1;
    await until(() => stock() >= (this.relay.stocked ? 0 : 1), 'the stock');
    return this;
  }

  offline(): void {
    if (this.#connection !== undefined) this.relay.disconnect(this.#connection);
    this.#connection = undefined;
    this.messenger.offline();
  }

  do(command: PrivateCommand): void {
    this.messenger.command(command);
  }

  all<T extends PrivateEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** The chat as it was last told. */
  chat(chat: GroupId): EventOf<'chat'> | undefined {
    return this.all('chat').findLast((event) => event.chat === chat);
  }

  status(chat: GroupId): ChatStatus['kind'] | undefined {
    return this.chat(chat)?.status.kind;
  }

  said(chat: GroupId): string[] {
    return this.all('said').flatMap((event) => (event.chat === chat ? [event.text] : []));
  }

  notes(chat: GroupId): string[] {
    return this.all('chatNote').flatMap((event) => (event.chat === chat ? [event.text] : []));
  }

  mails(): string[] {
    return this.all('mail').map(({ from, to, text }) => `${from} > ${to}: ${text}`);
  }

  /** The first to ask us that waits. */
  askedBy(person: Person): GroupId | undefined {
    return this.all('chat').findLast(
      ({ person: from, status }) => from === person.name && status.kind === 'asked' && !status.ours,
    )?.chat;
  }

  ask(person: Person, more: { readonly plain?: boolean; readonly chat?: GroupId } = {}): GroupId {
    const chat = more.chat ?? newChat();
    this.do({ do: 'ask', chat, to: person.name, plain: more.plain ?? false });
    return chat;
  }

  say(chat: GroupId, text: string): ClientId {
    const id = newId();
    this.do({ do: 'say', chat, id, text });
    return id;
  }

  mail(person: Person, text: string): ClientId {
    const id = newId();
    this.do({ do: 'mail', id, to: person.name, text });
    return id;
  }

  close(): void {
    this.messenger.close();
    if (this.#connection !== undefined) this.relay.disconnect(this.#connection);
    this.#connection = undefined;
  }
}

/** Asked, accepted, open on both sides. */
export async function talk(one: Person, other: Person, more: { readonly plain?: boolean } = {}): Promise<GroupId> {
  const chat = one.ask(other, more);
  await until(() => other.status(chat) === 'asked', 'the request');
  other.do({ do: 'accept', chat, hideAddress: false });
  await until(() => one.status(chat) === 'open' && other.status(chat) === 'open', 'the chat');
  return chat;
}
