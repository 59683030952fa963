/** The server as the specification says it is, as far as rooms and mail go: what a client may rely on, and no more. */
import type { ClientId, RoomName, Seq, UnixMs, UserName } from '../../../src/base/ids.ts';
import type { ClientMessage, ClientMessages } from '../../../src/protocol/client-messages.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/limits.ts';
import { LOBBY } from '../../../src/protocol/names.ts';
import type { HistoryEntry, RoomInfo, ServerMessage, ServerMessages } from '../../../src/protocol/server-messages.ts';
import { at, clientId, deviceId, groupId, info, seq, user } from './drive.ts';

type Sealed = Extract<ServerMessages['mail'], { kind: 'sealed' }>;

/** What one does with a message. */
export type Wish =
  | { readonly do: 'edit'; readonly text: string }
  | { readonly do: 'delete' }
  | { readonly do: 'react'; readonly emoji: string; readonly on: boolean };

type Changing = ClientMessages['edit' | 'delete' | 'react'];
type Fields = Pick<HistoryEntry, 'edited' | 'deleted' | 'reactions'> & { readonly text?: string };

function wishOf(message: Changing): Wish {
  switch (message.type) {
    case 'edit':
      return { do: 'edit', text: message.text };
    case 'delete':
      return { do: 'delete' };
    case 'react':
      return { do: 'react', emoji: message.emoji, on: message.on };
  }
}

function refusal({ from, deleted }: HistoryEntry, by: string, wish: Wish): string | undefined {
  if (wish.do !== 'react' && from !== by) return 'not_yours';
  return deleted === true && wish.do !== 'delete' ? 'deleted' : undefined;
}

/** Undefined: it is so already. */
function fieldsOf({ text, deleted, reactions = [] }: HistoryEntry, by: string, wish: Wish): Fields | undefined {
  switch (wish.do) {
    case 'edit':
      return wish.text === text ? undefined : { text: wish.text };
    case 'delete':
      return deleted === true ? undefined : { deleted: true };
    case 'react': {
      const users = reactions.find(({ emoji }) => emoji === wish.emoji)?.users ?? [];
      if (users.some((one) => one === by) === wish.on) return undefined;
      const left = users.filter((one) => one !== by);
      const mine = { emoji: wish.emoji, users: wish.on ? [...left, user(by)] : left };
      const all = [...reactions.filter(({ emoji }) => emoji !== wish.emoji), mine];
      return { reactions: all.filter((one) => one.users.length > 0) };
    }
  }
}

function after(before: HistoryEntry, { deleted, ...fields }: Fields, rev: number): HistoryEntry {
  const { edited, reactions, text, ...rest } = before;
  if (deleted === true) return { ...rest, text: '', deleted, rev };
  const now = { text, ...(edited && { edited }), ...(reactions && { reactions }), ...fields };
  const { reactions: left = [], ...others } = now;
  return { ...rest, ...others, ...(left.length > 0 ? { reactions: left } : {}), rev };
}

function sameFields({ text, edited, reactions = [] }: HistoryEntry, wish: Wish): Fields {
  switch (wish.do) {
    case 'edit':
      return { text, ...(edited === undefined ? {} : { edited }) };
    case 'delete':
      return { deleted: true };
    case 'react':
      return { reactions };
  }
}

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
  /** Pages of history that were read, and are sent when the client has said so many more things. */
  lag = 0;
  #late: { message: ServerMessages['history']; after: number }[] = [];
  /** The client's mailbox: what it hasn't received, by its place. */
  readonly mailbox = new Map<number, ServerMessages['mail']>();
  /** What the client has mailed, in order. */
  readonly sentMail: { readonly id: ClientId; readonly to: UserName; readonly body: string; readonly time: UnixMs }[] =
    [];
  readonly name: string;
  /** Of each room: every message as it was after each of its changes, by place and `rev`; 0 is what was said. */
  readonly #states = new Map<RoomName, Map<string, HistoryEntry>>();
  readonly #revs = new Map<RoomName, number>();
  /** Where rooms begin whose first messages are kept no longer. */
  readonly #firsts = new Map<RoomName, number>();
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
    this.#late = [];
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

  /** A message as it was after one of its changes. */
  state(room: RoomName, place: number, rev: number): HistoryEntry | undefined {
    return this.#states.get(room)?.get(`${place} ${rev}`);
  }

  /** As it was said. */
  said(room: RoomName): string[] {
    return this.messages(room).map(({ seq: place, text }) => this.state(room, place, 0)?.text ?? text);
  }

  /** The place of the first message that is still there. */
  first(room: RoomName): number {
    return this.#firsts.get(room) ?? 1;
  }

  /** The oldest messages of a room go. */
  retain(room: RoomName, count: number): void {
    this.#firsts.set(room, Math.min(this.messages(room).length + 1, this.first(room) + count));
  }

  rev(room: RoomName): number {
    return this.#revs.get(room) ?? 0;
  }

  #remember(room: RoomName, entry: HistoryEntry): void {
    const states = this.#states.get(room) ?? new Map<string, HistoryEntry>();
    this.#states.set(room, states);
    states.set(`${entry.seq} ${entry.rev ?? 0}`, entry);
  }

  /** Somebody changes a message, or we ourselves on another connection. */
  change(room: RoomName, by: string, place: number, wish: Wish): void {
    this.#change(room, by, place, wish, undefined);
  }

  /** As `lateSay`. */
  lateChange(message: Changing): void {
    this.#change(message.room, this.name, message.seq, wishOf(message), undefined);
  }

  #change(room: RoomName, by: string, place: number, wish: Wish, id: ClientId | undefined): void {
    const before = this.messages(room)[place - 1];
    const gone = place < this.first(room) ? 'not_kept' : undefined;
    const refused = gone ?? (before === undefined ? 'no_such_message' : refusal(before, by, wish));
    if (refused !== undefined || before === undefined) {
      if (id !== undefined) this.#refuse(id, refused ?? '');
      return;
    }
    const fields = fieldsOf(before, by, wish);
    const rev = fields === undefined ? (before.rev ?? 0) : this.rev(room) + 1;
    const time = at(3_000_000 + rev);
    const now =
      fields === undefined ? sameFields(before, wish) : { ...fields, ...(fields.text ? { edited: time } : {}) };
    if (fields !== undefined) {
      this.#revs.set(room, rev);
      const entry = after(before, now, rev);
      this.messages(room)[place - 1] = entry;
      this.#remember(room, entry);
    }
    // Of what was so already only the one who asks hears.
    if ((fields === undefined && id === undefined) || !this.#hears(room)) return;
    const own = id === undefined ? {} : { id };
    this.outgoing.push({ type: 'changed', ...own, room, rev, seq: before.seq, by: user(by), time, ...now });
  }

  #refuse(id: ClientId, code: string): void {
    this.outgoing.push({ type: 'error', id, code, text: `refused: ${code}`, closes: false });
  }

  /** Somebody else, or we ourselves on another connection, writes into a room. */
  write(room: RoomName, from: string, text: string, id?: ClientId, re?: Seq): void {
    const entry = this.#commit(room, from, text, id, re);
    if (this.#hears(room)) this.outgoing.push({ type: 'message', to: room, ...entry });
  }

  /** A say that was read from a connection that is gone before it is stored: it comes to the new one as anyone's would. */
  lateSay(message: Extract<ClientMessage, { type: 'say' }>): void {
    if (message.id !== undefined && this.#find(message.id) !== undefined) return;
    this.write(message.to, this.name, message.text, message.id, message.re);
  }

  /** Nothing is on its way. */
  get isDone(): boolean {
    return this.incoming?.length === 0 && this.outgoing.length === 0 && this.#late.length === 0;
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

  #info(room: RoomName): RoomInfo {
    return { ...info(room, this.messages(room).length), rev: this.rev(room) };
  }

  #hears(room: RoomName): boolean {
    return this.#loggedIn && (room === LOBBY || this.joined.has(room));
  }

  #commit(room: RoomName, from: string, text: string, id: ClientId | undefined, re?: Seq): HistoryEntry {
    const messages = this.messages(room);
    const place = messages.length + 1;
    const answers = re === undefined ? {} : { re };
    const time = at(1_000_000 + place);
    const entry = { seq: seq(place), from: user(from), text, time, ...(id ? { id } : {}), ...answers };
    messages.push(entry);
    this.#remember(room, entry);
    return entry;
  }

  #find(id: ClientId): { room: RoomName; entry: HistoryEntry } | undefined {
    for (const [room, messages] of this.rooms) {
      const entry = messages.find((message) => message.id === id && message.from === this.name);
      if (entry !== undefined) return { room, entry };
    }
    return undefined;
  }

  #begins(room: RoomName): { first?: Seq } {
    const first = this.first(room);
    return first > 1 ? { first: seq(first) } : {};
  }

  #sendPage(message: ServerMessages['history']): void {
    if (this.lag > 0) this.#late.push({ message, after: this.lag });
    else this.outgoing.push(message);
  }

  #sendLate(): void {
    const due = this.#late.filter((one) => one.after-- <= 0);
    this.#late = this.#late.filter((one) => !due.includes(one));
    for (const { message } of due) this.outgoing.push(message);
  }

  /** Reads one message of the client; pages that are late come also while it says nothing. */
  handle(): void {
    this.#sendLate();
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
          rooms: [LOBBY, ...this.joined].map((name) => this.#info(name)),
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
          room: this.#info(message.room),
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
      case 'edit':
      case 'delete':
      case 'react':
        this.#ask(message);
        return;
      case 'activity':
      case 'typing':
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
      case 'keep':
      case 'key_add':
      case 'key_remove':
      case 'keys':
      case 'kick':
      case 'leave':
      case 'mute':
      case 'op':
      case 'password':
      case 'private':
      case 'lan':
      case 'rooms':
      case 'search':
      case 'slow':
      case 'topic':
      case 'unban':
      case 'unblock':
      case 'unmute':
        throw new Error(`the model knows no ${message.type}`);
    }
  }

  #say({ id, to, text, re }: Extract<ClientMessage, { type: 'say' }>): void {
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
    const entry = this.#commit(to, this.name, text, id, re);
    this.outgoing.push({ type: 'ack', id, to, seq: entry.seq, time: entry.time });
  }

  #ask(message: Changing): void {
    const { id, room, seq: place } = message;
    if (id === undefined) throw new Error('this client gives every request an id');
    if (this.busy > 0) {
      this.busy--;
      this.#refuse(id, 'rate_limited');
    } else if (!this.#hears(room)) this.#refuse(id, 'not_a_member');
    else this.#change(room, this.name, place, wishOf(message), id);
  }

  #changes(id: ClientId | undefined, room: RoomName, since: number, size: number): void {
    const first = this.first(room);
    const all = this.messages(room).filter(({ seq: place, rev = 0 }) => place >= first && rev > since);
    const messages = all.toSorted((a, b) => (a.rev ?? 0) - (b.rev ?? 0)).slice(0, size);
    this.#sendPage({
      type: 'history',
      ...(id ? { id } : {}),
      room,
      messages,
      more: messages.length < all.length,
      ...this.#begins(room),
    });
  }

  #history({ id, room, before, since, changes, limit = 200 }: Extract<ClientMessage, { type: 'history' }>): void {
    const all = this.messages(room);
    const size = Math.min(limit, this.#page);
    if (changes !== undefined) return this.#changes(id, room, changes, size);
    const start = this.first(room) - 1;
    let first = Math.max(start, all.length - size);
    if (since !== undefined) first = Math.max(start, since);
    else if (before !== undefined) first = Math.max(start, before - 1 - size);
    const end = before === undefined ? Math.min(all.length, first + size) : Math.min(all.length, before - 1);
    const more = since === undefined ? first > start : end < all.length;
    const messages = all.slice(first, Math.max(first, end));
    this.#sendPage({ type: 'history', ...(id ? { id } : {}), room, messages, more, ...this.#begins(room) });
  }
}
