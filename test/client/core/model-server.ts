/** The server as the specification says it is, as far as rooms and mail go: what a client may rely on, and no more. */
import type { ClientId, RoomName, UnixMs, UserName } from '../../../src/base/ids.ts';
import type { ClientMessage, ClientMessages } from '../../../src/protocol/client-messages.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/limits.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import type { HistoryEntry, ServerMessage, ServerMessages } from '../../../src/protocol/server-messages.ts';
import { at, clientId, deviceId, groupId, info, seq, user } from './drive.ts';

type Sealed = Extract<ServerMessages['mail'], { kind: 'sealed' }>;

export class ModelServer {
  readonly rooms = new Map<RoomName, HistoryEntry[]>();
  /** Rooms that the client under test is in, beside the lobby. */
  readonly joined = new Set<RoomName>();
  /** What the client has sent and the server has not read; undefined: no connection. */
  incoming: ClientMessage[] | undefined;
  /** What the server has sent and the client has not read. */
  outgoing: ServerMessage[] = [];
  /** Refuses this many `say` for now, one after the other. */
  busy = 0;
  /** The client's mailbox: what it hasn't received, by its place. */
  readonly mailbox = new Map<number, ServerMessages['mail']>();
  /** What the client has mailed, in order. */
  readonly sentMail: { readonly id: ClientId; readonly to: UserName; readonly body: string; readonly time: UnixMs }[] =
    [];
  readonly name: string;
  #lastMail = 0;
  readonly #page: number;
  #loggedIn = false;
  /** The session has said which device it is. */
  #isDevice = false;
  /** Places of announcements that were sent before that. */
  readonly #early = new Set<number>();

  constructor(name: string, page: number) {
    this.name = name;
    this.#page = page;
    this.rooms.set(LOBBY, []);
  }

  connect(): void {
    this.disconnect();
    this.incoming = [];
  }

  /** Both directions at once: what is under way is lost. */
  disconnect(): void {
    this.incoming = undefined;
    this.outgoing = [];
    this.#loggedIn = false;
    this.#isDevice = false;
    this.#early.clear();
  }

  /** A guest's rooms are forgotten, their messages are not. */
  restart(): void {
    this.disconnect();
    this.joined.clear();
  }

  messages(room: RoomName): HistoryEntry[] {
    const known = this.rooms.get(room);
    if (known !== undefined) return known;
    const fresh: HistoryEntry[] = [];
    this.rooms.set(room, fresh);
    return fresh;
  }

  /** Somebody else, or we ourselves on another connection, writes into a room. */
  write(room: RoomName, from: string, text: string, id?: ClientId): void {
    const entry = this.#commit(room, from, text, id);
    if (this.#hears(room)) this.outgoing.push({ type: 'message', to: room, ...entry });
  }

  /** A say that was read from a connection that is gone before it is stored: it comes to the new one as anyone's would. */
  lateSay(message: Extract<ClientMessage, { type: 'say' }>): void {
    if (message.id !== undefined && this.#find(message.id) !== undefined) return;
    this.write(message.to, this.name, message.text, message.id);
  }

  get isGuest(): boolean {
    return this.name.startsWith('~');
  }

  /** Somebody else writes to the client in private. A guest who isn't here gets nothing. @returns whether it was taken. */
  writeMail(from: string, text: string): boolean {
    if (this.isGuest && !this.#isDevice) return false;
    const n = this.isGuest ? 0 : ++this.#lastMail;
    const mail: Sealed = {
      type: 'mail',
      kind: 'sealed',
      n: seq(n),
      from: user(from),
      to: user(this.name),
      device: deviceId('ours'),
      sealed: { from: deviceId('theirs'), group: groupId(`id of ${text}`), seq: 1, message: text },
      time: at(2_000_000 + n),
      id: clientId(`sealed ${text}`),
    };
    if (n > 0) this.mailbox.set(n, mail);
    if (this.#isDevice) this.outgoing.push(mail);
    return true;
  }

  /** An operator speaks to everybody. @returns whether it was taken. */
  announce(body: string): boolean {
    if (this.isGuest && !this.#loggedIn) return false;
    const n = this.isGuest ? 0 : ++this.#lastMail;
    const to = user(this.name);
    const mail = {
      type: 'mail',
      kind: 'announcement',
      n: seq(n),
      from: user('root'),
      to,
      body,
      time: at(2_000_000),
    } as const;
    if (n > 0) this.mailbox.set(n, mail);
    if (this.#loggedIn) this.#tellAnnouncement(mail);
    return true;
  }

  #tellAnnouncement(mail: ServerMessages['mail']): void {
    if (!this.#isDevice) this.#early.add(mail.n);
    this.outgoing.push(mail);
  }

  /** All that is for this device, once it is known which that is. */
  #openMailbox(): void {
    this.#isDevice = true;
    for (const mail of this.mailbox.values()) {
      if (mail.kind === 'sealed' || !this.#early.has(mail.n)) this.outgoing.push(mail);
    }
  }

  /** A place of what came before the session had said which device it is stands for announcements alone. */
  #received(n: number): void {
    const all = this.#isDevice && !this.#early.has(n);
    for (const [place, mail] of this.mailbox) {
      if (place <= n && (all || mail.kind === 'announcement')) this.mailbox.delete(place);
    }
  }

  /** As `lateSay`; the client sends it again, and it is known by its id. */
  lateMail({ id, to, sealed }: ClientMessages['mail']): void {
    if (this.sentMail.some((one) => one.id === id)) return;
    this.sentMail.push({ id, to, body: sealed.message, time: at(2_000_000) });
  }

  #hears(room: RoomName): boolean {
    return this.#loggedIn && (room === LOBBY || this.joined.has(room));
  }

  #commit(room: RoomName, from: string, text: string, id: ClientId | undefined): HistoryEntry {
    const messages = this.messages(room);
    const place = messages.length + 1;
    const entry = { seq: seq(place), from: user(from), text, time: at(1_000_000 + place), ...(id ? { id } : {}) };
    messages.push(entry);
    return entry;
  }

  #find(id: ClientId): { room: RoomName; entry: HistoryEntry } | undefined {
    for (const [room, messages] of this.rooms) {
      const entry = messages.find((message) => message.id === id && message.from === this.name);
      if (entry !== undefined) return { room, entry };
    }
    return undefined;
  }

  /** Reads one message of the client. */
  handle(): void {
    const message = this.incoming?.shift();
    if (message === undefined) return;
    switch (message.type) {
      case 'hello':
        this.#loggedIn = true;
        this.outgoing.push({
          type: 'welcome',
          version: PROTOCOL_VERSION,
          server: 'model',
          user: user(this.name),
          time: at(1_000_000),
          awayAfter: 10_000,
          logOffAfter: 900_000,
          rooms: [LOBBY, ...this.joined].map((name) => info(name, this.messages(name).length)),
        });
        for (const mail of this.mailbox.values()) if (mail.kind === 'announcement') this.#tellAnnouncement(mail);
        return;
      case 'device':
        this.#openMailbox();
        this.outgoing.push({ type: 'device', device: message.device, packages: 100 });
        return;
      case 'mail': {
        const known = this.sentMail.find(({ id }) => id === message.id);
        const time = known?.time ?? at(2_000_000);
        if (known === undefined) {
          const { id, to, sealed } = message;
          if (this.busy > 0) {
            this.busy--;
            this.outgoing.push({ type: 'error', id, code: 'rate_limited', text: 'too many messages', closes: false });
            return;
          }
          this.sentMail.push({ id, to, body: sealed.message, time });
        }
        this.outgoing.push({ type: 'mailed', id: message.id, to: message.to, time, kept: false });
        return;
      }
      case 'received':
        this.#received(message.n);
        return;
      case 'say':
        this.#say(message);
        return;
      case 'join':
        this.joined.add(message.room);
        this.outgoing.push({
          type: 'room',
          ...(message.id ? { id: message.id } : {}),
          room: info(message.room, this.messages(message.room).length),
        });
        return;
      case 'history':
        this.#history(message);
        return;
      case 'ping':
        this.outgoing.push({ type: 'pong', ...(message.n === undefined ? {} : { n: message.n }) });
        return;
      case 'who':
        this.outgoing.push({ type: 'users', ...(message.id ? { id: message.id } : {}), users: [], more: false });
        return;
      case 'members': {
        const id = message.id ? { id: message.id } : {};
        this.outgoing.push({ type: 'members', ...id, room: message.room, members: [user(this.name)], more: false });
        return;
      }
      case 'activity':
        return;
      case 'announce':
      case 'ban':
      case 'bans':
      case 'block':
      case 'bye':
      case 'close':
      case 'deop':
      case 'devices':
      case 'invite':
      case 'key_add':
      case 'key_remove':
      case 'keys':
      case 'kick':
      case 'leave':
      case 'mute':
      case 'op':
      case 'password':
      case 'private':
      case 'rooms':
      case 'slow':
      case 'topic':
      case 'unban':
      case 'unblock':
      case 'unmute':
        throw new Error(`the model knows no ${message.type}`);
    }
  }

  #say({ id, to, text }: Extract<ClientMessage, { type: 'say' }>): void {
    if (id === undefined) throw new Error('this client gives every message an id');
    const known = this.#find(id);
    if (known !== undefined) {
      this.outgoing.push({ type: 'ack', id, to: known.room, seq: known.entry.seq, time: known.entry.time });
      return;
    }
    if (this.busy > 0) {
      this.busy--;
      this.outgoing.push({ type: 'error', id, code: 'rate_limited', text: 'too many messages', closes: false });
      return;
    }
    if (!this.#hears(to)) {
      this.outgoing.push({ type: 'error', id, code: 'not_a_member', text: 'you are not in this room', closes: false });
      return;
    }
    const entry = this.#commit(to, this.name, text, id);
    this.outgoing.push({ type: 'ack', id, to, seq: entry.seq, time: entry.time });
  }

  #history({ id, room, before, since, limit = 200 }: Extract<ClientMessage, { type: 'history' }>): void {
    const all = this.messages(room);
    const size = Math.min(limit, this.#page);
    let first = Math.max(0, all.length - size);
    if (since !== undefined) first = since;
    else if (before !== undefined) first = Math.max(0, before - 1 - size);
    const end = before === undefined ? Math.min(all.length, first + size) : Math.min(all.length, before - 1);
    const more = since === undefined ? first > 0 : end < all.length;
    this.outgoing.push({ type: 'history', ...(id ? { id } : {}), room, messages: all.slice(first, end), more });
  }
}
