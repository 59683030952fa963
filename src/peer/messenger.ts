/** The messenger: private chats and mail, put together. What each part does, it does itself; here is who hears of what. */
import { randomBytes } from 'node:crypto';
import type { GroupId, UserName } from '../base/ids.ts';
import type { E2ee } from '../crypto/e2ee-session.ts';
import * as f from '../protocol/fields.ts';
import { parse } from '../protocol/schema.ts';
import type { ServerMessage, ServerMessages } from '../protocol/server-messages.ts';
import { Chats } from './chats.ts';
import { Directory } from './claims.ts';
import { innerNames } from './inner-names.ts';
import { KeyCommands } from './key-commands.ts';
import { LogCommands } from './log-commands.ts';
import { MailIn } from './mail-in.ts';
import { MailOut } from './mail-out.ts';
import { MailSessions } from './mail-sessions.ts';
import { Stock } from './mail-stock.ts';
import type { Messenger, MessengerPorts } from './messenger-ports.ts';
import type { PrivateCommand } from './private.ts';
import type { Self, Shared } from './shared.ts';
import { Serial, Timers } from './tasks.ts';
import { strangerWords, TrustBook } from './trust.ts';

export type { Messenger, MessengerPorts } from './messenger-ports.ts';

/** Bytes of an MLS group's id. */
const GROUP_BYTES = 16;
/** Milliseconds that leaving may take: what a person waits for who quits. */
const LEAVE_WITHIN_MS = 1000;

class Program implements Messenger {
  readonly #ports: MessengerPorts;
  readonly #shared: Shared;
  readonly #timers: Timers;
  readonly #chats: Chats;
  readonly #stock: Stock;
  readonly #mailOut: MailOut;
  readonly #mailIn: MailIn;
  readonly #keys: KeyCommands;
  readonly #log: LogCommands;
  #self: Self | undefined;
  /** The name of ours under which somebody was told of devices that nobody has accepted. */
  #warned: UserName | undefined;
  #online = false;
  #closed = false;

  constructor(ports: MessengerPorts) {
    this.#ports = ports;
    const fault = (error: unknown): void => {
      // What was under way when it was closed finds its files closed, too.
      if (!this.#closed) ports.fault(error);
    };
    const toServer: Shared['toServer'] = (message) => {
      if (this.#online) ports.send(message);
      return this.#online;
    };
    const timers = new Timers(fault);
    const monotonic = (): number => ports.clock.monotonic();
    this.#timers = timers;
    this.#shared = {
      clock: ports.clock,
      newId: ports.newId,
      vault: ports.vault,
      keep: (person, record) => this.#log.keep(person, record),
      direct: ports.direct,
      once: ports.once ?? false,
      byKey: ports.byKey ?? false,
      names: innerNames(ports.byKey ?? false),
      fault,
      send: ports.send,
      tell: (event) => {
        if (!this.#closed) ports.tell(event);
      },
      write: ports.write,
      timers,
      directory: new Directory({ timers, newId: ports.newId, monotonic, toServer }),
      trust: new TrustBook({
        vault: ports.vault,
        clock: ports.clock,
        self: () => this.#self?.user,
        tell: (event) => ports.tell(event),
        changed: (user) => this.#trustChanged(user),
      }),
      device: ports.vault.identity.device,
      errands: new Serial(fault),
      newGroup,
      self: () => this.#self,
      isOnline: () => this.#online,
      toServer,
    };
    const sessions = new MailSessions(ports.vault, ports.clock, this.#shared.names);
    const work = new Serial(fault);
    this.#chats = new Chats(this.#shared);
    this.#stock = new Stock(this.#shared);
    this.#mailOut = new MailOut({ shared: this.#shared, sessions, work });
    this.#mailIn = new MailIn({ shared: this.#shared, sessions, work });
    this.#keys = new KeyCommands(this.#shared, (user, device) => this.#chats.distrust(user, device));
    this.#log = new LogCommands(this.#shared, () => this.#unlocked());
  }

  command(command: PrivateCommand): void {
    switch (command.do) {
      case 'ask':
        return this.#chats.ask(command);
      case 'accept':
        return this.#chats.accept(command);
      case 'reject':
        return this.#chats.get(command.chat)?.reject();
      case 'end':
        return this.#chats.end(command.chat);
      case 'say':
        return this.#chats.say(command);
      case 'change':
        return this.#chats.change(command);
      case 'typing':
        return this.#chats.get(command.chat)?.messages.typing();
      case 'log':
        return this.#chats.get(command.chat)?.keepLog(command.on);
      case 'mail':
        return this.#mailOut.mail(command);
      case 'changeMail':
        return this.#mailOut.change(command);
      case 'unmail':
        return this.#mailOut.unmail(command.id);
      case 'trust':
        return this.#keys.trust(command);
      case 'verify':
        return this.#keys.verify(command);
      case 'compared':
        return this.#keys.compared(command);
      case 'acceptKey':
        return this.#keys.acceptKey(command);
      case 'fingerprints':
        return this.#keys.fingerprints(command);
      case 'history':
        return this.#log.history(command);
      case 'forget':
        return this.#log.forget(command);
      case 'export':
        return this.#log.export(command);
      case 'unlock':
        return this.#log.unlock(command);
      case 'passphrase':
        return this.#log.passphrase(command);
    }
  }

  online(user: UserName, { visible }: { readonly visible: boolean }): void {
    const other = this.#self?.user !== user;
    if (this.#self?.user !== user || this.#self.visible !== visible) this.#self = this.#selfAs(user, visible);
    this.#online = true;
    // The server's handling is in order: it knows our device before anything that needs it. A script is none.
    if (visible) this.#stock.online();
    if (other) this.#mailOut.load();
    if (visible) this.#meetOurselves(user);
    if (this.#ports.vault.log.locked) this.#shared.tell({ type: 'locked', locked: true, waiting: 0 });
    this.#log.tellPeople();
    this.#mailOut.online();
    this.#chats.online();
  }

  /** What else the server says is ours could be anybody's. */
  #meetOurselves(user: UserName): void {
    const { trust, directory, errands } = this.#shared;
    errands.run(async () => {
      trust.meetOwn(user, await directory.anyDevices(user));
      // They may have turned up when nobody was there to be told: in a script.
      if (this.#warned !== user) this.#warn(user);
    });
  }

  #warn(user: UserName): void {
    if (user !== this.#self?.user || this.#shared.trust.of(user) !== 'changed') return;
    this.#warned = user;
    this.#shared.tell({ type: 'told', text: strangerWords(user), bad: true });
  }

  /** The library costs a tenth of a second and ten megabytes: a client that only sits in rooms need not pay them. */
  #selfAs(user: UserName, visible: boolean): Self {
    const { clock, vault } = this.#ports;
    const { user: inner } = this.#shared.names.party(user, vault.identity.device);
    let made: Promise<E2ee> | undefined;
    const make = async (): Promise<E2ee> => {
      const { createE2ee } = await import('../crypto/mls.ts');
      return await createE2ee(vault.identity, inner, clock);
    };
    return {
      user,
      visible,
      inner,
      get e2ee() {
        made ??= make();
        return made;
      },
    };
  }

  offline(): void {
    if (!this.#online) return;
    this.#online = false;
    this.#shared.directory.offline();
    this.#mailIn.offline();
    this.#chats.offline();
  }

  receive(message: ServerMessage): boolean {
    switch (message.type) {
      case 'private':
        this.#chats.receive(message);
        return true;
      case 'device':
        this.#stock.receive(message);
        return true;
      case 'devices':
        this.#shared.directory.receive(message);
        return true;
      case 'mailed':
        return this.#mailOut.queue.mailed(message);
      case 'mail':
        if (message.kind !== 'sealed') return false;
        this.#mailIn.receive(message);
        return true;
      case 'error':
        return this.#refused(message);
      case 'presence':
        this.#presence(message.user, message.state !== 'offline');
        return false;
      case 'users':
        for (const { name, state } of message.users) this.#presence(name, state !== 'offline');
        return false;
      // Nothing that is private.
      case 'welcome':
      case 'message':
      case 'changed':
      case 'typing':
      case 'found':
      case 'ack':
      case 'room':
      case 'joined':
      case 'left':
      case 'topic':
      case 'rooms':
      case 'members':
      case 'history':
      case 'kept':
      case 'ignored':
      case 'done':
      case 'bans':
      case 'keys':
      case 'invite':
      case 'lan':
      case 'pong':
      case 'bye':
        return false;
    }
  }

  #presence(user: UserName, here: boolean): void {
    this.#chats.presence(user, here);
    // They may have come with another device than before.
    if (here) this.#shared.directory.forget(user);
    if (here) this.#mailOut.here(user);
  }

  /** @returns whether it answers something that we have said. */
  #refused({ id, code, text }: ServerMessages['error']): boolean {
    if (id === undefined) return this.#stock.dropped(code);
    return (
      this.#shared.directory.refused(id, { code, text }) ||
      this.#stock.refused(id, code) ||
      this.#mailOut.queue.refused(id, code, text) ||
      this.#chats.failed(id.slice(0, 1), id.slice(1), code, text)
    );
  }

  #trustChanged(user: UserName): void {
    this.#chats.trustChanged(user);
    this.#warn(user);
    if (this.#shared.trust.of(user) !== 'changed') this.#mailOut.retry(user);
    this.#mailIn.trustChanged(user);
  }

  #unlocked(): void {
    this.#log.tellPeople();
    this.#mailIn.unlocked();
    this.#mailOut.unlocked();
  }

  async leave(): Promise<void> {
    const late = new Promise<void>((resolve) => {
      this.#timers.after(LEAVE_WITHIN_MS, resolve);
    });
    await Promise.race([this.#chats.leave(), late]);
  }

  close(): void {
    if (this.#closed) return;
    this.#chats.close();
    this.#closed = true;
    this.#online = false;
    this.#timers.close();
  }
}

function newGroup(): GroupId {
  const made = parse(f.group, randomBytes(GROUP_BYTES).toString('base64url'));
  if (!made.ok) throw new Error(made.error);
  return made.value;
}

/** Wakes up with `online`. Its vault and door are closed by whoever has opened them, after it. */
export const createMessenger = (ports: MessengerPorts): Messenger => new Program(ports);
